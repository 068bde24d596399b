"""What a slot will say on a day: by name, the latest, or the next of a folder.

``next:FOLDER`` takes the script whose last use is longest ago, so a folder goes round without a repeat, across
restarts, and whatever is added or taken away on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from broadcaster.model.airing import LeftOut
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayRecording, PlayScript, Source
from broadcaster.model.words import Sentence

Unfit = Callable[[Script, date], Sentence | None]
"""Why a script cannot be said on a day: expired, or a blank that nothing fills; None: it can."""


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


class Rounds:
    """Goes round the folders while days are planned one after the other."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
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
                script = self._first_fit(reversed(self._facts.library.in_folder(folder)), day, left_out)
            case PlayLeaderboard(name):
                script = self._named(f"leaderboard/{name}", day, left_out)
            case PlayScript(name):
                script = self._named(name, day, left_out)
        return None if script is None else (script.name, script.title)

    def _next(self, folder: str, day: date, left_out: list[LeftOut]) -> Script | None:
        queue = self._folders.get(folder)
        if queue is None:
            uses, scripts = self._facts.uses, self._facts.library.in_folder(folder)
            # Most were never heard, and come by name as they are: to sort thousands took most of a day's plan.
            never = (script for script in scripts if script.name not in uses)
            heard = [script for script in scripts if script.name in uses]
            queue = deque((*never, *sorted(heard, key=lambda script: uses[script.name])))
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
        script = find_script(self._facts.library.by_name, name)
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
