"""Where a person looks up what was heard: entries page by page, the clip and the text of each, minutes of sound."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from broadcaster.errors import StoreFailed
from broadcaster.library import script_in
from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.clip import RECORDING
from broadcaster.model.logbook import DayOfSound, LogPage, LogQuestion, is_wanted
from broadcaster.model.revisions import Step
from broadcaster.model.texts import ScriptName
from broadcaster.ports import Approvals, LogBook, Revisions
from broadcaster.station.books import PlanBooks

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidText:
    """What one script of an airing said."""

    script: str
    title: str
    text: str
    """As written, blanks and all; empty: it is not there any more."""
    is_of_then: bool
    """True: it was kept at that time; False: it is the script as it stands now."""


class LogDesk:
    """May be used from any thread."""

    def __init__(
        self,
        books: PlanBooks,
        logbook: LogBook,
        revisions: Revisions,
        approvals: Approvals,
        clip_path: Callable[[str], Path],
        unwritten: Callable[[], tuple[LogEntry, ...]],
        recorded: Callable[[str], Path | None],
    ) -> None:
        """*recorded*: what was said live under a key; None: nothing that is still there."""
        self._books = books
        self._logbook = logbook
        self._revisions = revisions
        self._approvals = approvals
        self._clip_path = clip_path
        self._unwritten = unwritten
        self._recorded = recorded

    def page(self, question: LogQuestion, limit: int) -> LogPage:
        """Answers, the newest first; the first page also has what only memory knows. Raises StoreFailed."""
        page = self._logbook.page(question, limit)
        fresh = {entry.airing: entry for entry in self._unwritten()}
        stored = {entry.airing for entry in page.entries}
        entries = [fresh.get(entry.airing, entry) for entry in page.entries]
        if question.behind is None:
            entries += [one for id_, one in fresh.items() if id_ not in stored and is_wanted(one, question)]
            entries.sort(key=lambda entry: (entry.planned_at, entry.airing), reverse=True)
        return replace(page, entries=tuple(entries))

    def entry(self, id_: AiringId) -> LogEntry | None:
        """None: there is none. Raises StoreFailed."""
        fresh = next((entry for entry in self._unwritten() if entry.airing == id_), None)
        return fresh or self._logbook.entry(id_)

    def clip(self, key: str) -> Path | None:
        """The file of a clip, or of what was said live; None: it was cleared away, or never made."""
        if not _KEY.fullmatch(key):
            return None
        path = self._clip_path(key)
        return path if path.is_file() else self._recorded(key)

    def texts(self, entry: LogEntry) -> tuple[SaidText, ...]:
        """What an airing said, script by script, as it was then where that is known. Never raises."""
        return tuple(self._text(name, entry.planned_at) for name in entry.scripts)

    def minutes(self, first: date, last: date) -> tuple[DayOfSound, ...]:
        """How long each zone had sound on each day, whatever zones the airings named. Raises StoreFailed."""
        schedule = self._books.schedule
        zone = schedule.station.zone
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        midnights = [datetime.combine(day, time(), zone) for day in (*days, last + timedelta(days=1))]
        names = [each.name for each in schedule.zones]
        made = []
        for day, heard in zip(days, self._logbook.sound_by_day(midnights), strict=True):
            sums = dict.fromkeys(names, timedelta())
            for zones, length in heard.items():
                for name in self._zones_reached(zones):
                    sums[name] += length
            made.append(DayOfSound(day=day, by_zone=sums))
        return tuple(made)

    def _zones_reached(self, zones: tuple[str, ...]) -> list[str]:
        """Those that share a horn with *zones*: what is said to all is heard in the east, too."""
        schedule = self._books.schedule
        outputs = set(schedule.outputs_of(zones))
        return [each.name for each in schedule.zones if outputs & set(each.outputs)]

    def _text(self, name: ScriptName, then: datetime) -> SaidText:
        if name.startswith(RECORDING):
            return SaidText(script=name, title=name.removeprefix(RECORDING), text="", is_of_then=True)
        kept = self._kept(name, then)
        if kept is not None:
            return kept
        script = self._books.sources.in_force.library.by_name.get(name)
        if script is not None:
            return SaidText(script=name, title=script.title, text=script.body, is_of_then=False)
        return SaidText(script=name, title=name, text="", is_of_then=False)

    def _kept(self, name: ScriptName, then: datetime) -> SaidText | None:
        try:
            steps = [one for one in self._revisions.steps(name) if one.at <= then and one.step is not Step.NOT_TAKEN]
            content = self._approvals.content(steps[-1].sha256) if steps else None
        except StoreFailed:
            return None
        script = None if content is None else script_in(name, content, file=f"scripts/{name}")[0]
        if script is None:
            return None
        return SaidText(script=name, title=script.title, text=script.body, is_of_then=True)
