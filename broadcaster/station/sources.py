"""schedule.toml, scripts/ and audio/ on the disk → what is in force. A mistake leaves the old in force and says so."""

from __future__ import annotations

import logging
import os
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from broadcaster.dates import falls_on
from broadcaster.durable import write_durably
from broadcaster.home import Home
from broadcaster.library import ScriptFolder
from broadcaster.model.texts import Library, ScriptName
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.ports import Trail
from broadcaster.schedule import ParsedSchedule, parse_schedule
from broadcaster.schedule.crosscheck import cross_check
from broadcaster.schedule.own_words import LEXICON, OwnWords, parse_own_words
from broadcaster.station.night import NightKeeper
from broadcaster.written import read_written

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
LARGEST_SCHEDULE_BYTES = 2_000_000
SCHEDULE = "schedule.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the station goes by, and what is wrong in the files beside it."""

    schedule: Schedule = field(default_factory=Schedule)
    library: Library = field(default_factory=Library)
    lexicon: tuple[tuple[str, str], ...] = ()
    """Words with numbered pinyin: those of schedule.toml, then those of lexicon.toml, which win."""
    complaints: tuple[Complaint, ...] = ()
    is_old: bool = False
    """True: schedule.toml has a mistake, and an earlier one is in force."""


class Sources:
    """Looks at the files and keeps the last that could be used."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._next_look = float("-inf")
        self._wants_look = False
        self._schedule_stamp: Hashable = None
        self._scripts: ScriptFolder | None = None
        self._audio_stamp: Hashable = None
        self._lexicon_stamp: Hashable = None
        self._day: date | None = None
        self._parsed = ParsedSchedule(schedule=None, complaints=())
        self._schedule: Schedule | None = None
        self._library = Library()
        self._own_words = OwnWords()
        self.night = NightKeeper(home)
        self.in_force = InForce()
        self.version = 0
        """Grows with every change."""

    def refresh(self, today: date, monotonic: float) -> bool:
        """Look at the files, at most once a second; whether anything changed. Never raises for what is in them."""
        is_between, self._wants_look = self._wants_look, False
        if monotonic < self._next_look and not is_between:
            return False
        if not is_between:
            self._next_look = monotonic + LOOK_EVERY_S
        self.night.keep()
        schedule = self._changed("_schedule_stamp", file_stamp(self._home.schedule))
        library = self._look_at_scripts(is_between=is_between)
        audio = self._changed("_audio_stamp", audio_stamp(self._home.audio))
        lexicon = self._changed("_lexicon_stamp", file_stamp(self._home.lexicon))
        is_new_day, self._day = self._day != today, today
        if schedule:
            self._read_schedule()
        if lexicon:
            self._own_words = read_own_words(self._home.lexicon, self._own_words)
        if schedule or library or audio or lexicon or is_new_day:
            self._put_in_force(today)
        return schedule or library or audio or lexicon

    def look_now(self) -> None:
        """The files were just changed from here: the next ``refresh`` looks, however soon it comes."""
        self._wants_look = True

    def accept_night(self, wished: str, *, who: str, now: datetime, trail: Trail) -> None:
        """The owner agrees that the hours are loud which schedule.toml wishes so. Raises Refused and StoreFailed."""
        self.night.accept(wished, who=who, now=now, trail=trail)
        self._schedule_stamp = None
        self.look_now()

    def _look_at_scripts(self, *, is_between: bool) -> bool:
        if self._scripts is None:
            self._scripts = ScriptFolder(self._home.scripts)
        elif not self._scripts.look(is_between=is_between):
            return False
        self._library = keep_the_last_good(self._library, self._scripts.library)
        return True

    def _changed(self, name: str, stamp: Hashable) -> bool:
        if getattr(self, name) == stamp:
            return False
        setattr(self, name, stamp)
        return True

    def _read_schedule(self) -> None:
        text, complaint = read_schedule_text(self._home.schedule)
        if text is None:
            self._parsed = ParsedSchedule(schedule=None, complaints=(complaint,) if complaint else ())
        else:
            self._parsed = parse_schedule(text)
        if self._parsed.schedule is not None:
            self._schedule = self._parsed.schedule
            self.night.see(self._schedule.station)
            self._keep(text or "")
        elif self._schedule is None and (schedule := self._last_good()) is not None:
            self._schedule = schedule
            self.night.see(schedule.station)
        for complaint in self._parsed.complaints:
            level = logging.ERROR if complaint.severity is Severity.ERROR else logging.WARNING
            log.log(level, "schedule.toml: %s", complaint.text("en"))

    def _keep(self, text: str) -> None:
        data = text.encode()
        try:
            if not self._home.good_schedule.exists() or self._home.good_schedule.read_bytes() != data:
                self._home.var.mkdir(parents=True, exist_ok=True)
                write_durably(self._home.good_schedule, data)
        except OSError as error:
            log.warning("the good schedule cannot be kept beside: %s", error)

    def _last_good(self) -> Schedule | None:
        text, _ = read_schedule_text(self._home.good_schedule)
        return None if text is None else parse_schedule(text).schedule

    def _put_in_force(self, today: date) -> None:
        schedule = self._schedule or Schedule()
        schedule = replace(schedule, station=self.night.in_force(schedule.station))
        complaints = self._parsed.complaints + self._library.complaints + self._own_words.complaints
        if self._parsed.schedule is not None:
            complaints += check_against_files(schedule, self._library, self._home.audio, today)
        complaints += missing_recordings(self._library, self._home.audio)
        if self.night.asked is not None:
            complaints += (self.night.asked.complaint,)
        self.in_force = InForce(
            schedule=schedule,
            library=self._library,
            lexicon=schedule.lexicon + (self._own_words.lexicon or ()),
            complaints=complaints,
            is_old=self._parsed.schedule is None,
        )
        self.version += 1


def check_against_files(schedule: Schedule, library: Library, audio: Path, today: date) -> tuple[Complaint, ...]:
    """What the schedule asks for and the folders do not hold, and what overlaps."""
    return cross_check(
        schedule,
        scripts=library,
        chimes=[path.stem for path in files_in(audio / "chimes") if path.suffix == ".wav"],
        recordings=[path.name for path in files_in(audio / "recordings")],
        today=today,
        falls_on=falls_on,
    )


def missing_recordings(library: Library, audio: Path) -> tuple[Complaint, ...]:
    """The scripts whose recorded reading is not there: a voice speaks them."""
    there = {path.name for path in files_in(audio / "recordings")}
    return tuple(
        Complaint(
            file=f"scripts/{script.name}",
            path="recording",
            what=Sentence(
                f"audio/recordings/ 里没有 '{script.recording}'，由合成的声音来念。请把录音放进去，或者删掉这一行。",
                f"there is no '{script.recording}' in audio/recordings/, so a voice speaks. "
                "Put the recording there, or take the line out.",
            ),
            severity=Severity.WARNING,
        )
        for script in library.scripts
        if script.recording and script.recording not in there
    )


def read_schedule_text(path: Path) -> tuple[str | None, Complaint | None]:
    """The text of the file, or why there is none."""
    try:
        if path.stat().st_size > LARGEST_SCHEDULE_BYTES:
            return None, _complaint(
                f"文件太大（超过 {LARGEST_SCHEDULE_BYTES} 字节），不像节目表。",
                f"the file is larger than {LARGEST_SCHEDULE_BYTES} bytes; that is no timetable.",
            )
        written = read_written(path.read_bytes())
    except OSError as error:
        return None, _complaint(
            f"读不了：{error.strerror or error}。请放回 schedule.toml，或运行 dalaba init 建一个新站。",
            f"cannot be read: {error.strerror or error}. Put schedule.toml back, or make a new station: dalaba init.",
        )
    if written is None:
        return None, _complaint(
            "不是文本文件，或者编码认不出来。请存成 UTF-8 文本。",
            "is no text file, or its encoding is unknown. Save it as UTF-8 text.",
        )
    return written.text, None


def read_own_words(path: Path, before: OwnWords) -> OwnWords:
    """The words of lexicon.toml; none where there is no such file; where it cannot be read, those of *before*."""
    try:
        if path.stat().st_size > LARGEST_SCHEDULE_BYTES:
            unreadable = Sentence(
                f"文件太大（超过 {LARGEST_SCHEDULE_BYTES} 字节），不像词表。",
                f"the file is larger than {LARGEST_SCHEDULE_BYTES} bytes; that is no lexicon.",
            )
            return _still(before, Complaint(file=LEXICON, path="", what=unreadable))
        written = read_written(path.read_bytes())
    except FileNotFoundError:
        return OwnWords()
    except OSError as error:
        why = error.strerror or str(error)
        what = Sentence(f"读不了：{why}。请检查文件权限。", f"cannot be read: {why}. Check its permissions.")
        return _still(before, Complaint(file=LEXICON, path="", what=what))
    if written is None:
        what = Sentence(
            "不是文本文件，或者编码认不出来。请存成 UTF-8 文本。",
            "is no text file, or its encoding is unknown. Save it as UTF-8 text.",
        )
        return _still(before, Complaint(file=LEXICON, path="", what=what))
    now = parse_own_words(written.text)
    return now if now.lexicon is not None else _still(before, *now.complaints)


def _still(before: OwnWords, *complaints: Complaint) -> OwnWords:
    return OwnWords(lexicon=before.lexicon, complaints=complaints)


def keep_the_last_good(before: Library, now: Library) -> Library:
    """The new library; where a script or reading has a mistake, the last good one; where the folder vanished, all."""
    errors = [complaint for complaint in now.complaints if complaint.severity is Severity.ERROR]
    if any("/" not in complaint.file for complaint in errors) and not now.scripts:
        return Library(scripts=before.scripts, complaints=now.complaints, readings=before.readings)
    broken = {script_name(complaint.file) for complaint in errors}
    readings = now.readings + tuple(one for one in before.readings if f"{one.script}.reading" in broken)
    there = {script.name for script in now.scripts}
    kept = [script for script in before.scripts if script.name in broken and script.name not in there]
    return Library(
        scripts=tuple(sorted((*now.scripts, *kept), key=lambda script: script.name)),
        complaints=now.complaints,
        readings=readings,
    )


def file_stamp(path: Path) -> Hashable:
    """Something that differs after the file was changed, replaced or removed."""
    try:
        status = path.stat()
    except OSError as error:
        return ("unreadable", error.errno)
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def audio_stamp(audio: Path) -> Hashable:
    """Something that differs after a chime or recording was added, changed or removed."""
    return tuple(
        (str(path), file_stamp(path))
        for folder in ("chimes", "recordings", "emergency")
        for path in files_in(audio / folder)
    )


def files_in(folder: Path) -> list[Path]:
    """The files right in *folder*, by name; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_file())
    except OSError:
        return []


def script_name(file: str) -> ScriptName:
    """The script whose file a complaint names: ``scripts/study/010-a.txt`` → ``study/010-a``."""
    return ScriptName(file.partition("/")[2].rpartition(".")[0])


def _complaint(zh: str, en: str) -> Complaint:
    return Complaint(file=SCHEDULE, path="", what=Sentence(zh, en))
