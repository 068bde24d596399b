"""Files, approvals, steps, timetable and plan → every script with how it stands, for the list and for the approver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
    body: str = ""
    """For searching."""
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


def shelf(
    library: Library,
    schedule: Schedule,
    known: Register,
    latest: Mapping[ScriptName, Revision],
    plans: Iterable[DayPlan],
    today: date,
) -> tuple[Shelved, ...]:
    """All scripts of *library*, by name, those whose files cannot be used as well."""
    by_name, by_folder = _slots(library, schedule)
    soon = _soon(plans)
    wrong = _wrong(library)
    found = []
    for script in library.scripts:
        last = latest.get(script.name)
        found.append(
            Shelved(
                name=script.name,
                title=script.title,
                standing=Standing.BROKEN if script.name in wrong else _standing(script, known),
                what_is_wrong=wrong.get(script.name, NOTHING_TO_SAY),
                body=script.body,
                author=script.author,
                expires=script.expires,
                is_expired=expired(script, today),
                is_recorded=bool(script.recording),
                slots=tuple(by_name.get(script.name, ())),
                rounds=tuple(by_folder.get(script.folder, ())),
                next_at=soon.get(script.name),
                last=last,
                is_sent_back=last is not None and last.step is Step.SENT_BACK and last.sha256 == script.sha256,
            )
        )
    good = {one.name for one in found}
    found += [
        Shelved(
            name=name,
            title=name.partition("/")[2],
            standing=Standing.BROKEN,
            what_is_wrong=what,
            slots=tuple(by_name.get(name, ())),
            last=latest.get(name),
        )
        for name, what in wrong.items()
        if name not in good
    ]
    return tuple(sorted(found, key=lambda one: one.name))


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


def _slots(library: Library, schedule: Schedule) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    scripts = {script.name: script for script in library.scripts}
    by_name: dict[str, list[str]] = {}
    by_folder: dict[str, list[str]] = {}
    for slot in schedule.slots:
        title = slot.title or slot.id
        for source in slot.play:
            match source:
                case PlayScript(name):
                    said = find_script(scripts, name)
                    by_name.setdefault(said.name if said else name, []).append(title)
                case PlayLeaderboard(name):
                    by_name.setdefault(f"leaderboard/{name}", []).append(title)
                case PlayNext(folder) | PlayLatest(folder):
                    by_folder.setdefault(folder, []).append(title)
    return by_name, by_folder


def _soon(plans: Iterable[DayPlan]) -> dict[str, datetime]:
    """Also what is left out of the plan for want of an approval: it would be heard then."""
    soon: dict[str, datetime] = {}
    for plan in plans:
        for airing in plan.airings:
            if airing.fate in (Fate.PLANNED, Fate.CLAIMED):
                for name in (*airing.scripts, *(one.script for one in airing.left_out)):
                    soon.setdefault(name, airing.starts_at)
    return soon
