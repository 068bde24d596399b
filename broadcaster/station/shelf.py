"""Files, approvals, steps, timetable and plan → every script with how it stands, for the list and for the approver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from operator import attrgetter, is_not

from broadcaster.model.airing import DayPlan
from broadcaster.model.revisions import Revision, Step
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayScript, Schedule
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence, Severity
from broadcaster.plan.rounds import find_script
from broadcaster.proof.standing import AsItIs, Earlier, Register, choose
from broadcaster.scripts import expired
from broadcaster.station.sources import script_name

PATH = ("scripts", "folder", "file")
"""What the path of a complaint about a script is made of."""


class Standing(StrEnum):
    APPROVED = "approved"
    CHANGED = "changed"
    """Approved once, and changed since."""
    NEVER = "never"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"
    """Its file cannot be used as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """One script on the shelf."""

    name: ScriptName
    title: str
    standing: Standing
    what_is_wrong: Sentence = NOTHING_TO_SAY
    searched: str = ""
    """Title, text, name and author, without upper case."""
    author: str = ""
    expires: date | None = None
    is_expired: bool = False
    is_recorded: bool = False
    slots: tuple[str, ...] = ()
    """Titles of the slots that say it by its name."""
    rounds: tuple[str, ...] = ()
    """Titles of the slots that go round its folder."""
    next_at: datetime | None = None
    """When it is heard next, or would be if it were approved; None: not within a week."""
    last: Revision | None = None
    """The last step that somebody made on the page."""
    is_sent_back: bool = False
    """The approver wants exactly this revision changed."""

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]

    @property
    def is_waiting(self) -> bool:
        """Whether an approver should look at it."""
        return self.standing in (Standing.CHANGED, Standing.NEVER) and not self.is_expired and not self.is_sent_back


class Shelf(tuple[Shelved, ...]):
    """Every script, by name; what pages ask for is sorted out once."""

    @cached_property
    def by_name(self) -> Mapping[str, Shelved]:
        return {row.name: row for row in self}

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Shelved, ...]]:
        """Each kind that has any, with its rows by name."""
        found: dict[str, list[Shelved]] = {}
        for row in self:
            found.setdefault(row.kind, []).append(row)
        return {kind: tuple(rows) for kind, rows in found.items()}

    @cached_property
    def waiting(self) -> tuple[Shelved, ...]:
        """What somebody should look at: what airs soonest first; of the others those changed before those never
        approved."""
        waiting = [row for row in self if row.is_waiting]
        soon = sorted((row.next_at, row.name, row) for row in waiting if row.next_at is not None)
        others = [row for row in waiting if row.next_at is None]
        changed = [row for row in others if row.standing is Standing.CHANGED]
        never = [row for row in others if row.standing is not Standing.CHANGED]
        return (*(row for _, _, row in soon), *changed, *never)

    @cached_property
    def sent_back(self) -> tuple[Shelved, ...]:
        return tuple(row for row in self if row.is_sent_back)


