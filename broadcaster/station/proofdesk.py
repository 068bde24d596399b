"""Where a person looks at a script, approves it or takes that back, while the station runs. For the pages.

Reading a text loads the libraries of speech, so they come with the first look; the planner is never kept waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.errors import Refused
from broadcaster.model.approval import Approval
from broadcaster.model.texts import Reading, ScriptName
from broadcaster.model.words import Sentence
from broadcaster.ports import Approvals, Revisions
from broadcaster.station.books import PlanBooks

if TYPE_CHECKING:
    from broadcaster.station.proofs import Proof

OWN_WORDS = Sentence(
    "这一版是您自己写的。本站是严格模式（strict），要请另一个人来批。",
    "you wrote this revision yourself. The station is strict: somebody else has to approve it.",
)
CHANGED = Sentence(
    "您看过以后，这篇稿件又改了。没有批准，请再看一遍。",
    "the script was changed after you looked at it. It was not approved; look again.",
)


class ProofDesk:
    """May be used from any thread."""

    def __init__(
        self,
        books: PlanBooks,
        approvals: Approvals,
        scripts: Path,
        now: Callable[[], datetime],
        decided: Callable[[], None],
        revisions: Revisions,
    ) -> None:
        self._books = books
        self._approvals = approvals
        self._scripts = scripts
        self._now = now
        self._decided = decided
        self._revisions = revisions

    def look(self, name: ScriptName, on: date | None = None) -> Proof:
        """The script as it lies on the disk, read for a day; None: today. Raises Refused."""
        from broadcaster.station.proofs import proof

        bulletins, files = self._books.bulletins, self._books.sources.in_force.library
        return proof(self._scripts, name, bulletins, files, on or self._local().date())

    def read(self, text: str) -> Reading:
        """How any text would be read now. Never raises for what is in it."""
        from broadcaster.render.reading import read_any

        return read_any(text, self._books.bulletins.lexicon())

    def approve(
        self, name: ScriptName, sha256: str, *, who: str, on: date | None = None, why: str = "", anew: bool = False
    ) -> Approval:
        """The very bytes that somebody looked at, by their hash, may be heard. *anew*: in today's reading.

        Raises Refused, also when the file has changed since, and on a strict station when *who* wrote it;
        ReadingUnusable, and StoreFailed.
        """
        from broadcaster.station.proofs import content_hash
        from broadcaster.station.signing import approve

        found = self.look(name, on)
        if content_hash(found.content) != sha256:
            raise Refused(CHANGED)
        if not self.may_approve(found.script.name, sha256, who):
            raise Refused(OWN_WORDS)
        reading = found.reading if anew else found.spoken
        made = approve(self._approvals, self._scripts, found, reading, who=who, at=self._local(), why=why)
        self._decided()
        return made

    def may_approve(self, name: ScriptName, sha256: str, who: str) -> bool:
        """On a strict station nobody approves what they wrote themselves. Raises StoreFailed."""
        from broadcaster.station.scriptdesk import writers

        return not self.is_strict or who.strip().casefold() not in writers(self._revisions, name, sha256)

    @property
    def is_strict(self) -> bool:
        return self._books.schedule.station.is_strict

    def withdraw(self, name: ScriptName, *, who: str, why: str = "") -> Approval:
        """Take the approval back. Raises Refused and StoreFailed."""
        from broadcaster.station.signing import withdraw

        made = withdraw(self._approvals, self._scripts, name, who=who, at=self._local(), why=why)
        self._decided()
        return made

    def decisions(self) -> list[Approval]:
        """The paper trail, oldest first. Raises StoreFailed."""
        return self._approvals.decisions()

    def content(self, sha256: str) -> bytes | None:
        """The bytes that a decision was about. Raises StoreFailed."""
        return self._approvals.content(sha256)

    def _local(self) -> datetime:
        return self._now().astimezone(self._books.schedule.station.zone)
