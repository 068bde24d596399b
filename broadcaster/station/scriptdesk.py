"""Where people write scripts while the station runs: open, save, retire, bring back, send back, and what there was.

What a person saves goes into the record first and then into the file, so that nothing that anybody wrote is lost.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from broadcaster.errors import ChangedMeanwhile, Refused, ScriptUnusable
from broadcaster.home import Home
from broadcaster.library import script_in
from broadcaster.model.airing import DayPlan
from broadcaster.model.approval import Approval
from broadcaster.model.revisions import Revision, Step
from broadcaster.model.texts import Script, ScriptName, Wording
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.ports import Approvals, Revisions
from broadcaster.proof.standing import Register, register
from broadcaster.scripts.header import KINDS
from broadcaster.scripts.naming import checked, checked_kind, fresh
from broadcaster.scripts.pasting import clean
from broadcaster.scripts.writing import as_far_as_readable, wording_of, write_script
from broadcaster.station.books import PlanBooks
from broadcaster.station.scriptfiles import ScriptFiles
from broadcaster.station.shelf import Rows, Shelf, shelf

LONGEST_NOTE = 500
MORE_KINDS = ("season", "event")
MEANWHILE = Sentence(
    "您在写的时候，别人也存了这一篇。没有存您的，也没有丢：两篇都在下面，请看一看再存。",
    "somebody else saved this script while you were writing. Yours was not saved, and not lost: both are below. "
    "Look at them and save again.",
)
NO_TITLE = Sentence("请写上题目。", "give it a title.")
NO_NOTE = Sentence("请写明要改什么，写稿的人才好改。", "say what should be changed, so that the writer can.")
NOT_KEPT = Sentence("那一版找不到了，或者坏了。", "that revision is lost or damaged.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A revision of a script, for the fields of the page."""

    name: ScriptName
    content: bytes
    wording: Wording
    complaints: tuple[Complaint, ...] = ()
    """What is wrong with the file, or worth knowing."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    name: ScriptName
    sha256: str
    cleaned: tuple[Sentence, ...] = ()
    """What was taken out of the text, for people."""


class ScriptDesk:
    """May be used from any thread."""

    def __init__(
        self,
        home: Home,
        books: PlanBooks,
        approvals: Approvals,
        revisions: Revisions,
        *,
        now: Callable[[], datetime],
        plans: Callable[[], tuple[DayPlan, ...]],
        changed: Callable[[], None],
    ) -> None:
        """*plans*: the days that come; *changed*: the files were changed from here."""
        self._files = ScriptFiles(home.scripts)
        self._books = books
        self._approvals = approvals
        self._revisions = revisions
        self._now = now
        self._plans = plans
        self._changed = changed
        self._lock = threading.Lock()
        self._shelf: tuple[tuple[object, ...], Shelf] = ((), Shelf())
        self._decided: tuple[list[Approval], Register] = ([], Register())
        self._rows = Rows()
        self._is_looking = threading.Lock()
        self._turn = 0

    # --- looking --------------------------------------------------------------------------------------------

    def shelf(self) -> Shelf:
        """Every script with how it stands, by name. Raises StoreFailed."""
        with self._is_looking:  # twenty people who look after a change wait for one shelf
            now = self._local()
            key = (self._books.sources.version, self._turn, now.replace(second=0, microsecond=0))
            kept, found = self._shelf
            if kept == key:
                return found
            files = self._books.sources.in_force
            known, latest = self._register(), self._revisions.latest()
            found = shelf(files.library, files.schedule, known, latest, self._plans(), now.date(), self._rows)
            self._shelf = (key, found)
            return found

    def checked(self, name: str) -> ScriptName:
        """*name* when it can be the name of a script. Raises Refused."""
        return checked(name)

    def kinds(self) -> tuple[str, ...]:
        """The folders a script may be in."""
        return tuple(dict.fromkeys((*KINDS, *MORE_KINDS, *self._files.kinds())))

    def open(self, name: str) -> Opened:
        """The script as it lies on the disk now. Raises Refused."""
        return opened(checked(name), self._files.read(name))

    def revision(self, name: str, sha256: str) -> Opened:
        """An earlier text of it. Raises Refused and StoreFailed."""
        content = self._approvals.content(sha256)
        if content is None:
            raise Refused(NOT_KEPT)
        return opened(checked(name), content)

    def steps(self, name: str) -> list[Revision]:
        """What became of it on the page, oldest first. Raises Refused and StoreFailed."""
        return self._revisions.steps(checked(name))

    def decisions(self, name: str) -> list[Approval]:
        """What people decided about it, oldest first. Raises StoreFailed."""
        return [one for one in self._approvals.decisions() if one.script == name]

    def aside(self) -> list[Opened]:
        """The scripts that were retired."""
        return [opened(name, content) for name, content in self._files.aside()]

    def decided(self) -> None:
        """Somebody approved a script, or withdrew one."""
        self._turn += 1

    # --- changing -------------------------------------------------------------------------------------------

    def write(self, name: str, wording: Wording, *, based_on: str, who: str) -> Saved:
        """Save what a person typed. *based_on*: the hash of the revision that they began with.

        Raises ChangedMeanwhile when the file is another by now, ScriptUnusable when nothing can be said in the new
        text, Refused when the disk does not take it, StoreFailed. Then the old text stays.
        """
        name = checked(name)
        content, cleaned = composed(name, wording)
        with self._lock:
            self._put(name, content, based_on, who)
        return Saved(name=name, sha256=_hash(content), cleaned=cleaned)

    def begin(self, kind: str, wording: Wording, *, who: str) -> Saved:
        """A new script of a kind. Raises as ``write`` does."""
        from broadcaster.render.reading import read_any

        sounds = [one.pinyin for one in read_any(wording.title).syllables]
        with self._lock:
            name = fresh(checked_kind(kind), sounds, self._files.stems(kind))
            content, cleaned = composed(name, wording)
            self._keep(name, Step.WRITTEN, content, who)
            self._files.write(name, content)
        self._done()
        return Saved(name=name, sha256=_hash(content), cleaned=cleaned)

    def put_back(self, name: str, sha256: str, *, based_on: str, who: str) -> None:
        """Make an earlier revision, byte for byte, the script's text again. Raises as ``write`` does."""
        name = checked(name)
        content = self.revision(name, sha256).content
        with self._lock:
            self._put(name, content, based_on, who)

    def retire(self, name: str, *, who: str, note: str = "") -> None:
        """Nobody needs it now: it is set aside, with everything that is known of it. Raises Refused, StoreFailed."""
        name = checked(name)
        with self._lock:
            mine = self.shelf().by_name.get(name)
            if mine is not None and mine.slots:
                raise Refused(_still_played(mine.slots[0]))
            content = self._files.read(name)
            self._keep(name, Step.RETIRED, content, who, note)
            self._files.set_aside(name)
        self._done()

    def bring_back(self, name: str, *, who: str) -> None:
        """A script that was retired is one again. Raises Refused and StoreFailed."""
        name = checked(name)
        with self._lock:
            content = next((content for one, content in self._files.aside() if one == name), None)
            self._files.bring_back(name)
            if content is not None:
                self._keep(name, Step.BROUGHT_BACK, content, who)
        self._done()

    def send_back(self, name: str, sha256: str, *, who: str, note: str) -> None:
        """The approver wants this revision changed. Raises Refused, also when it was changed already; StoreFailed."""
        note = " ".join(note.split())[:LONGEST_NOTE]
        if not note:
            raise Refused(NO_NOTE)
        found = self.open(name)
        if found.sha256 != sha256:
            raise ChangedMeanwhile(MEANWHILE, found.content)
        self._keep(found.name, Step.SENT_BACK, found.content, who, note)
        self._turn += 1

    # --- inside ---------------------------------------------------------------------------------------------

    def _put(self, name: ScriptName, content: bytes, based_on: str, who: str) -> None:
        now = self._files.read(name)
        if _hash(now) != based_on:
            if now == content:
                return
            self._keep(name, Step.NOT_TAKEN, content, who)
            raise ChangedMeanwhile(MEANWHILE, now)
        if now == content:
            return
        if all(one.sha256 != based_on for one in self._revisions.steps(name)):
            self._keep(name, Step.FOUND, now, "")
        self._keep(name, Step.WRITTEN, content, who)
        self._files.write(name, content)
        self._done()

    def _keep(self, name: ScriptName, step: Step, content: bytes, who: str, note: str = "") -> None:
        made = Revision(
            script=name,
            step=step,
            who=who,
            at=self._local(),
            sha256=_hash(content),
            note=" ".join(note.split())[:LONGEST_NOTE],
        )
        self._revisions.keep(made, content)

    def _done(self) -> None:
        self._turn += 1
        self._changed()

    def _register(self) -> Register:
        decisions = self._approvals.decisions()
        if decisions != self._decided[0]:
            self._decided = (decisions, register(decisions))
        return self._decided[1]

    def _local(self) -> datetime:
        return self._now().astimezone(self._books.schedule.station.zone)