class Rows:
    """The rows that were made last: of ten thousand scripts a change makes one anew. Owned by one thread at a time."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self._made: dict[ScriptName, tuple[Script, Shelved]] = {}
        self._about: tuple[object, ...] = ()

    def about(self, *facts: object) -> None:
        """What all rows go by. When it is another, all are made anew."""
        if facts != self._about:
            self._made, self._about = {}, facts

    def still(self, script: Script, last: Revision | None, next_at: datetime | None) -> Shelved | None:
        """The row of before, where nothing has changed of the script; None: make it anew."""
        made = self._made.get(script.name)
        if made is None or made[0] is not script or made[1].next_at != next_at or made[1].last != last:
            return None
        return made[1]

    def keep(self, made: dict[ScriptName, tuple[Script, Shelved]], found: Iterable[Shelved]) -> Shelf:
        """From now on these are known. The shelf of before, where all of it is still the same."""
        self._made = made
        shelf = Shelf(found)
        if len(shelf) != len(self.shelf) or any(map(is_not, shelf, self.shelf)):
            self.shelf = shelf
        return self.shelf


def shelf(
    library: Library,
    schedule: Schedule,
    known: Register,
    latest: Mapping[ScriptName, Revision],
    plans: Iterable[DayPlan],
    today: date,
    rows: Rows | None = None,
) -> Shelf:
    """All scripts of *library*, by name, those whose files cannot be used as well. *rows*: those of before."""
    rows = rows or Rows()
    by_name, by_folder = _slots(library, schedule)
    soon = _soon(plans)
    wrong = _wrong(library)
    rows.about(known, by_name, by_folder, wrong, today)
    made: dict[ScriptName, tuple[Script, Shelved]] = {}
    for script in library.scripts:
        last, next_at = latest.get(script.name), soon.get(script.name)
        row = rows.still(script, last, next_at) or Shelved(
            name=script.name,
            title=script.title,
            searched=f"{script.title}\n{script.body}\n{script.name}\n{script.author}".casefold(),
            author=script.author,
            expires=script.expires,
            is_recorded=bool(script.recording),
            standing=Standing.BROKEN if script.name in wrong else _standing(script, known),
            what_is_wrong=wrong.get(script.name, NOTHING_TO_SAY),
            is_expired=expired(script, today),
            slots=by_name.get(script.name, ()),
            rounds=by_folder.get(script.folder, ()),
            next_at=next_at,
            last=last,
            is_sent_back=last is not None and last.step is Step.SENT_BACK and last.sha256 == script.sha256,
        )
        made[script.name] = (script, row)
    broken = [
        Shelved(
            name=name,
            title=name.partition("/")[2],
            standing=Standing.BROKEN,
            what_is_wrong=what,
            searched=name.casefold(),
            slots=by_name.get(name, ()),
            last=latest.get(name),
        )
        for name, what in wrong.items()
        if name not in made
    ]
    found = [row for _, row in made.values()]
    return rows.keep(made, sorted((*found, *broken), key=attrgetter("name")))


def _wrong(library: Library) -> dict[ScriptName, Sentence]:
    """Scripts whose files cannot be used. Of some the library still holds the text they had before."""
    wrong: dict[ScriptName, Sentence] = {}
    for one in library.complaints:
        is_script = one.file.endswith((".txt", ".md")) and one.file.count("/") == len(PATH) - 1
        if one.severity is Severity.ERROR and is_script:
            wrong.setdefault(script_name(one.file), one.what)
    return wrong


def _standing(script: Script, known: Register) -> Standing:
    match choose(script.name, script.sha256, known):
        case AsItIs():
            return Standing.APPROVED
        case Earlier():
            return Standing.CHANGED
        case choice:
            return Standing.WITHDRAWN if choice.withdrawal else Standing.NEVER


def _slots(library: Library, schedule: Schedule) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    by_name: dict[str, list[str]] = {}
    by_folder: dict[str, list[str]] = {}
    for slot in schedule.slots:
        title = slot.title or slot.id
        for source in slot.play:
            match source:
                case PlayScript(name):
                    said = find_script(library.by_name, name)
                    by_name.setdefault(said.name if said else name, []).append(title)
                case PlayLeaderboard(name):
                    by_name.setdefault(f"leaderboard/{name}", []).append(title)
                case PlayNext(folder) | PlayLatest(folder):
                    by_folder.setdefault(folder, []).append(title)
    return _frozen(by_name), _frozen(by_folder)


def _frozen(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(titles) for name, titles in found.items()}


def _soon(plans: Iterable[DayPlan]) -> dict[str, datetime]:
    """Also what is left out of the plan for want of an approval: it would be heard then."""
    soon: dict[str, datetime] = {}
    for plan in plans:
        for airing in plan.airings:
            if airing.fate in (Fate.PLANNED, Fate.CLAIMED):
                for name in (*airing.scripts, *(one.script for one in airing.left_out)):
                    soon.setdefault(name, airing.starts_at)
    return soon
