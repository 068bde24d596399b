"""Airings between their claim and their fate: what each deck reports, joined into one row of the as-run log.

Pure: reports and the time come in as arguments, entries to write and commands to send come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import Fate, IfInterrupted, Priority, Sentence, joined
from broadcaster.playout.cue import (
    TIME_IS_UP,
    Arm,
    Cue,
    DeadAir,
    Finished,
    Interrupted,
    Level,
    Lost,
    NotAired,
    Ready,
    Report,
    Started,
    Stop,
    Unsent,
    stopped_by,
)
from broadcaster.station.emergency.calls import CALLED_SLOTS
from broadcaster.station.underway import (
    NOTICEABLY_LATE,
    Live,
    Part,
    base,
    end_stopped,
    note,
    rest_of,
    take_off_unsent,
    too_late,
)

ANSWERS_WITHIN = timedelta(seconds=30)
"""A deck says by itself that a cue is too late; one that says nothing for so long was never there."""


@dataclass(slots=True)
class Told:
    """What a report changes: rows to write, commands to send."""

    entries: list[LogEntry] = field(default_factory=list)
    commands: list[tuple[str, Arm | Stop]] = field(default_factory=list)


class OnAir:
    """All airings that were claimed and have no fate yet."""

    def __init__(self) -> None:
        self._lives: dict[AiringId, Live] = {}

    def __contains__(self, airing: AiringId) -> bool:
        return airing in self._lives

    @property
    def ids(self) -> tuple[AiringId, ...]:
        return tuple(self._lives)

    def claim(
        self, entry: LogEntry, cue: Cue, outputs: Iterable[str], own_cues: Mapping[str, Cue] = MappingProxyType({})
    ) -> None:
        """Armed on *outputs* with *cue*, or with their own."""
        parts = dict.fromkeys(outputs, Part.ARMED)
        self._lives[entry.airing] = Live(entry=entry, cue=cue, parts=parts, own_cues=own_cues)

    def go_on(self, entry: LogEntry, cue: Cue, outputs: Iterable[str], position: int, lacked: Sentence) -> None:
        """What an earlier station had begun; each deck is given it when it is there. *lacked*: who did not have it."""
        self._lives[entry.airing] = Live(
            entry=entry,
            cue=cue,
            parts=dict.fromkeys(outputs, Part.LOST),
            positions=dict.fromkeys(outputs, position),
            notes=[Sentence("站中断过", "the station stopped for a while"), *([lacked] if lacked.zh else [])],
        )

    def take(self, airing: AiringId) -> Live | None:
        """Forget an airing that has not sounded; None when it has, or is not here."""
        live = self._lives.get(airing)
        if live is None or live.has_sounded:
            return None
        return self._lives.pop(airing)

    def clip_of(self, airing: AiringId) -> str:
        """The key of its clip; empty: it has none, or is not here."""
        live = self._lives.get(airing)
        return live.entry.clip if live is not None else ""

    def unheard(self) -> list[AiringId]:
        """Those of the timetable that were claimed and have not sounded yet."""
        return [
            id_
            for id_, live in self._lives.items()
            if not live.has_sounded and live.entry.slot not in CALLED_SLOTS and live.cue.live is None
        ]

    def replace_cue(self, entry: LogEntry, cue: Cue) -> Told:
        """The airing goes on with another clip: its speech is ready and follows the siren."""
        live = self._lives.get(entry.airing)
        if live is None:
            return Told()
        live.entry = replace(entry, fate=live.entry.fate, started_at=live.entry.started_at)
        live.cue, live.own_cues = cue, {}
        return Told(entries=[live.entry])

    def all(self) -> tuple[Live, ...]:
        return tuple(self._lives.values())

    def sounding(self) -> list[Live]:
        """Those that are heard now or wait to go on, the most urgent first."""
        lives = tuple(self._lives.values())  # a stop looks from another thread
        heard = [live for live in lives if {Part.SOUNDING, Part.CUT} & set(live.parts.values())]
        return sorted(heard, key=lambda live: (-live.entry.priority, live.cue.starts_at))

    def begun(self) -> list[Live]:
        """Those that were heard and have no fate yet, also where a deck is away just now."""
        return [live for live in tuple(self._lives.values()) if live.has_sounded]

    def speakers(self) -> list[Live]:
        """Live broadcasts that were not heard yet: their amplifiers are warming up."""
        return [live for live in tuple(self._lives.values()) if live.cue.live is not None and not live.has_sounded]

    def stop(self, airing: AiringId, who: str, now: datetime) -> Told:
        """Somebody stopped it, perhaps while a deck was away: that deck must not begin it when it is back."""
        told = Told()
        live = self._lives.get(airing)
        if live is None:
            return told
        live.stopped = stopped_by(who) if who else TIME_IS_UP
        for output, part in live.parts.items():
            if part is Part.LOST:
                end_stopped(live, output, live.stopped)
            elif not part.is_over:  # the deck ends it, and says so; told again in case it came back just now
                told.commands.append((output, Stop(airing=live.cue.airing, who=who)))
        self._settle(live, now, told)
        return told

    def report(self, output: str, report: Report, now: datetime) -> Told:
        """Take in what the deck of *output* says."""
        match report:
            case Ready():
                return self._deck_is_back(output, now)
            case Lost(reason=reason):
                return self._deck_is_gone(output, reason)
            case Level(airing=airing, position=position, play=play):
                if airing in self._lives:
                    self._lives[airing].positions[output] = position
                    self._lives[airing].plays[output] = play
                return Told()
            case Unsent(airing=airing):
                live = self._lives.get(base(airing))
                if live is not None:
                    live.unsent[output] = report
                return Told()
            case DeadAir(airing=airing, seconds=seconds) if airing is not None:
                live = self._lives.get(base(airing))
                if live is not None:
                    note(live, dead_for(output, seconds))
                return Told()
            case Started() | Interrupted() | Finished() | NotAired():
                return self._of_one(output, report, now)
        return Told()

    def give_up(self, now: datetime) -> Told:
        """Airings whose deck did not come back in time."""
        told = Told()
        for live in list(self._lives.values()):
            if live.cue.priority is Priority.EMERGENCY:
                continue
            late_by = now - live.last_instant
            for output, part in live.parts.items():
                is_gone = part is Part.LOST and late_by > timedelta()
                is_mute = part is Part.ARMED and late_by > ANSWERS_WITHIN
                if is_gone or is_mute:
                    too_late(live, output)
            self._settle(live, now, told)
        return told

    def _of_one(self, output: str, report: Started | Interrupted | Finished | NotAired, now: datetime) -> Told:
        told = Told()
        live = self._lives.get(base(report.airing))
        if live is None or output not in live.parts:
            return told
        if not isinstance(report, Started | NotAired):
            live.ended_at = max(report.at, live.ended_at or report.at)
        is_replaced = report.airing != live.cue.airing  # siren or recorded words; what follows them has the fate
        match report:
            case Started(at=at):
                self._started(live, output, at, told)
            case Interrupted(position=position, will_resume=True, by=by):
                live.parts[output] = Part.CUT
                live.positions[output] = position
                note(live, Sentence(f"被 {by} 打断过", f"was interrupted by {by}"))
            case Interrupted(position=position, by=by):
                live.parts[output] = Part.ENDED
                live.positions[output] = position
                live.reasons[output] = Sentence(f"被 {by} 打断，没有再播", f"interrupted by {by} and not resumed")
            case Finished() | NotAired() if is_replaced:
                return told
            case Finished(is_whole=False, reason=reason) if live.cue.plays == 0 or live.cue.emergency_length_s:
                live.parts[output] = Part.WHOLE  # until somebody stopped it, or its end time came, as it should
                live.reasons[output] = reason if reason.zh else live.stopped or reason
                take_off_unsent(live, output)
            case Finished(is_whole=True):
                live.parts[output] = Part.WHOLE
                take_off_unsent(live, output)
            case Finished(reason=reason):
                live.parts[output] = Part.ENDED
                live.reasons[output] = reason
            case NotAired(fate=fate, reason=reason):
                live.parts[output] = Part.ENDED if live.has_sounded else Part.UNHEARD
                live.fates[output] = Fate(fate)
                live.reasons[output] = reason
        self._settle(live, now, told)
        return told

    def _started(self, live: Live, output: str, at: datetime, told: Told) -> None:
        live.parts[output] = Part.SOUNDING
        if live.has_sounded:
            return
        late_by = at - live.cue.starts_at
        if late_by > NOTICEABLY_LATE and live.cue.priority is not Priority.EMERGENCY:
            seconds = round(late_by.total_seconds())
            note(live, Sentence(f"晚了 {seconds} 秒开始", f"began {seconds} s late"))
        local = at.astimezone(live.entry.planned_at.tzinfo)
        live.entry = replace(live.entry, started_at=local, fate=Fate.ON_AIR)
        told.entries.append(live.entry)

    def _deck_is_gone(self, output: str, reason: Sentence) -> Told:
        for live in self._lives.values():
            part = live.parts.get(output)
            if part is not None and not part.is_over:
                if part in (Part.SOUNDING, Part.CUT):
                    note(live, Sentence(f"输出 {output} 中断过", f"output {output} was lost for a while"))
                live.parts[output] = Part.LOST
                live.reasons[output] = Sentence(f"输出 {output}：{reason.zh}", f"output {output}: {reason.en}")
        return Told()

    def _deck_is_back(self, output: str, now: datetime) -> Told:
        """Arm again what the old deck process held; what it had begun goes on at its last sentence."""
        told = Told()
        for live in list(self._lives.values()):
            part = live.parts.get(output)
            if part is None or part.is_over:
                continue
            if live.stopped is not None:
                end_stopped(live, output, live.stopped)
            elif part is Part.LOST and live.has_sounded and live.cue.if_interrupted is IfInterrupted.DROP:
                live.parts[output] = Part.ENDED
            elif now > live.last_instant and live.cue.priority is not Priority.EMERGENCY:
                too_late(live, output)
            else:
                live.parts[output] = Part.ARMED
                live.reasons.pop(output, None)
                cue = live.own_cues.get(output, live.cue)
                told.commands.append((output, Arm(cue=rest_of(cue, live, output))))
            self._settle(live, now, told)
        return told

    def _settle(self, live: Live, now: datetime, told: Told) -> None:
        if not all(part.is_over for part in live.parts.values()):
            return
        del self._lives[live.entry.airing]
        parts = set(live.parts.values())
        reasons = [*dict.fromkeys(live.reasons.values())]
        if Part.WHOLE in parts:
            fate, reasons = Fate.AIRED, [*live.notes, *reasons]
        elif live.has_sounded and parts != {Part.UNHEARD}:
            fate = Fate.INTERRUPTED
        else:
            fate = next(iter(live.fates.values()), Fate.FAILED)
        ended_at = live.ended_at or now
        finished_at = ended_at.astimezone(live.entry.planned_at.tzinfo) if live.has_sounded else None
        reason = joined((live.entry.reason, *reasons))
        told.entries.append(replace(live.entry, fate=fate, reason=reason, finished_at=finished_at))


def dead_for(output: str, seconds: float) -> Sentence:
    return Sentence(
        f"输出 {output} 有 {seconds:g} 秒没有声音",
        f"output {output} sent {seconds:g} s of silence",
    )
