"""The edges of the program, each as a small Protocol: every way in and out, read on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from broadcaster.model.airing import AiringId, Change, LogEntry
from broadcaster.model.approval import Approval
from broadcaster.model.logbook import LogPage, LogQuestion
from broadcaster.model.people import Account, AccountId, Deed, Device, DeviceId, Failures, Invitation, Program
from broadcaster.model.revisions import Revision
from broadcaster.model.texts import ScriptName, Syllable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]
    """Mono, -1.0 to 1.0."""


class Clock(Protocol):
    """The time, as the machine tells it."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. It may jump."""

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps; the same for all processes of this machine."""

    def is_synchronised(self) -> bool:
        """Whether the operating system says that a time source set the wall clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A stretch of speech without an inner pause, at most 500 characters."""

    spoken: str
    """Normalised hanzi, no digits."""
    syllables: tuple[Syllable, ...]


class Voice(Protocol):
    """Something that turns text into samples."""

    @property
    def name(self) -> str:
        """As the as-run log names it, for example ``pyttsx3:cmn-latn-pinyin``."""

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        """Samples and their rate in Hz, at *rate* characters a minute; complete, not silent.

        Raises VoiceFailed when the voice cannot speak this phrase; another voice may.
        """

    def close(self) -> None:
        """Free the engine. Safe to call twice."""


Fill = Callable[[int, float], "Samples"]
"""``fill(frames, heard_at)`` → exactly that many samples, whose first is heard at *heard_at* (monotonic s)."""


Refill = Callable[["Samples", float], "Samples | None"]
"""``refill(lying, heard_at)`` → what is to be heard instead of *lying*, as many samples; None: it stays as it is.

*lying* are the samples that the device has and nobody has heard yet, the first of them due at *heard_at*.
"""


class Output(Protocol):
    """Somewhere sound can go: a sound card, a stream, a tape. It pulls blocks in its own time."""

    def start(self, fill: Fill) -> None:
        """Ask *fill* for block after block until closed. Raises OutputLost when the device is not there."""

    def is_alive(self) -> bool:
        """Whether blocks are still being asked for; False when the device has gone."""

    def close(self) -> None:
        """Let what was filled play out, then free the device. Safe to call twice."""


class HastyOutput(Output, Protocol):
    """An output that can take back what it has sent ahead."""

    def hasten(self, refill: Refill) -> bool:
        """Ask *refill* what is to be heard at once; no block is asked for meanwhile. False: it was not asked."""


class Switch(Protocol):
    """The power of an amplifier."""

    def turn(self, is_on: bool) -> None:
        """May take seconds. Raises SwitchFailed; then it is as it was, or nobody knows."""

    def close(self) -> None:
        """Free the part, leaving the power as it is where the part can. Safe to call twice."""


class AsRunLog(Protocol):
    """The record of every airing and its fate, and of the changes that people made to a day."""

    def write(self, entry: LogEntry) -> None:
        """Insert or replace the row of ``entry.airing``; durable on return. Raises StoreFailed."""

    def entries(self, since: datetime, until: datetime | None = None, *, or_open: bool = False) -> list[LogEntry]:
        """Rows whose planned instant is in [since, until), ordered by it. Raises StoreFailed.

        *or_open*: and those of any other time that have no fate yet.
        """

    def void(self, airings: Iterable[AiringId]) -> None:
        """Keep the rows, but free their identities: a clock that ran ahead had written them."""

    def last_uses(self) -> Mapping[ScriptName, int]:
        """For each script that was heard, a number that grows with every use of any script."""


class LogBook(Protocol):
    """The as-run log for people who look something up."""

    def page(self, question: LogQuestion, limit: int) -> LogPage:
        """At most *limit* answers, the newest first, and where to ask on. Raises StoreFailed."""

    def entry(self, id_: AiringId) -> LogEntry | None:
        """None: there is none. Raises StoreFailed."""

    def sound_by_day(self, midnights: Sequence[datetime]) -> list[dict[tuple[str, ...], timedelta]]:
        """For each of *midnights* but the last: the zones that were named, and how long they had sound until the next.

        Of that which was planned between the first and the last, and was heard to its end or its cut. It counts for
        the day on which it began. Raises StoreFailed.
        """


class ChangeLog(Protocol):
    """Today's changes: skip, move, play now."""

    def add_change(self, change: Change, at: datetime) -> None:
        """Durable on return. Raises StoreFailed."""

    def changes(self, since: datetime) -> list[Change]:
        """Changes made at or after *since*, oldest first. Raises StoreFailed."""


