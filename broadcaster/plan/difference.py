"""Two schedules → what people will hear otherwise in the days to come: added, moved, gone. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broadcaster.model.timetable import Schedule, Slot, SlotId
from broadcaster.plan.due import FallsOn, timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One airing that is not as it was."""

    slot: Slot
    before: datetime | None
    """When it would have been heard; None: it is new."""
    after: datetime | None
    """When it is heard now; None: it is gone."""

    @property
    def at(self) -> datetime:
        """Where to look for it."""
        found = self.after or self.before
        assert found is not None
        return found


def difference(
    before: Schedule, after: Schedule, since: datetime, days: int, *, falls_on: FallsOn
) -> tuple[Differing, ...]:
    """In order of time, for what starts after *since* within so many days. The nth time of a slot on a day that goes
    and the nth that comes are one airing that moved."""
    found: list[Differing] = []
    first = since.astimezone(after.station.zone).date()
    for day in (first + timedelta(days=number) for number in range(days)):
        was, will = _by_slot(before, day, since, falls_on), _by_slot(after, day, since, falls_on)
        for slot in dict.fromkeys((*was, *will)):
            found += _of_one_day(was.get(slot), will.get(slot))
    return tuple(sorted(found, key=lambda one: (one.at, one.slot.id)))


@dataclass(slots=True)
class _Day:
    """One slot on one day."""

    slot: Slot
    at: list[datetime]


def _by_slot(schedule: Schedule, day: date, since: datetime, falls_on: FallsOn) -> dict[SlotId, _Day]:
    times: dict[SlotId, list[datetime]] = defaultdict(list)
    slots = {}
    for due in timetable(schedule, day, falls_on):
        if due.starts_at > since:
            times[due.slot.id].append(due.planned_at)
            slots[due.slot.id] = due.slot
    return {id_: _Day(slots[id_], sorted(at)) for id_, at in times.items()}


def _of_one_day(was: _Day | None, will: _Day | None) -> list[Differing]:
    match was, will:
        case None, _Day(slot, at):
            return [Differing(slot=slot, before=None, after=one) for one in at]
        case _Day(slot, at), None:
            return [Differing(slot=slot, before=one, after=None) for one in at]
        case _Day(_, before), _Day(slot, after):
            gone = [one for one in before if one not in after]
            new = [one for one in after if one not in before]
            moved = [Differing(slot=slot, before=a, after=b) for a, b in zip(gone, new, strict=False)]
            lost = [Differing(slot=slot, before=one, after=None) for one in gone[len(new) :]]
            return moved + lost + [Differing(slot=slot, before=None, after=one) for one in new[len(gone) :]]
    return []
