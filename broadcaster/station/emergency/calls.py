"""What a person asks for in an emergency, what is told to the planner of it, and what the desk keeps of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.timetable import SlotId
from broadcaster.model.words import Priority
from broadcaster.playout.cue import Cue, Permit


class CallKind(Enum):
    """The value stands in the identity and in the log: ``drill@2026-11-24T10:00:00``."""

    EMERGENCY = "emergency"
    DRILL = "drill"
    ALL_CLEAR = "all-clear"
    CORRECTION = "correction"

    @property
    def slot(self) -> SlotId:
        return SlotId(self.value)

    @property
    def priority(self) -> Priority:
        """A drill is no emergency: in quiet hours the gate itself keeps it from being heard."""
        return Priority.URGENT if self is CallKind.DRILL else Priority.EMERGENCY

    @property
    def plays(self) -> int:
        """How often, where nobody says it; 0: until stopped."""
        return {CallKind.EMERGENCY: 0, CallKind.DRILL: 1, CallKind.ALL_CLEAR: 2, CallKind.CORRECTION: 3}[self]


CALLED_SLOTS = frozenset(kind.slot for kind in CallKind)
"""Airings in these are called by a person, and in no timetable."""
GAP = timedelta(seconds=2)
LONGEST_GAP = timedelta(seconds=10)
"""ISO 7240-16 7.1.4: no silence over ten seconds in an emergency."""
LONGEST = timedelta(hours=24)
"""An end time lies at most so far ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to be heard at once. Kept, to be able to go on after a restart."""

    what: str
    """Words, or ``script:NAME``."""
    who: str
    reason: str = ""
    kind: CallKind = CallKind.EMERGENCY
    plays: int = 0
    """0: as often as the kind wants it."""
    gap: timedelta = GAP
    until: datetime | None = None
    """It ends then, whatever is left of it. None: when it was played, or is stopped."""
    zones: tuple[str, ...] = ()
    about: AiringId | None = None
    """The emergency that an all-clear or a correction belongs to."""

    @property
    def times(self) -> int:
        return self.plays or self.kind.plays

    def told(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "who": self.who,
            "reason": self.reason,
            "kind": self.kind.value,
            "plays": self.plays,
            "gap_s": self.gap.total_seconds(),
            "until": self.until.isoformat() if self.until else None,
            "zones": list(self.zones),
            "about": self.about,
        }


def asked_from(told: dict[str, Any]) -> Asked:
    """What ``told`` told, also by an earlier version. Raises KeyError, TypeError or ValueError for anything else."""
    return Asked(
        what=str(told["what"]),
        who=str(told["who"]),
        reason=str(told["reason"]),
        kind=CallKind(told.get("kind", "emergency")),
        plays=int(told["plays"]),
        gap=timedelta(seconds=float(told.get("gap_s", 2.0))),
        until=datetime.fromisoformat(told["until"]) if told.get("until") else None,
        zones=tuple(str(zone) for zone in told.get("zones", ())),
        about=AiringId(told["about"]) if told.get("about") else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """It is on the way to the decks: to be written, and armed again where a deck comes back."""

    entry: LogEntry
    cue: Cue | None
    """None: nothing sounds before its speech is rendered."""
    outputs: tuple[str, ...]
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """The emergency goes on with another clip."""

    entry: LogEntry
    cue: Cue


@dataclass(frozen=True, slots=True)
class Ended:
    """An airing was stopped; decks that are away must not begin it again."""

    airing: AiringId
    who: str
    """Empty: nobody did, its end time came."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It never came to a deck: its last row in the log."""

    entry: LogEntry


@dataclass(slots=True, kw_only=True)
class Call:
    """One that goes on, as the desk knows it."""

    asked: Asked
    entry: LogEntry
    permit: Permit
    outputs: tuple[str, ...]
    cue: Cue | None = None
    """What was armed last; None: its speech is being rendered."""
    words_from: datetime
    """Before this no amplifier is ready for words; the siren sounds until then."""
    ends_s: float | None = None
    """On the monotonic clock: a wall clock that is set does not cut an emergency short."""
    is_over: bool = False
    spare: threading.Timer | None = None
    failed_on: set[str] = field(default_factory=set)
    """Outputs that could not use the clip, and were given the siren and new speech instead."""
