"""Schedule + dates + scripts + today's changes + as-run log → the airings of each day. Pure.

Which scripts a slot will say is decided here, too: ``next:FOLDER`` takes the script whose last use is longest ago, so
a folder goes round without a repeat, across restarts, and whatever is added or taken away on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from broadcaster.model.airing import (
    Airing,
    AiringId,
    Change,
    DayPlan,
    LeftOut,
    LogEntry,
    Move,
    PlayNow,
    Skip,
    airing_id,
)
from broadcaster.model.days import Calendar, DayRule
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Schedule,
    Slot,
    Source,
)
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence

FallsOn = Callable[[DayRule, date, Calendar], bool]
"""Whether a rule falls on a day; the dates room has it."""
Unfit = Callable[[Script, date], Sentence | None]
"""Why a script cannot be said on a day: expired, or a blank that nothing fills; None: it can."""

CLOCK_RAN_AHEAD = timedelta(hours=12)
"""A log entry planned further in the future than this was written by a wrong clock: nothing is armed so early."""


def always_fit(script: Script, day: date) -> None:
    """For plans that do not look into their scripts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the plan needs to know beside the schedule: texts, their last uses, and which can be said."""

    library: Library = field(default_factory=Library)
    uses: Mapping[ScriptName, int]
    """A number that grows with every use; a script that was never heard is absent."""
    unfit: Unfit = always_fit


NO_FACTS = Facts(uses={})


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
    skips, moves, extras = _sorted_changes(changes)
    rounds = Rounds(facts)
    plans = []
    for day in (first + timedelta(days=number) for number in range(days)):
        due = _timetable(schedule, day, falls_on)
        due += [one for one in _asked_for(schedule, extras) if one.planned_at.date() == day]
        if moves:
            due = [_moved(one, moves) for one in due]
        due.sort(key=lambda one: one.starts_at)
        airings = (_told(one, _on_record(one, entries, skips), rounds, day, now) for one in due)
        plans.append(DayPlan(day=day, airings=tuple(airings)))
    return tuple(plans)


def overdue(airings: Iterable[Airing], now: datetime) -> list[Airing]:
    """Those that were never claimed and may no longer start."""
    return [airing for airing in airings if airing.fate is Fate.PLANNED and now > airing.must_start_by]


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


class _Due(NamedTuple):
    """A slot at one of its times, before it is known what it will say. (A year of 500 slots makes 70,000.)"""

    slot: Slot
    planned_at: datetime
    starts_at: datetime
    who: str = ""

    @property
    def id(self) -> AiringId:
        return airing_id(self.slot.id, self.planned_at)


def _timetable(schedule: Schedule, day: date, falls_on: FallsOn) -> list[_Due]:
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
        if slot.first_day is not None and day < slot.first_day:
            continue
        if slot.last_day is not None and day > slot.last_day:
            continue
        if not fits(slot.days) or (slot.except_days and fits(slot.except_days)):
            continue
        for moment in slot.at:
            planned = datetime.combine(day, moment, zone)
            due.append(_Due(slot, planned, _real(planned) if clock_changes else planned))
    return due


def _real(planned: datetime) -> datetime:
    """The instant that a local time means; one that summer time skips is moved on by the gap."""
    if planned.utcoffset() == planned.replace(fold=1).utcoffset():
        return planned
    return planned.astimezone(UTC).astimezone(planned.tzinfo)


def _asked_for(schedule: Schedule, extras: Sequence[PlayNow]) -> Iterable[_Due]:
    for extra in extras:
        at = extra.at.astimezone(schedule.station.zone)
        yield _Due(extra.slot, at, at, extra.who)


def _moved(one: _Due, moves: Mapping[AiringId, Move]) -> _Due:
    move = moves.get(one.id)
    if move is None:
        return one
    return one._replace(starts_at=move.to.astimezone(one.planned_at.tzinfo), who=move.who)


class _Record(NamedTuple):
    """What log and people say of an airing."""

    entry: LogEntry | None = None
    skip: Skip | None = None


_NO_RECORD = _Record()


def _on_record(one: _Due, entries: Mapping[AiringId, LogEntry], skips: Mapping[AiringId, Skip]) -> _Record:
    if not entries and not skips:
        return _NO_RECORD
    id_ = one.id
    return _Record(entries.get(id_), skips.get(id_))


def _told(one: _Due, record: _Record, rounds: Rounds, day: date, now: datetime | None) -> Airing:
    """The airing with what it will say, or with what the log says of it."""
    slot, entry, skip = one.slot, record.entry, record.skip
    is_taken_back = skip is not None and entry is not None and entry.fate is Fate.CLAIMED
    if entry is not None and entry.fate not in (Fate.PLANNED, Fate.MISSED) and not is_taken_back:
        return _airing(one, entry.scripts, entry.title, fate=entry.fate, reason=entry.reason, who=entry.who)
    if skip is not None:
        why, because = (f"：{skip.why}", f": {skip.why}") if skip.why else ("", "")
        reason = Sentence(f"{skip.who} 取消了这一次{why}", f"left out this time by {skip.who}{because}")
        return _airing(one, (), slot.title or slot.id, fate=Fate.SKIPPED, reason=reason, who=skip.who)
    is_over = now is not None and now > one.starts_at + slot.grace
    scripts, titles, left_out = rounds.choose(() if is_over else slot.play, day)
    title = "、".join(titles) or slot.title or slot.id
    if entry is None:
        return _airing(one, scripts, title, left_out=left_out, who=one.who)
    return _airing(one, scripts, title, left_out=left_out, fate=entry.fate, reason=entry.reason, who=one.who)


def _airing(
    one: _Due,
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


class Rounds:
    """Goes round the folders while days are planned one after the other."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._by_name = {script.name: script for script in facts.library.scripts}
        self._folders: dict[str, deque[Script]] = {}

    def choose(
        self, play: Sequence[Source], day: date
    ) -> tuple[tuple[ScriptName, ...], list[str], tuple[LeftOut, ...]]:
        """Names and titles of what is said on *day*, and what is left out and why."""
        names: list[ScriptName] = []
        titles: list[str] = []
        left_out: list[LeftOut] = []
        for source in play:
            chosen = self._one(source, day, left_out)
            if chosen is not None:
                names.append(chosen[0])
                titles.append(chosen[1])
        return tuple(names), titles, tuple(left_out)

    def _one(self, source: Source, day: date, left_out: list[LeftOut]) -> tuple[ScriptName, str] | None:
        match source:
            case PlayRecording(file):
                return ScriptName(f"recording:{file}"), file
            case PlayNext(folder):
                script = self._next(folder, day, left_out)
            case PlayLatest(folder):
                script = self._first_fit(reversed(self._folder(folder)), day, left_out)
            case PlayLeaderboard(name):
                script = self._named(f"leaderboard/{name}", day, left_out)
            case PlayScript(name):
                script = self._named(name, day, left_out)
        return None if script is None else (script.name, script.title)

    def _folder(self, folder: str) -> list[Script]:
        return [script for script in self._facts.library.scripts if script.folder == folder]

    def _next(self, folder: str, day: date, left_out: list[LeftOut]) -> Script | None:
        queue = self._folders.get(folder)
        if queue is None:
            uses = self._facts.uses
            queue = deque(sorted(self._folder(folder), key=lambda script: (uses.get(script.name, -1), script.name)))
            self._folders[folder] = queue
        if not queue:
            left_out.append(_nothing_there(folder))
        for place, script in enumerate(queue):
            reason = self._facts.unfit(script, day)
            if reason is None:
                del queue[place]
                queue.append(script)
                return script
            left_out.append(LeftOut(script=script.name, reason=reason))
        return None

    def _named(self, name: str, day: date, left_out: list[LeftOut]) -> Script | None:
        script = find_script(self._by_name, name)
        if script is None:
            left_out.append(LeftOut(script=name, reason=Sentence(f"没有稿件“{name}”", f"there is no script {name!r}")))
            return None
        return self._first_fit([script], day, left_out)

    def _first_fit(self, scripts: Iterable[Script], day: date, left_out: list[LeftOut]) -> Script | None:
        for script in scripts:
            reason = self._facts.unfit(script, day)
            if reason is None:
                return script
            left_out.append(LeftOut(script=script.name, reason=reason))
        return None


def find_script(by_name: Mapping[ScriptName, Script], name: str) -> Script | None:
    """A script by ``FOLDER/STEM``, or by its stem alone where only one script has it."""
    exact = by_name.get(ScriptName(name))
    if exact is not None or "/" in name:
        return exact
    same_stem = [script for full, script in by_name.items() if full.rpartition("/")[2] == name]
    return same_stem[0] if len(same_stem) == 1 else None


def _nothing_there(folder: str) -> LeftOut:
    return LeftOut(
        script=folder, reason=Sentence(f"文件夹“{folder}”里没有稿件", f"there is no script in folder {folder!r}")
    )
