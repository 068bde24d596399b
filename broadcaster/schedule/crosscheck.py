"""Schedule + what is on the disk + the days to come → what will not be heard, or not as planned. Pure.

An ERROR here is something that cannot be heard at all, such as a script that is not there; the schedule itself can be
used all the same. A WARNING is heard otherwise than planned: without its chime, late, or in another voice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from broadcaster.model.days import Calendar, DayRule, Holidays, Workdays
from broadcaster.model.texts import Library, ScriptName
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Schedule,
    SlotId,
    Source,
)
from broadcaster.model.words import Complaint, Sentence
from broadcaster.schedule.airtime import Lengths
from broadcaster.schedule.complaints import Complaints, unknown
from broadcaster.schedule.days_ahead import DaysAhead
from broadcaster.schedule.names import unknown_names
from broadcaster.schedule.overlap import warn_of_overlaps, warn_of_quiet_hours

FallsOn = Callable[[DayRule, date, Calendar], bool]

NO_LENGTHS: Mapping[SlotId, timedelta] = MappingProxyType({})
ENGINES = ("pyttsx3", "espeak-ng", "sherpa-onnx", "piper", "http")
HOLIDAYS_WANTED_AHEAD = timedelta(days=60)
"""The State Council announces the next year's holidays in November."""

SCRIPT = Sentence("稿件", "script")
FOLDER = Sentence("稿件文件夹", "folder of scripts")
LEADERBOARD = Sentence("榜", "leaderboard")
RECORDING = Sentence("录音", "recording in audio/recordings/")
CHIME = Sentence("提示音（audio/chimes/ 里）", "chime in audio/chimes/")
ENGINE = Sentence("语音引擎", "speech engine")


def cross_check(
    schedule: Schedule,
    *,
    scripts: Collection[ScriptName] | Library,
    chimes: Collection[str],
    recordings: Collection[str] = (),
    engines: Collection[str] = ENGINES,
    clip_lengths: Mapping[SlotId, timedelta] = NO_LENGTHS,
    today: date,
    falls_on: FallsOn,
) -> tuple[Complaint, ...]:
    """Everything that the schedule asks for and will not get within a year from *today*."""
    complaints = Complaints("schedule.toml")
    names = [script.name for script in scripts.scripts] if isinstance(scripts, Library) else list(scripts)
    zones, voices = {zone.name for zone in schedule.zones}, {voice.name for voice in schedule.voices}
    for path, what in unknown_names(schedule.slots, zones, voices):
        complaints.error(path, what)
    for path, what in _missing_texts(schedule, names, recordings):
        complaints.error(path, what)
    for path, what in _missing_chimes(schedule, chimes):
        complaints.warn(path, what)
    for path, what in _missing_engines(schedule, engines):
        complaints.warn(path, what)
    ahead = DaysAhead(schedule, today, falls_on)
    _warn_of_silent_slots(schedule, ahead, complaints)
    _warn_of_unknown_holidays(schedule, today, falls_on, complaints)
    lengths = Lengths(schedule, scripts, clip_lengths)
    warn_of_quiet_hours(schedule, ahead, lengths, complaints)
    warn_of_overlaps(schedule, ahead, lengths, complaints)
    return complaints.found


# --- what is not there ------------------------------------------------------------------------------------------


def _missing_texts(
    schedule: Schedule, names: Collection[ScriptName], recordings: Collection[str]
) -> Iterator[tuple[str, Sentence]]:
    known = _Known(names, recordings)
    for slot in schedule.slots:
        for source in slot.play:
            what = known.why_not(source)
            if what is not None:
                yield f"slot.{slot.id}.play", what
    for trigger in schedule.triggers:
        what = known.why_not(PlayScript(ScriptName(trigger.script))) if trigger.script else None
        if what is not None:
            yield f"trigger.{trigger.name}.script", what