class Memory(Protocol):
    """Small facts that outlive the process, by name: when the station was last sure of the time."""

    def remember(self, name: str, value: str) -> None:
        """Durable on return. Raises StoreFailed."""

    def recall(self, name: str) -> str | None:
        """None when nothing was remembered. Raises StoreFailed."""


class Approvals(Protocol):
    """The paper trail: who approved which content of a script when, and the content itself, byte for byte."""

    def decide(self, approval: Approval, content: bytes | None = None) -> None:
        """Add a decision; *content* are the bytes of ``approval.sha256`` where they are new. Durable on return.

        Raises StoreFailed, and ValueError when the bytes are not those of the hash.
        """

    def decisions(self) -> list[Approval]:
        """All, in the order they were made, whatever the clock said. Raises StoreFailed."""

    def content(self, sha256: str) -> bytes | None:
        """Exactly the bytes with this hash; None: they were never kept, or are damaged. Raises StoreFailed."""


class Revisions(Protocol):
    """What became of each script: every text that it ever had on the page, and who changed it when."""

    def keep(self, revision: Revision, content: bytes) -> None:
        """Add a step; *content* are the bytes of ``revision.sha256``. Durable on return.

        Raises StoreFailed, and ValueError when the bytes are not those of the hash.
        """

    def steps(self, script: ScriptName) -> list[Revision]:
        """Of one script, in the order they were made. Raises StoreFailed."""

    def latest(self) -> Mapping[ScriptName, Revision]:
        """The last step of every script that has any. Raises StoreFailed."""


class Accounts(Protocol):
    """Who may sign in."""

    def save_account(self, account: Account) -> None:
        """Insert or replace the account with this id; durable on return. Raises StoreFailed.

        Raises NameTaken when another account has the name, whatever its case.
        """

    def accounts(self) -> list[Account]:
        """All, also those that may not sign in any more, ordered by name. Raises StoreFailed."""


class Devices(Protocol):
    """Where people are signed in."""

    def save_device(self, device: Device) -> None:
        """Insert or replace; durable on return. Raises StoreFailed."""

    def device(self, token: str) -> Device | None:
        """The device whose hashed token this is. Raises StoreFailed."""

    def devices(self, account: AccountId) -> list[Device]:
        """Of one account, the one seen last first. Raises StoreFailed."""

    def forget_devices(self, devices: Iterable[DeviceId]) -> None:
        """They are signed out from now on. Raises StoreFailed."""


class Programs(Protocol):
    """Other programs that may come in, each with a token."""

    def save_program(self, program: Program) -> None:
        """Insert or replace; durable on return. Raises StoreFailed."""

    def program(self, token: str) -> Program | None:
        """The program whose hashed token this is, also one that is not active. Raises StoreFailed."""

    def programs(self) -> list[Program]:
        """All that ever were, the newest first. Raises StoreFailed."""


class Invitations(Protocol):
    """One-time codes that are still to be used."""

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert; an older one for the same account is forgotten. Durable on return. Raises StoreFailed."""

    def invitations(self) -> list[Invitation]:
        """All, also those out of date, the newest first. Raises StoreFailed."""

    def use_invitation(self, code: str) -> Invitation | None:
        """Take it away, so that it is used once. None: somebody was quicker, or there was none. Raises StoreFailed."""

    def forget_invitation(self, account: AccountId) -> None:
        """The code for this account is worth nothing any more. Raises StoreFailed."""


class FailureBook(Protocol):
    """Wrong passwords, counted where a restart does not forget them."""

    def failures(self, keys: Iterable[str]) -> list[Failures]:
        """Those of *keys* that have any. Raises StoreFailed."""

    def save_failures(self, failures: Iterable[Failures]) -> None:
        """Insert or replace, each by its key; a count of nought is forgotten. Raises StoreFailed."""


class Trail(Protocol):
    """Every change that a person made, with before and after."""

    def note(self, deed: Deed) -> None:
        """Durable on return. Raises StoreFailed."""

    def deeds(self, limit: int, before: int | None = None) -> list[tuple[int, Deed]]:
        """At most *limit*, newest first, each with its number, which is below *before*. Raises StoreFailed."""
