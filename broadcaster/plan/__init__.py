"""Schedule + dates + scripts + today's changes + as-run log → the airings of each day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from broadcaster.model.airing import (
    Airing,
    AiringId,
    Change,
    DayPlan,
    Hold,
    LeftOut,
    LogEntry,
    Move,
    PlayNow,
    Skip,
)
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence
from broadcaster.plan.due import Due, FallsOn, asked_for, moved, timetable
from broadcaster.plan.holds import hold_at, holds_of, why_held
from broadcaster.plan.rounds import NO_FACTS, Facts, Rounds

CLOCK_RAN_AHEAD = timedelta(hours=12)
"""A log entry planned further in the future than this was written by a wrong clock: nothing is armed so early."""


def plan_days(
    schedule: Schedule,
    first: date,
    days: int,
    *,
    falls_on: FallsOn,
    facts: Facts = NO_FACTS,
    changes: Iterable[Change] = (),
    log: Iterable[LogEntry] = (),
    now: datetime | None = None,
) -> tuple[DayPlan, ...]:
    """The plans of *days* days from *first* on: the same inputs always give the same plans.

    What had to start before *now* and was not heard takes no turn in the round of its folder: its text comes next.
    """
    entries = {entry.airing: entry for entry in log}
    changes = tuple(changes)
    skips, moves, extras = _sorted_changes(changes)
    holds = holds_of(changes)
    rounds = Rounds(facts)
    plans = []
    for day in (first + timedelta(days=number) for number in range(days)):
        due = timetable(schedule, day, falls_on)
        due += [one for one in asked_for(schedule, extras) if one.planned_at.date() == day]
        if moves:
            due = [moved(one, moves) for one in due]
        due.sort(key=lambda one: one.starts_at)
        airings = (_told(one, _on_record(one, entries, skips, holds), rounds, day, now) for one in due)
        plans.append(DayPlan(day=day, airings=tuple(airings)))
    return tuple(plans)


def overdue(airings: Iterable[Airing], now: datetime) -> list[Airing]:
    """Those that were never claimed and may no longer start."""
    return [airing for airing in airings if airing.fate is Fate.PLANNED and now > airing.must_start_by]


def left_out(airings: Iterable[Airing], now: datetime) -> list[Airing]:
    """Those that people wanted left out, and for which it is too late to change their mind."""
    return [airing for airing in airings if airing.fate is Fate.SKIPPED and now > airing.must_start_by]


def upcoming(airings: Iterable[Airing], now: datetime, within: timedelta) -> list[Airing]:
    """Those that may still start, at the latest *within* from now.

    One that was logged as missed comes back when the clock goes back before its time: it was never heard.
    """
    waiting = (Fate.PLANNED, Fate.MISSED)
    return [a for a in airings if a.fate in waiting and a.starts_at - within <= now <= a.must_start_by]


def from_a_wrong_clock(log: Iterable[LogEntry], now: datetime) -> list[AiringId]:
    """Identities that a clock which ran ahead used up; they must not silence the real day when it comes."""
    return [entry.airing for entry in log if entry.planned_at > now + CLOCK_RAN_AHEAD and "~" not in entry.airing]


def _sorted_changes(
    changes: Iterable[Change],
) -> tuple[dict[AiringId, Skip], dict[AiringId, Move], list[PlayNow]]:
    skips: dict[AiringId, Skip] = {}
    moves: dict[AiringId, Move] = {}
    extras: list[PlayNow] = []
    for change in changes:
        match change:
            case Skip():
                skips[change.airing] = change
            case Move():
                moves[change.airing] = change
            case PlayNow():
                extras.append(change)
    return skips, moves, extras


class _Record(NamedTuple):
    """What log and people say of an airing."""

    entry: LogEntry | None = None
    skip: Skip | None = None
    hold: Hold | None = None


_NO_RECORD = _Record()


def _on_record(
    one: Due, entries: Mapping[AiringId, LogEntry], skips: Mapping[AiringId, Skip], holds: Sequence[Hold]
) -> _Record:
    if not entries and not skips and not holds:
        return _NO_RECORD
    id_ = one.id
    return _Record(entries.get(id_), skips.get(id_), hold_at(holds, one.starts_at))


def _told(one: Due, record: _Record, rounds: Rounds, day: date, now: datetime | None) -> Airing:
    """The airing with what it will say, or with what the log says of it."""
    slot, entry, skip, hold = one.slot, record.entry, record.skip, record.hold
    is_taken_back = (skip or hold) is not None and entry is not None and entry.fate is Fate.CLAIMED
    if entry is not None and entry.fate not in (Fate.PLANNED, Fate.MISSED) and not is_taken_back:
        return _airing(one, entry.scripts, entry.title, fate=entry.fate, reason=entry.reason, who=entry.who)
    if skip is not None:
        why, because = (f"：{skip.why}", f": {skip.why}") if skip.why else ("", "")
        reason = Sentence(f"{skip.who} 取消了这一次{why}", f"left out this time by {skip.who}{because}")
        return _airing(one, (), slot.title or slot.id, fate=Fate.SKIPPED, reason=reason, who=skip.who)
    if hold is not None:
        reason = why_held(hold, f"{hold.until.astimezone(one.planned_at.tzinfo):%m-%d %H:%M}")
        return _airing(one, (), slot.title or slot.id, fate=Fate.SKIPPED, reason=reason, who=hold.who)
    is_over = now is not None and now > one.starts_at + slot.grace
    scripts, titles, left_out = rounds.choose(() if is_over else slot.play, day)
    title = "、".join(titles) or slot.title or slot.id
    if entry is None:
        return _airing(one, scripts, title, left_out=left_out, who=one.who)
    return _airing(one, scripts, title, left_out=left_out, fate=entry.fate, reason=entry.reason, who=one.who)


def _airing(
    one: Due,
    scripts: tuple[ScriptName, ...],
    title: str,
    *,
    left_out: tuple[LeftOut, ...] = (),
    fate: Fate = Fate.PLANNED,
    reason: Sentence = NOTHING_TO_SAY,
    who: str,
) -> Airing:
    return Airing(
        slot=one.slot,
        planned_at=one.planned_at,
        starts_at=one.starts_at,
        scripts=scripts,
        title=title,
        left_out=left_out,
        fate=fate,
        reason=reason,
        who=who,
    )