class _Known:
    """What the folders hold, ready to be asked for."""

    def __init__(self, names: Collection[ScriptName], recordings: Collection[str]) -> None:
        self._names = frozenset[str](names)
        self._folders = {name.partition("/")[0] for name in names}
        self._boards = {name.partition("/")[2] for name in names if name.startswith("leaderboard/")}
        self._recordings = frozenset(recordings)

    def why_not(self, source: Source) -> Sentence | None:
        """Why *source* cannot be played; None: it can."""
        match source:
            case PlayScript(name):
                return None if name in self._names else self._no_script(name)
            case PlayNext(folder) | PlayLatest(folder):
                return None if folder in self._folders else unknown(FOLDER, folder, self._folders)
            case PlayLeaderboard(name):
                return None if name in self._boards else unknown(LEADERBOARD, name, self._boards)
            case PlayRecording(file):
                return None if file in self._recordings else unknown(RECORDING, file, self._recordings)

    def _no_script(self, name: str) -> Sentence | None:
        same_stem = sorted(full for full in self._names if full.rpartition("/")[2] == name)
        match same_stem:
            case [_]:
                return None
            case [first, *_]:
                return Sentence(
                    f"叫 '{name}' 的稿件有 {len(same_stem)} 篇：{'、'.join(same_stem)}。"
                    f"请连文件夹一起写，例如 '{first}'。",
                    f"there are {len(same_stem)} scripts called '{name}': {', '.join(same_stem)}. "
                    f"Write the folder, too, for example '{first}'.",
                )
        folder, slash, _ = name.partition("/")
        if not slash:
            return unknown(SCRIPT, name, {full.rpartition("/")[2] for full in self._names})
        if folder not in self._folders:
            return unknown(FOLDER, folder, self._folders)
        return unknown(SCRIPT, name, (full for full in self._names if full.startswith(f"{folder}/")))


def _missing_chimes(schedule: Schedule, chimes: Collection[str]) -> Iterator[tuple[str, Sentence]]:
    sound = schedule.sound
    wanted = [("sound.chime", sound.chime), ("sound.closing_chime", sound.closing_chime), ("sound.siren", sound.siren)]
    wanted += [(f"slot.{slot.id}.chime", slot.chime or "") for slot in schedule.slots]
    return ((path, unknown(CHIME, name, chimes)) for path, name in wanted if name and name not in chimes)


def _missing_engines(schedule: Schedule, engines: Collection[str]) -> Iterator[tuple[str, Sentence]]:
    voices = {voice.name for voice in schedule.voices}
    for voice in schedule.voices:
        path = "voice" if voice.name == "default" else f"voice.{voice.name}"
        if voice.engine not in engines:
            yield f"{path}.engine", unknown(ENGINE, voice.engine, engines)
        for name in voice.fallback:
            if name not in engines and name not in voices:
                yield f"{path}.fallback", unknown(ENGINE, name, {*engines, *voices})


# --- days -------------------------------------------------------------------------------------------------------


def _warn_of_silent_slots(schedule: Schedule, ahead: DaysAhead, complaints: Complaints) -> None:
    for slot in schedule.slots:
        if slot.is_paused:
            continue
        if slot.last_day is not None and slot.last_day < ahead.first:
            complaints.warn(
                f"slot.{slot.id}.until",
                Sentence(
                    f"'{slot.last_day}' 已经过了，这个时段不会再播。不用了就整段删掉，还要用就改日期。",
                    f"'{slot.last_day}' is over, so this slot is not heard any more. "
                    "Take the slot out, or correct the date.",
                ),
            )
        elif not ahead.of(slot) and (slot.first_day is None or slot.first_day <= ahead.last):
            complaints.warn(
                f"slot.{slot.id}.days",
                Sentence(
                    f"从今天到 {ahead.last}，这个时段一天也播不到。请检查 days、except、from 和 until。",
                    f"this slot falls on no day from today to {ahead.last}. Check days, except, from and until.",
                ),
            )


def _warn_of_unknown_holidays(schedule: Schedule, today: date, falls_on: FallsOn, complaints: Complaints) -> None:
    rules = (rule for slot in schedule.slots for rule in (*slot.days, *slot.except_days))
    if not any(isinstance(rule, Workdays | Holidays) for rule in rules):
        return
    for year in sorted({today.year, (today + HOLIDAYS_WANTED_AHEAD).year}):
        if _has_no_holidays(_days_of(year), schedule.calendar, falls_on):
            complaints.warn(
                "calendar",
                Sentence(
                    f"还不知道 '{year}' 年的放假和调休安排，工作日先按星期一到星期五算。"
                    "请照国务院的通知，把放假的日子写进 days_off，把补班的日子写进 workdays。",
                    f"public holidays and make-up days of '{year}' are not known yet, so Monday to Friday count as "
                    "workdays. Add the announced days off to days_off and the make-up days to workdays.",
                ),
            )


def _has_no_holidays(days: Iterable[date], calendar: Calendar, falls_on: FallsOn) -> bool:
    """Whether every day from Monday to Friday, and no other, is a workday: no real year is like that."""
    workdays = Workdays()
    return all(falls_on(workdays, day, calendar) == (day.weekday() < 5) for day in days)


def _days_of(year: int) -> Iterator[date]:
    return (
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    )
