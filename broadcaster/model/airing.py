"""Airings: one slot on one day, planned, changed by people, and written in the as-run log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Slot, SlotId
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Heard, Priority, Sentence

AiringId = NewType("AiringId", str)
"""``SLOT@2026-11-24T07:30:00``: the slot and the planned local instant. One identity, heard at most once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A script that an airing would have said but cannot, and why."""

    script: str
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Airing:
    """One slot on one day."""

    slot: Slot
    planned_at: datetime
    """Aware, in the station's zone; with the slot it is the identity."""
    starts_at: datetime
    """Where today's changes moved it; otherwise the same."""
    scripts: tuple[ScriptName, ...] = ()
    """What it will say, in order. Recordings stand here as ``recording:FILE``."""
    title: str = ""
    left_out: tuple[LeftOut, ...] = ()
    fate: Fate = Fate.PLANNED
    reason: Sentence = NOTHING_TO_SAY
    who: str = ""
    """The person who asked for it; empty for the timetable."""

    @property
    def id(self) -> AiringId:
        return airing_id(self.slot.id, self.planned_at)

    @property
    def must_start_by(self) -> datetime:
        return self.starts_at + self.slot.grace


def airing_id(slot: SlotId, planned_at: datetime) -> AiringId:
    """The identity of an airing: the slot and the planned local instant, to the second."""
    return AiringId(f"{slot}@{planned_at.replace(tzinfo=None).isoformat(timespec='seconds')}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The airings of one day, in order of their start."""

    day: date
    airings: tuple[Airing, ...]
    notes: tuple[Sentence, ...] = ()
    """What the reader of the plan should know, for example that holidays of this year are unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Today's change: leave one airing out."""

    airing: AiringId
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Today's change: start one airing at another instant."""

    airing: AiringId
    to: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayNow:
    """Today's change: an airing that a person asked for."""

    slot: Slot
    """The timetable's slot, or one made up for a single script; its times are not looked at."""
    at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """People want silence for a while (a funeral, an exam): what would start in this span is left out."""

    since: datetime
    until: datetime
    """Not included. Emergencies are heard all the same."""
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Silence ends early: what starts at this instant or later is heard again."""

    at: datetime
    who: str


Change = Skip | Move | PlayNow | Hold | Lift


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One row of the as-run log: an airing and what became of it."""

    airing: AiringId
    slot: SlotId
    title: str
    planned_at: datetime
    priority: Priority = Priority.ROUTINE
    zones: tuple[str, ...] = ()
    scripts: tuple[ScriptName, ...] = ()
    clip: str = ""
    """The clip's key; empty when none was made."""
    voice: str = ""
    """The voice that really spoke."""
    fate: Fate = Fate.PLANNED
    reason: Sentence = NOTHING_TO_SAY
    who: str = ""
    started_at: datetime | None = None
    """None: it never sounded."""
    finished_at: datetime | None = None
    heard: Heard = Heard.NOT_LISTENED
    delay_ms: int | None = None
    """How much later than it was sent it was heard; None: not heard, or nobody listened."""
    level_db: float | None = None
    """How much louder it was heard than it was sent, whatever else made noise."""