def writers(revisions: Revisions, name: ScriptName, sha256: str) -> frozenset[str]:
    """Who wrote exactly these bytes, as far as anybody knows. Raises StoreFailed."""
    steps = revisions.steps(name)
    return frozenset(one.who.casefold() for one in steps if one.step is Step.WRITTEN and one.sha256 == sha256)


def opened(name: ScriptName, content: bytes) -> Opened:
    script, complaints = script_in(name, content, file=f"scripts/{name}")
    title = name.partition("/")[2]
    wording = wording_of(script) if script is not None else as_far_as_readable(content, title)
    return Opened(name=name, content=content, wording=wording, complaints=complaints)


def composed(name: ScriptName, wording: Wording) -> tuple[bytes, tuple[Sentence, ...]]:
    """The bytes of the file, and what was cleaned away. Raises ScriptUnusable for a text that cannot be said."""
    cleaned = clean(wording.body)
    if not wording.title.strip():
        raise ScriptUnusable(NO_TITLE)
    content = write_script(replace(wording, body=cleaned.text)).encode("utf-8", "replace")
    script, complaints = script_in(name, content, file=name)
    if script is None:
        errors = [one for one in complaints if one.severity is Severity.ERROR]
        raise ScriptUnusable(errors[0].what)
    return content, cleaned.changes


def draft(name: ScriptName, wording: Wording) -> tuple[Script | None, tuple[Complaint, ...], tuple[Sentence, ...]]:
    """What is being written, as far as it goes: the script, what is wrong with it, what would be cleaned away."""
    cleaned = clean(wording.body)
    content = write_script(replace(wording, body=cleaned.text)).encode("utf-8", "replace")
    script, complaints = script_in(name, content, file=name)
    return script, complaints, cleaned.changes


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _still_played(slot: str) -> Sentence:
    return Sentence(
        f"节目表里“{slot}”还要播它。请先在节目表里换一篇，再停用。",
        f"{slot!r} of the timetable still plays it. Choose another script there first.",
    )
