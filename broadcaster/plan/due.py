"""The timetable of one day: which slots fall on it and when, with what people asked for or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from broadcaster.model.airing import AiringId, Move, PlayNow, airing_id
from broadcaster.model.days import Calendar, DayRule
from broadcaster.model.timetable import Schedule, Slot

FallsOn = Callable[[DayRule, date, Calendar], bool]
"""Whether a rule falls on a day; the dates room has it."""


class Due(NamedTuple):
    """A slot at one of its times, before it is known what it will say. (A year of 500 slots makes 70,000.)"""

    slot: Slot
    planned_at: datetime
    starts_at: datetime
    who: str = ""

    @property
    def id(self) -> AiringId:
        return airing_id(self.slot.id, self.planned_at)


def timetable(schedule: Schedule, day: date, falls_on: FallsOn) -> list[Due]:
    zone, calendar = schedule.station.zone, schedule.calendar
    midnight = datetime.combine(day, time(), zone)
    clock_changes = midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()
    fitting: dict[tuple[DayRule, ...], bool] = {}

    def fits(rules: tuple[DayRule, ...]) -> bool:
        if rules not in fitting:  # many slots share their days
            fitting[rules] = any(falls_on(rule, day, calendar) for rule in rules)
        return fitting[rules]

    due = []
    for slot in schedule.slots:
        if slot.is_paused or (slot.first_day is not None and day < slot.first_day):
            continue
        if slot.last_day is not None and day > slot.last_day:
            continue
        if not fits(slot.days) or (slot.except_days and fits(slot.except_days)):
            continue
        for moment in slot.at:
            planned = datetime.combine(day, moment, zone)
            due.append(Due(slot, planned, _real(planned) if clock_changes else planned))
    return due


def _real(planned: datetime) -> datetime:
    """The instant that a local time means; one that summer time skips is moved on by the gap."""
    if planned.utcoffset() == planned.replace(fold=1).utcoffset():
        return planned
    return planned.astimezone(UTC).astimezone(planned.tzinfo)


def asked_for(schedule: Schedule, extras: Sequence[PlayNow]) -> Iterable[Due]:
    for extra in extras:
        at = extra.at.astimezone(schedule.station.zone)
        yield Due(extra.slot, at, at, extra.who)


def moved(one: Due, moves: Mapping[AiringId, Move]) -> Due:
    move = moves.get(one.id)
    if move is None:
        return one
    return one._replace(starts_at=move.to.astimezone(one.planned_at.tzinfo), who=move.who)
