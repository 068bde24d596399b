"""Plan and log of one day → the rows of a timeline, in the order in which they were or will be heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from broadcaster.model.airing import Airing, DayPlan, LogEntry
from broadcaster.model.words import Fate, Priority, Sentence

STILL_TO_COME = (Fate.PLANNED, Fate.CLAIMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One airing, as a person looks for it."""

    airing: str
    slot: str
    title: str
    at: datetime
    fate: Fate
    reason: Sentence
    who: str
    zones: tuple[str, ...]
    is_emergency: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    left_out: tuple[Sentence, ...] = ()
    """Of what it will say, what cannot be said and why."""

    @property
    def is_of_the_timetable(self) -> bool:
        """Not made up for a single script, and no emergency."""
        return not self.is_emergency and not self.slot.startswith("now-")

    @property
    def is_to_come(self) -> bool:
        return self.fate in STILL_TO_COME


def rows_of(plan: DayPlan, log: Iterable[LogEntry]) -> list[Row]:
    """Everything planned for the day, and what was heard beside the plan: emergencies, and slots that are gone."""
    entries = {entry.airing: entry for entry in log}
    rows = [_planned(airing, entries.pop(airing.id, None)) for airing in plan.airings]
    rows += [row_of(entry) for entry in entries.values()]
    return sorted(rows, key=lambda row: (row.at, row.airing))


def row_of(entry: LogEntry) -> Row:
    """A row of the as-run log by itself."""
    return Row(
        airing=entry.airing,
        slot=entry.slot,
        title=entry.title or entry.slot,
        at=entry.planned_at,
        fate=entry.fate,
        reason=entry.reason,
        who=entry.who,
        zones=entry.zones,
        is_emergency=entry.priority is Priority.EMERGENCY,
        started_at=entry.started_at,
        finished_at=entry.finished_at,
    )


def _planned(airing: Airing, entry: LogEntry | None) -> Row:
    return Row(
        airing=airing.id,
        slot=airing.slot.id,
        title=airing.title or airing.slot.title or airing.slot.id,
        at=airing.starts_at,
        fate=airing.fate,
        reason=airing.reason,
        who=airing.who,
        zones=airing.slot.zones,
        is_emergency=airing.slot.priority is Priority.EMERGENCY,
        started_at=entry.started_at if entry else None,
        finished_at=entry.finished_at if entry else None,
        left_out=tuple(left.reason for left in airing.left_out),
    )
