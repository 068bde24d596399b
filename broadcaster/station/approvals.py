"""The paper trail as memory knows it, and what is in force by it. A strict station says nothing that is not in it.

When the database cannot be read, what memory knows stays; a station that has read nothing yet says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from broadcaster.errors import ScriptUnusable, StoreFailed
from broadcaster.library import script_in
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.ports import Approvals
from broadcaster.proof.sidefile import SUFFIX, text_hash
from broadcaster.proof.standing import Register, register
from broadcaster.proof.strict import UNKNOWN, Approved, approved_only, held, nothing_known
from broadcaster.scripts import fill
from broadcaster.station.faults import Faults
from broadcaster.station.sources import InForce, script_name

FAULT = "approvals"
TRY_AGAIN_S = 5.0


class ApprovalBook:
    """Owned by one thread at a time."""

    def __init__(self, approvals: Approvals | None, faults: Faults) -> None:
        """Without a database nothing was ever approved."""
        self._approvals = approvals
        self._faults = faults
        self._known: Register | None = Register() if approvals is None else None
        self._scripts: dict[tuple[ScriptName, str], Script] = {}
        """Approved revisions that were seen, by name and hash: memory for the time when the database is away."""
        self._wants_look = True
        self._try_again_at = self._looked_at = float("-inf")

    def look_again(self) -> None:
        """Somebody decided something."""
        self._wants_look, self._try_again_at = True, float("-inf")

    def refresh(self, is_strict: bool, now: datetime, monotonic: float) -> bool:
        """Read the decisions where they count; whether they may have changed. Never raises StoreFailed."""
        if not is_strict or self._approvals is None:
            self._faults.mend(FAULT)
            return False
        self._looked_at = monotonic
        if not self._wants_look or monotonic < self._try_again_at:
            return False
        try:
            known = self._known = register(self._approvals.decisions())
        except StoreFailed as error:
            self._try_again_at = monotonic + TRY_AGAIN_S
            self._faults.tell(FAULT, _cannot_read(error.sentence), now)
            return False
        self._wants_look = False
        self._scripts = {key: script for key, script in self._scripts.items() if key[1] in known.contents}
        self._faults.mend(FAULT)
        return True

    def in_force(self, files: InForce) -> tuple[InForce, Approved]:
        """What is in force by the approvals, and what of it is not as the files have it."""
        approved = self._approved(files)
        complaints = files.complaints + approved.complaints + stale_readings(approved.library)
        return replace(files, library=approved.library, complaints=complaints), approved

    def _approved(self, files: InForce) -> Approved:
        if not files.schedule.station.is_strict:
            return Approved(library=files.library)
        if self._known is None:
            return nothing_known(files.library)
        known = self._known
        self._scripts |= {(s.name, s.sha256): s for s in files.library.scripts if s.sha256 in known.contents}
        broken = [script_name(one.file) for one in files.library.complaints if one.severity is Severity.ERROR]
        return approved_only(files.library, broken, known, self._revision)

    def _revision(self, name: ScriptName, sha256: str) -> Script | None:
        found = self._scripts.get((name, sha256))
        if found is not None or self._approvals is None:
            return found
        try:
            content = self._approvals.content(sha256)
        except StoreFailed:
            self._wants_look, self._try_again_at = True, self._looked_at + TRY_AGAIN_S
            return held(Script(name=name, title=name, body=""), UNKNOWN)
        if content is None:
            return None
        script, _ = script_in(name, content, file=name)
        if script is not None:
            self._scripts[name, sha256] = script
        return script


def stale_readings(library: Library) -> tuple[Complaint, ...]:
    """Approved readings that no longer count, because the text of their script has changed.

    A script with blanks says something else every day; its reading counts on the days of that text.
    """
    scripts = {script.name: script for script in library.scripts}
    fresh: dict[ScriptName, bool] = {}
    whose = {}
    for reading in library.readings:
        script = scripts.get(reading.script)
        if script is not None and "{" not in script.body and script.body:
            is_fresh = text_hash(_text(script)) == reading.text_sha256
            fresh[reading.script] = fresh.get(reading.script, False) or is_fresh
            whose[reading.script] = reading
    return tuple(_stale(whose[name].script, whose[name].who) for name, is_fresh in fresh.items() if not is_fresh)


def _text(script: Script) -> str:
    try:
        return fill(script, {}).text
    except ScriptUnusable:
        return ""


def _stale(name: ScriptName, who: str) -> Complaint:
    return Complaint(
        file=f"scripts/{name}{SUFFIX}",
        path="",
        what=Sentence(
            f"稿子改过了，{who} 批准的念法不再算数，照规则念。看一遍再批准：dalaba approve script:{name}",
            f"the script was changed, so the reading that {who} approved no longer counts and the rules read it. "
            f"Look and approve anew: dalaba approve script:{name}",
        ),
        severity=Severity.WARNING,
    )


def _cannot_read(why: Sentence) -> Sentence:
    return Sentence(
        f"批准记录读不出来：{why.zh} 本站是严格模式（strict），只播内存里知道已经批准的。",
        f"the record of approvals cannot be read: {why.en} "
        "The station is strict and says only what it remembers as approved.",
    )
