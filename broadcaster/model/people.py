"""Who may do what on the page: accounts, their roles, the devices they are signed in on, and the trail of deeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import NewType

AccountId = NewType("AccountId", str)
DeviceId = NewType("DeviceId", str)
ProgramId = NewType("ProgramId", str)


class Right(Enum):
    """What the page lets a person do. Reading and stopping need no right beyond an account."""

    AIR = "air"
    """Skip, play now, hold."""
    WRITE = "write"
    APPROVE = "approve"
    EMERGENCY = "emergency"
    MANAGE = "manage"
    """Accounts, settings, backups."""


class Role(StrEnum):
    OWNER = "owner"
    APPROVER = "approver"
    EDITOR = "editor"
    EMERGENCY = "emergency"

    @property
    def rights(self) -> frozenset[Right]:
        return _RIGHTS[self]


_RIGHTS = {
    Role.OWNER: frozenset(Right),
    Role.APPROVER: frozenset({Right.AIR, Right.WRITE, Right.APPROVE}),
    Role.EDITOR: frozenset({Right.AIR, Right.WRITE}),
    Role.EMERGENCY: frozenset({Right.EMERGENCY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person who may sign in."""

    id: AccountId
    name: str
    """As it stands in the books, and what is typed to sign in; each is used once, whatever its case."""
    password: str
    """Its argon2 hash; never shown, never in the trail."""
    roles: frozenset[Role]
    is_active: bool = True
    """False: may not sign in any more; the name stays in the books."""
    made_at: datetime

    @property
    def rights(self) -> frozenset[Right]:
        return frozenset[Right]().union(*(role.rights for role in self.roles)) if self.is_active else frozenset()

    def may(self, right: Right) -> bool:
        return right in self.rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser in which somebody is signed in. Without its row the cookie is worth nothing."""

    id: DeviceId
    account: AccountId
    token: str
    """SHA-256 of what the cookie holds."""
    label: str
    """For people: ``Android · Chrome``."""
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_trusted: bool = False
    """True: a person's own phone, signed in for months."""


class Scope(StrEnum):
    """What a program with a token may do."""

    READ = "read"
    """Status, plan, log, prepared texts."""
    SAY = "say"
    """Play what is written, leave an airing out, stop."""
    EMERGENCY_PREPARED = "emergency:prepared"
    EMERGENCY_FREE = "emergency:free"
    """Any words at all, over everything, at night too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Another program that may come in by the API, with a token of its own."""

    id: ProgramId
    name: str
    """As it stands in the books: ``河道水位计``."""
    token: str
    """SHA-256 of its token, which is shown once and kept nowhere."""
    scopes: frozenset[Scope]
    made_by: str
    made_at: datetime
    seen_at: datetime | None = None
    """None: it never came."""
    is_active: bool = True
    """False: the token is dead for good; the name stays in the books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code with which one person chooses a password: somebody new, or somebody who forgot theirs."""

    code: str
    """SHA-256 of the code, which is shown once and kept nowhere."""
    account: AccountId
    """Whose password it sets; the account may not exist yet."""
    name: str
    roles: frozenset[Role]
    """For an account that does not exist yet."""
    is_new: bool
    """False: the account is there, and gets a new password."""
    made_by: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Wrong passwords in a row, for one name, one address, or both together."""

    key: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that a person changed: the trail of it is never edited."""

    at: datetime
    who: str
    what: str
    """A word for programs, ``airing.skip``; pages say it in sentences."""
    subject: str
    """What was changed: an airing, an account, a script."""
    before: str = ""
    after: str = ""
