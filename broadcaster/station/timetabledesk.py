"""Where a person looks at the timetable and changes it, while the station runs. For the pages.

The parser of the station is the judge: a change is tried on the text of the file, shown with all that it means, and
only then written, durably, and never when the file would have a mistake.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from broadcaster.dates import day_marks, falls_on
from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.days import DayMarks
from broadcaster.model.hours import DEFAULT_QUIET_HOURS
from broadcaster.model.timetable import Schedule, Slot
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.plan.difference import Differing, difference
from broadcaster.plan.due import Due, timetable
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.day_words import said, split_days
from broadcaster.schedule.editing import slot_lines, slot_values
from broadcaster.schedule.table_editing import TablePath, head, table_values
from broadcaster.station.books import PlanBooks
from broadcaster.station.kept_timetables import KeptTimetable, KeptTimetables
from broadcaster.station.sources import check_against_files, files_in, read_schedule_text
from broadcaster.station.timetable_changes import (
    Changed,
    RestoreVersion,
    SlotDifference,
    TimetableChange,
    changed,
    lines_of_tables,
    other_tables,
    slot_differences,
)
from broadcaster.written import read_written

log = logging.getLogger(__name__)

DAYS_PREVIEWED = 14
NIGHT_WORDS = ("夜里播", "night")
"""What has to be typed before anything is heard at an hour when people sleep."""

SOMEBODY_ELSE = Sentence(
    "您看着的时候，节目表又被改过了，没有写进去。请看看现在的样子，再改一次。",
    "the timetable was changed while you were looking, so nothing was written. Look at it as it is now, and try again.",
)
NOT_AT_NIGHT = Sentence(
    "这个时间村里人在睡觉。真要夜里播，请在下面写上“夜里播”三个字。",
    "people sleep at that hour. If it shall be heard at night, type the word 'night' below.",
)
HAS_MISTAKES = Sentence("还有写错的地方，没有写进节目表。", "there are still mistakes, so nothing was written.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableDay:
    """One day of the calendar, and what is heard on it by the timetable alone."""

    marks: DayMarks
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What is in force, and the version of the file."""

    schedule: Schedule
    version: str
    """A hash of the file's text; empty: it cannot be read."""
    is_old: bool
    """True: the file has a mistake, and an earlier timetable is in force."""
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a slot may be made of."""

    scripts: tuple[tuple[str, str], ...]
    """Name and title."""
    folders: tuple[str, ...]
    leaderboards: tuple[tuple[str, str], ...]
    recordings: tuple[str, ...]
    chimes: tuple[str, ...]
    voices: tuple[str, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change as it would be, before anything is written."""

    base: str
    """The version of the file that it was made for."""
    slot: str
    what: Sentence
    complaints: tuple[Complaint, ...]
    """Of the slot itself, and whatever in the file was not wrong before."""
    differences: tuple[Differing, ...]
    slots: tuple[SlotDifference, ...]
    tables: tuple[str, ...]
    """What else is changed in the file; only where a version is restored."""
    is_at_night: bool
    """True: it has to be confirmed by a typed word."""
    changed: Changed

    @property
    def is_fit(self) -> bool:
        return all(complaint.severity is not Severity.ERROR for complaint in self.complaints)

    @property
    def does_nothing(self) -> bool:
        return not self.slots and not self.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written, for the trail."""

    slot: str
    what: Sentence
    before: str
    after: str


class TimetableDesk:
    """May be used from any thread."""

    def __init__(self, home: Home, books: PlanBooks, now: Callable[[], datetime], written: Callable[[], None]) -> None:
        self._home = home
        self._books = books
        self._now = now
        self._written = written
        self._kept = KeptTimetables(home.var / "timetable")
        self._pen = threading.Lock()

    # --- looking --------------------------------------------------------------------------------------------

    def look(self) -> Timetable:
        in_force = self._books.sources.in_force
        text, _ = read_schedule_text(self._home.schedule)
        return Timetable(
            schedule=in_force.schedule,
            version="" if text is None else version_of(text),
            is_old=in_force.is_old,
            complaints=tuple(one for one in in_force.complaints if one.file == "schedule.toml"),
        )

    def days(self, first: date, count: int) -> tuple[TimetableDay, ...]:
        """The days from *first* on, by the timetable alone, whatever people changed for a day."""
        schedule = self._books.schedule
        return tuple(
            TimetableDay(
                marks=day_marks(day, schedule.calendar),
                due=tuple(sorted(timetable(schedule, day, falls_on), key=lambda due: due.starts_at)),
            )
            for day in (first + timedelta(days=number) for number in range(count))
        )

    def offers(self) -> Offers:
        in_force = self._books.sources.in_force
        scripts = [(str(script.name), script.title) for script in in_force.library.scripts]
        boards = [(name.partition("/")[2], title) for name, title in scripts if name.startswith("leaderboard/")]
        return Offers(
            scripts=tuple(one for one in scripts if not one[0].startswith(("leaderboard/", "emergency/"))),
            folders=tuple(dict.fromkeys(name.partition("/")[0] for name, _ in scripts if "/" in name)),
            leaderboards=tuple(boards),
            recordings=tuple(path.name for path in files_in(self._home.audio / "recordings")),
            chimes=tuple(path.stem for path in files_in(self._home.audio / "chimes") if path.suffix == ".wav"),
            voices=tuple(voice.name for voice in in_force.schedule.voices),
            zones=tuple(zone.name for zone in in_force.schedule.zones),
        )

    def written(self, slot: str) -> dict[str, object]:
        """The keys of a slot as they stand in the file. Raises Refused."""
        return slot_values(self._text(), slot)

    def written_table(self, table: TablePath) -> dict[str, object] | None:
        """The keys of a table beside the slots as they stand in the file; None: it is not there. Raises Refused."""
        return table_values(self._text(), table)

    def would_be(self, change: TimetableChange) -> Schedule | None:
        """The timetable with *change*; None when it has mistakes. Nothing is written. Raises Refused."""
        return self._judge(changed(self._text(), change).text)[0]

    def history(self) -> tuple[KeptTimetable, ...]:
        """The versions that were kept, the newest first."""
        return tuple(self._kept.all())

    def before_the_last(self, version: str) -> tuple[KeptTimetable, KeptTimetable] | None:
        """The last version and the one before it; None unless a person wrote the last here and it is still there."""
        kept = self._kept.all()
        last, before = next(kept, None), next(kept, None)
        if last is None or before is None or not last.who or version_of(last.text) != version:
            return None
        return last, before

    @staticmethod
    def days_of(slot: Slot) -> Sentence:
        """On which days a slot is heard, in words."""
        return said(slot.days)

    @staticmethod
    def boxes(days: object) -> tuple[frozenset[str], tuple[str, ...]]:
        """Days as they are written → boxes to tick, and the words that have none."""
        return split_days(days)

    # --- changing -------------------------------------------------------------------------------------------

    def propose(self, change: TimetableChange) -> Proposal:
        """What *change* would mean; nothing is written. Raises Refused when it cannot be made at all."""
        return self._proposal(self._text(), change)

    def put_in_force(self, change: TimetableChange, base: str, *, who: str, night: str = "") -> Written:
        """Write it. Raises Refused, and nothing is changed: somebody else was quicker, there are mistakes, it is at
        night and *night* is not the word for that, or the disk does not take it."""
        with self._pen:
            text = self._text()
            if version_of(text) != base:
                raise Refused(SOMEBODY_ELSE)
            proposal = self._proposal(text, change)
            if not proposal.is_fit:
                raise Refused(HAS_MISTAKES)
            if proposal.is_at_night and night.strip().strip("“”\"'").casefold() not in NIGHT_WORDS:
                raise Refused(NOT_AT_NIGHT)
            self._write(text, proposal.changed, who)
        self._written()
        return _written(text, proposal)

    def _write(self, before: str, new: Changed, who: str) -> None:
        try:
            self._kept.keep_what_is_there(before, self._now())
            write_durably(self._home.schedule, new.text.encode())
        except OSError as error:
            raise Refused(
                Sentence(
                    f"写不进去：{error.strerror or error}。节目表没有变。请检查磁盘满没满。",
                    f"it cannot be written: {error.strerror or error}. The timetable is as before. Is the disk full?",
                )
            ) from error
        try:
            self._kept.keep(new.text, at=self._now(), who=who, what=new.what)
        except OSError as error:
            log.warning("this version of the timetable is not kept for undo: %s", error)

    def _proposal(self, text: str, change: TimetableChange) -> Proposal:
        kept = self._kept.version(change.number) if isinstance(change, RestoreVersion) else None
        new = _as_read(changed(text, change, kept.text if kept else None))
        before, complaints_before = self._judge(text)
        after, complaints = self._judge(new.text)
        before = before or self._books.schedule
        return Proposal(
            base=version_of(text),
            slot=new.slot,
            what=new.what,
            complaints=tuple(one for one in complaints if _concerns(one, new) or one not in complaints_before),
            differences=()
            if after is None
            else difference(before, after, self._now(), DAYS_PREVIEWED, falls_on=falls_on),
            slots=slot_differences(text, new.text),
            tables=other_tables(text, new.text),
            is_at_night=after is not None and bool(_at_night(after) - _at_night(before)),
            changed=new,
        )

    def _judge(self, text: str) -> tuple[Schedule | None, tuple[Complaint, ...]]:
        """The schedule, when it can be used, and all that is wrong with it and with the files it names."""
        parsed = parse_schedule(text)
        if parsed.schedule is None:
            return None, parsed.complaints
        library = self._books.sources.in_force.library
        today = self._now().astimezone(parsed.schedule.station.zone).date()
        return parsed.schedule, parsed.complaints + check_against_files(
            parsed.schedule, library, self._home.audio, today
        )

    def _text(self) -> str:
        text, complaint = read_schedule_text(self._home.schedule)
        if text is None:
            raise Refused(complaint.what if complaint else HAS_MISTAKES)
        return text


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _as_read(new: Changed) -> Changed:
    """With the text as the station will read it from the disk: some signs do not come back as they were written."""
    written = read_written(new.text.encode("utf-8", "replace"))
    if written is None:
        raise Refused(HAS_MISTAKES)
    return replace(new, text=written.text)


def _concerns(complaint: Complaint, new: Changed) -> bool:
    path = f"slot.{new.slot}" if new.slot else ".".join(new.table)
    return bool(path) and (complaint.path == path or complaint.path.startswith(f"{path}."))


def _at_night(schedule: Schedule) -> set[tuple[str, time]]:
    """What is heard while people usually sleep, whatever hours the station is told to keep quiet."""
    return {
        (slot.id, moment)
        for slot in schedule.slots
        for moment in slot.at
        if not slot.is_paused and any(hours.contains(moment) for hours in DEFAULT_QUIET_HOURS)
    }


def _written(before: str, proposal: Proposal) -> Written:
    new = proposal.changed
    if new.slot:
        return Written(
            slot=new.slot, what=new.what, before=slot_lines(before, new.slot), after=slot_lines(new.text, new.slot)
        )
    ids = [one.slot for one in proposal.slots]
    old, now = lines_of_tables(before, new.text)
    return Written(
        slot=head(new.table) if new.table else " ".join((*ids, *proposal.tables)),
        what=new.what,
        before="\n\n".join(filter(None, (*(slot_lines(before, id_) for id_ in ids), old))),
        after="\n\n".join(filter(None, (*(slot_lines(new.text, id_) for id_ in ids), now))),
    )
