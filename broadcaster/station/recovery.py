"""What to do with airings that a crash or a power cut left behind, claimed or on the air. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from broadcaster.model.airing import Airing, AiringId, LogEntry
from broadcaster.model.words import NOTHING_TO_SAY, Fate, IfInterrupted, Priority, Sentence, joined
from broadcaster.playout.cue import TIME_IS_UP, LastWords, stopped_by
from broadcaster.station.emergency.calls import CALLED_SLOTS
from broadcaster.station.underway import Part, not_there

EMERGENCY_GOES_ON_FOR = timedelta(hours=24)
"""An emergency that nobody stopped is called again after a restart, unless the station was away for longer than this.
Where it has an end time, that alone counts."""

CUT_OFF = Sentence("站中断，已经过了时限", "the station stopped, and it was too late to go on")
DRILL_CUT_OFF = Sentence("站中断，演练到此为止", "the station stopped, and the drill with it")
TAKEN_OUT = Sentence("节目表里已经没有它", "the timetable no longer has it")
LIVE_CUT_OFF = Sentence("站中断，讲话到此为止", "the station stopped, and the live broadcast with it")
DROPPED = Sentence("站中断，按设定不再接着播", "the station stopped, and this slot does not go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgain:
    """It never sounded: back to the plan."""

    entry: LogEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """It had begun and may go on, from the sentence before *position*."""

    entry: LogEntry
    airing: Airing
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAgain:
    """An emergency that nobody had stopped."""

    entry: LogEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """It is over: too late, not to go on, or heard to its end by people when nobody wrote that down any more."""

    entry: LogEntry


Recovery = PlanAgain | GoOn | CallAgain | Close


def recover(
    entries: Iterable[LogEntry],
    airings: Iterable[Airing],
    last_words: Mapping[str, LastWords],
    now: datetime,
    lacked: Callable[[LogEntry], Sentence],
    ends: Mapping[AiringId, datetime] = MappingProxyType({}),
    last_seen: datetime | None = None,
    stopped: Mapping[AiringId, str] = MappingProxyType({}),
) -> list[Recovery]:
    """What becomes of each entry that has no fate yet.

    *last_words*: what the deck of each output wrote down when the station died, which it may have outlived. *lacked*:
    the outputs that did not have the whole of it, in words. *ends*: the end times of emergencies that have one.
    *last_seen*: when the station was last there, as far as anybody knows.
    *stopped*: emergencies that somebody stopped in its last moment, and who.
    """
    positions = {words.airing: words.position for words in last_words.values()}
    ended = [pair for words in last_words.values() for pair in words.heard.items()]
    heard = dict(sorted(ended, key=lambda pair: pair[1]))  # of several outputs, the one that ended last
    planned = {airing.id: airing for airing in airings}
    unfinished = (entry for entry in entries if not entry.fate.is_final and "~" not in entry.airing)
    return [
        Close(entry=_heard(entry, heard[entry.airing], lacked(entry)))
        if entry.airing in heard
        else Close(entry=_closed(entry, LIVE_CUT_OFF, now, has_begun=entry.airing in positions))
        if entry.priority is Priority.LIVE
        else Close(entry=_closed(entry, stopped_by(stopped[entry.airing]), now, has_begun=True))
        if entry.airing in stopped
        else _called(entry, ends.get(entry.airing), now, max(entry.planned_at, last_seen or entry.planned_at))
        if entry.slot in CALLED_SLOTS
        else _planned(entry, planned.get(entry.airing), positions.get(entry.airing), now)
        for entry in unfinished
    ]


def lacking(
    outputs: Iterable[str], over: Mapping[str, Part], last_words: Mapping[str, LastWords], airing: AiringId
) -> Sentence:
    """Those of *outputs* that did not have the whole of an airing, as far as is known; nothing to say: all had it.

    *over*: how the outputs ended that were done with it before the station died.
    """
    said = []
    for output in outputs:
        words = last_words.get(output)
        match over.get(output):
            case Part.WHOLE:
                continue
            case None if words is not None and airing in words.heard:
                continue
            case Part.UNHEARD:
                said.append(not_there(output))
            case None if words is None or words.airing != airing:
                said.append(
                    Sentence(f"输出 {output} 没有说播完了", f"output {output} did not say that it was heard to its end")
                )
            case _:
                said.append(Sentence(f"输出 {output} 没有播完", f"output {output} did not play it to its end"))
    return joined(said)


def _heard(entry: LogEntry, at: datetime, lacked: Sentence) -> LogEntry:
    end, reason = at.astimezone(entry.planned_at.tzinfo), joined((entry.reason, lacked))
    return replace(
        entry, fate=Fate.AIRED, started_at=entry.started_at or entry.planned_at, finished_at=end, reason=reason
    )


def _called(entry: LogEntry, until: datetime | None, now: datetime, last_there: datetime) -> Recovery:
    """An emergency goes on; a drill does not, because nobody waits for it any more."""
    if entry.priority is not Priority.EMERGENCY:
        return Close(entry=_closed(entry, DRILL_CUT_OFF, now))
    if until is not None and now >= until:
        return Close(entry=_closed(entry, TIME_IS_UP, now))
    if until is None and now - last_there > EMERGENCY_GOES_ON_FOR:
        return Close(entry=_closed(entry, CUT_OFF, now))
    return CallAgain(entry=entry)


def _planned(entry: LogEntry, airing: Airing | None, position: int | None, now: datetime) -> Recovery:
    has_begun = entry.fate is Fate.ON_AIR or position is not None
    if not has_begun and airing is None:
        return Close(entry=_closed(entry, CUT_OFF, now) if entry.planned_at <= now else _gone(entry))
    if not has_begun:
        return PlanAgain(entry=replace(entry, fate=Fate.PLANNED, reason=NOTHING_TO_SAY))
    if airing is None or now > airing.must_start_by:
        return Close(entry=_closed(entry, CUT_OFF, now, has_begun=True))
    if airing.slot.if_interrupted is IfInterrupted.DROP:
        return Close(entry=_closed(entry, DROPPED, now, has_begun=True))
    return GoOn(entry=entry, airing=airing, position=position or 0)


def _gone(entry: LogEntry) -> LogEntry:
    return replace(entry, fate=Fate.SKIPPED, reason=joined((entry.reason, TAKEN_OUT)))


def _closed(entry: LogEntry, reason: Sentence, now: datetime, *, has_begun: bool = False) -> LogEntry:
    """*has_begun*: a deck wrote down that it was heard, even where the station died before it knew."""
    has_begun = has_begun or entry.started_at is not None
    return replace(
        entry,
        fate=Fate.INTERRUPTED if has_begun else Fate.MISSED,
        reason=joined((entry.reason, reason)),
        finished_at=now if has_begun else None,
    )
