"""Who comes in: signs people in and out, knows their devices, counts wrong passwords, keeps the trail of deeds.

Behind the ports of the store. When the store fails, whoever was signed in before stays known from memory, so that a
broken disk locks nobody out of the emergency button.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from broadcaster.doorkeeper.invitations import CODE_LETTERS, InvitationDesk
from broadcaster.doorkeeper.lifetimes import OTHERWISE_FOR, SEEN_EVERY, TRUSTED_FOR
from broadcaster.doorkeeper.passwords import Passwords, fit_name, fit_password
from broadcaster.doorkeeper.programs import ProgramDesk
from broadcaster.doorkeeper.throttle import Throttle
from broadcaster.errors import NameTaken, Refused, StoreFailed
from broadcaster.model.people import Account, AccountId, Deed, Device, DeviceId, Role
from broadcaster.model.words import Sentence
from broadcaster.ports import Accounts, Clock, Devices, FailureBook, Invitations, Memory, Programs, Trail

log = logging.getLogger(__name__)

SIGNING_KEY = "page:key"
WRONG = Sentence("名字或者密码不对。请再看一看，再输一遍。", "the name or the password is wrong. Type them again.")
WRONG_CODE = Sentence(
    "开站码不对。它在运行 dalaba run 的屏幕上，每次开站都不一样。",
    "the code is wrong. It stands on the screen where dalaba run was started, and is new with each start.",
)
NO_OWNER_WANTED = Sentence(
    "已经有站长了。请用自己的名字登录。", "there is an owner already. Sign in with your own name."
)
SWITCHED_OFF = Sentence(
    "这个账号停用了，密码没有改。", "this account is switched off, and its password was not changed."
)
LAST_OWNER = Sentence(
    "这是最后一个站长，不能停用，也不能改掉。请先让另一个人当站长。",
    "this is the last owner, who can be neither switched off nor changed. Make somebody else an owner first.",
)


class PeopleBooks(Protocol):
    """The parts of a store that the doorkeeper needs."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def failures(self) -> FailureBook: ...
    @property
    def programs(self) -> Programs: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def trail(self) -> Trail: ...
    @property
    def memory(self) -> Memory: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, and where."""

    account: Account
    device: Device


class Doorkeeper:
    """Every method may be called from any thread."""

    def __init__(self, books: PeopleBooks, clock: Clock, passwords: Passwords | None = None) -> None:
        self._books = books
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._throttle = Throttle(books.failures, clock)
        self._one_at_a_time = threading.Lock()
        """Held while a row is looked at and written anew, so that nobody writes back what somebody else has ended."""
        self.programs = ProgramDesk(books.programs, clock, self._throttle, self.note)
        self.invitations = InvitationDesk(
            books.invitations, books.accounts, clock, self._throttle, self.note, self._one_at_a_time
        )
        self._code = ""
        self._seen: dict[str, Visitor] = {}
        self._gone: set[str] = set()
        """Cookies that were signed out since the start; memory knows them no more, whatever comes late."""

    # --- the first owner ------------------------------------------------------------------------------------

    def first_code(self) -> str:
        """The one-time code with which the first owner signs up; empty when there is an owner. Raises StoreFailed."""
        if self.has_owner():
            self._code = ""
        elif not self._code:
            letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
            self._code = f"{letters[:4]}-{letters[4:]}"
        return self._code

    def has_owner(self) -> bool:
        """Raises StoreFailed."""
        return any(Role.OWNER in account.roles and account.is_active for account in self._books.accounts.accounts())

    def sign_up_first(self, code: str, name: str, password: str, *, address: str) -> Account:
        """The first owner, who read the code on the station's own screen. Raises Refused, NameTaken or StoreFailed."""
        keys = (f"addr:{address}", "code")
        self._throttle.check(keys)
        expected = self.first_code()
        if not expected:
            raise Refused(NO_OWNER_WANTED)
        given = code.upper().replace("-", "").replace(" ", "")
        if not secrets.compare_digest(given.encode(), expected.replace("-", "").encode()):
            self._throttle.failed(keys)
            raise Refused(WRONG_CODE)
        account = self._made(name, password, frozenset({Role.OWNER}), only=self._is_without_owner)
        self._code = ""
        self.note(account.name, "account.first", account.name, after=_told(account))
        return account

    # --- coming and going -----------------------------------------------------------------------------------

    def sign_in(
        self, name: str, password: str, *, address: str, label: str, is_trusted: bool = False
    ) -> tuple[Visitor, str]:
        """The visitor and the cookie's new token. Raises Refused or StoreFailed."""
        account = self.recognise(name, password, address=address)
        return self.let_in(account, label=label, is_trusted=is_trusted)

    def recognise(self, name: str, password: str, *, address: str) -> Account:
        """Whose name and password these are; wrong ones are counted. Raises Refused or StoreFailed."""
        name = " ".join(name.split())
        keys = (f"pair:{name.casefold()}|{address}", f"addr:{address}", f"name:{name.casefold()}")
        self._throttle.check(keys)
        account = next((one for one in self._books.accounts.accounts() if one.name.casefold() == name.casefold()), None)
        is_right = self._passwords.is_right(password, account.password if account else None)
        if account is None or not is_right or not account.is_active:
            self._throttle.failed(keys)
            raise Refused(WRONG)
        self._throttle.forgive(keys)
        return account

    def let_in(self, account: Account, *, label: str, is_trusted: bool) -> tuple[Visitor, str]:
        """A new device for an account whose owner was recognised. Raises Refused and StoreFailed."""
        now, token = self._clock.now(), secrets.token_urlsafe(32)
        device = Device(
            id=DeviceId(secrets.token_hex(8)),
            account=account.id,
            token=_hashed(token),
            label=label[:80],
            made_at=now,
            seen_at=now,
            expires_at=now + (TRUSTED_FOR if is_trusted else OTHERWISE_FOR),
            is_trusted=is_trusted,
        )
        with self._one_at_a_time:
            current = self._account(account.id)
            if current is None or not current.is_active or current.password != account.password:
                raise Refused(WRONG)  # it was switched off, or got another password, in this moment
            self._books.devices.save_device(device)
        self.note(account.name, "device.in", device.label)
        return self._remembered(Visitor(account=account, device=device)), token

    def visitor(self, token: str) -> Visitor | None:
        """Who holds this cookie; None: nobody that may come in. Never raises for a broken store."""
        if not token:
            return None
        hashed, now = _hashed(token), self._clock.now()
        try:
            device = self._books.devices.device(hashed)
            account = None if device is None else self._account(device.account)
        except StoreFailed as error:
            log.warning("who is signed in is known from memory only: %s", error)
            known = None if hashed in self._gone else self._seen.get(hashed)
            return known if known is not None and now < known.device.expires_at else None
        if device is None or account is None or not account.is_active or now >= device.expires_at:
            self._seen.pop(hashed, None)
            return None
        return self._remembered(Visitor(account=account, device=self._touched(device, now)))

    def sign_out(self, visitor: Visitor) -> None:
        """The cookie is dead from now on, whoever holds it. Raises StoreFailed."""
        self.forget(visitor, visitor.device.id)

    def forget(self, visitor: Visitor, device: DeviceId) -> None:
        """Sign out one of the visitor's own devices. Raises StoreFailed."""
        self.forget_of(visitor.account.id, device, who=visitor.account.name)

    def forget_of(self, account: AccountId, device: DeviceId, *, who: str) -> None:
        """Sign out one device of an account. Raises StoreFailed."""
        gone = [one for one in self._books.devices.devices(account) if one.id == device]
        self._end(gone)
        for one in gone:
            self.note(who, "device.out", one.label)

    def devices(self, account: AccountId) -> list[Device]:
        """Where one account is signed in now, the last seen first. Raises StoreFailed."""
        now = self._clock.now()
        return [device for device in self._books.devices.devices(account) if now < device.expires_at]

    # --- accounts -------------------------------------------------------------------------------------------

    def accounts(self) -> list[Account]:
        """Raises StoreFailed."""
        return self._books.accounts.accounts()

    def account(self, id_: AccountId) -> Account:
        """Raises Refused when there is none, and StoreFailed."""
        return self._known(id_)

    def make_account(self, name: str, password: str, roles: Iterable[Role], *, who: str) -> Account:
        """Raises Refused, NameTaken or StoreFailed."""
        account = self._made(name, password, frozenset(roles))
        self.note(who, "account.make", account.name, after=_told(account))
        return account

    def change_account(
        self, id_: AccountId, *, who: str, roles: Iterable[Role] | None = None, is_active: bool | None = None
    ) -> Account:
        """Other roles, or switched off and on; off, every device is signed out. Raises Refused or StoreFailed."""
        with self._one_at_a_time:
            before = self._known(id_)
            after = replace(
                before,
                roles=before.roles if roles is None else frozenset(roles),
                is_active=before.is_active if is_active is None else is_active,
            )
            self._keep_an_owner(before, after)
            self._books.accounts.save_account(after)
        if not after.is_active:
            self._forget_all(id_)
            self._books.invitations.forget_invitation(id_)
        self.note(who, "account.change", after.name, _told(before), _told(after))
        return after

    def set_password(self, id_: AccountId, password: str, *, who: str, keep: DeviceId | None = None) -> None:
        """A new password; every device but *keep* is signed out. Raises Refused or StoreFailed."""
        before = self._known(id_)
        hashed = self._passwords.hashed(fit_password(password, before.name))
        with self._one_at_a_time:  # it took a while: perhaps the account was switched off meanwhile
            account = self._known(id_)
            if before.is_active and not account.is_active:
                raise Refused(SWITCHED_OFF)
            self._books.accounts.save_account(replace(account, password=hashed))
        self._forget_all(id_, keep)
        self.note(who, "account.password", account.name)

    def use_code(self, code: str, password: str, *, address: str) -> Account:
        """Whoever holds a one-time code chooses a password; where there was one before, every device is signed out.

        Raises Refused, NameTaken or StoreFailed.
        """
        account = self.invitations.use(code, password, address=address, hash_=self._passwords.hashed)
        self._forget_all(account.id)
        return account

    def change_own_password(self, visitor: Visitor, old: str, new: str, *, address: str) -> None:
        """Raises Refused or StoreFailed."""
        keys = (f"pair:{visitor.account.name.casefold()}|{address}", f"addr:{address}")
        self._throttle.check(keys)
        if not self._passwords.is_right(old, visitor.account.password):
            self._throttle.failed(keys)
            raise Refused(Sentence("旧密码不对。请再输一遍。", "the old password is wrong. Type it again."))
        self.set_password(visitor.account.id, new, who=visitor.account.name, keep=visitor.device.id)

    # --- the trail ------------------------------------------------------------------------------------------

    def note(self, who: str, what: str, subject: str, before: str = "", after: str = "") -> None:
        """Put a deed on record. What was done stays done when the record cannot be written: it is logged instead."""
        deed = Deed(at=self._clock.now(), who=who, what=what, subject=subject, before=before, after=after)
        try:
            self._books.trail.note(deed)
        except StoreFailed as error:
            log.error("not on record: %s %s %s %r -> %r: %s", who, what, subject, before, after, error)

    def deeds(self, limit: int = 200, before: int | None = None) -> list[tuple[int, Deed]]:
        """Newest first. Raises StoreFailed."""
        return self._books.trail.deeds(limit, before)

    def secret(self) -> str:
        """What the page signs its forms with; the same after a restart. Never raises."""
        try:
            kept = self._books.memory.recall(SIGNING_KEY)
            if kept is None:
                kept = secrets.token_hex(32)
                self._books.memory.remember(SIGNING_KEY, kept)
        except StoreFailed as error:
            log.warning("forms that are open now will not outlive this start: %s", error)
            return secrets.token_hex(32)
        return kept

    # --- inside ---------------------------------------------------------------------------------------------

    def _is_without_owner(self) -> None:
        """Raises Refused: two pressed the first button in the same moment."""
        if self.has_owner():
            raise Refused(NO_OWNER_WANTED)

    def _made(
        self, name: str, password: str, roles: frozenset[Role], *, only: Callable[[], None] = lambda: None
    ) -> Account:
        """*only* raises Refused where it must not be, looked at in the moment of writing."""
        if not roles:
            raise Refused(Sentence("请至少选一个职责。", "choose at least one role."))
        name = fit_name(name)
        if any(one.name.casefold() == name.casefold() for one in self._books.accounts.accounts()):
            raise _taken(name)
        account = Account(
            id=AccountId(secrets.token_hex(8)),
            name=name,
            password=self._passwords.hashed(fit_password(password, name)),
            roles=roles,
            made_at=self._clock.now(),
        )
        with self._one_at_a_time:
            only()
            self._books.accounts.save_account(account)
        return account

    def _account(self, id_: AccountId) -> Account | None:
        return next((account for account in self._books.accounts.accounts() if account.id == id_), None)

    def _known(self, id_: AccountId) -> Account:
        account = self._account(id_)
        if account is None:
            raise Refused(Sentence("没有这个人。请回到名单里再选。", "there is no such person. Choose from the list."))
        return account

    def _keep_an_owner(self, before: Account, after: Account) -> None:
        def owns(account: Account) -> bool:
            return account.is_active and Role.OWNER in account.roles

        others = [one for one in self._books.accounts.accounts() if one.id != before.id and owns(one)]
        if owns(before) and not owns(after) and not others:
            raise Refused(LAST_OWNER)
        if not after.roles:
            raise Refused(Sentence("请至少选一个职责。", "choose at least one role."))

    def _forget_all(self, account: AccountId, keep: DeviceId | None = None) -> None:
        gone = [device for device in self._books.devices.devices(account) if device.id != keep]
        self._end(gone)

    def _end(self, devices: list[Device]) -> None:
        """Their cookies are dead, for who asks in this very moment, too."""
        with self._one_at_a_time:
            self._books.devices.forget_devices(device.id for device in devices)
        self._gone.update(device.token for device in devices)
        for device in devices:
            self._seen.pop(device.token, None)

    def _touched(self, device: Device, now: datetime) -> Device:
        if now - device.seen_at < SEEN_EVERY:
            return device
        seen = replace(device, seen_at=now, expires_at=now + (TRUSTED_FOR if device.is_trusted else OTHERWISE_FOR))
        try:
            with self._one_at_a_time:
                if self._books.devices.device(device.token) is not None:  # else it was signed out in this moment
                    self._books.devices.save_device(seen)
        except StoreFailed as error:
            log.warning("when a device was seen is not on record: %s", error)
        return seen

    def _remembered(self, visitor: Visitor) -> Visitor:
        self._seen[visitor.device.token] = visitor
        return visitor


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _told(account: Account) -> str:
    roles = " ".join(sorted(account.roles))
    return roles if account.is_active else f"{roles} (off)"


def _taken(name: str) -> NameTaken:
    return NameTaken(
        Sentence(
            f"已经有人叫“{name}”了。请换一个名字，比如加上姓。",
            f"somebody is called {name!r} already. Choose another name, for example with the family name.",
        )
    )
