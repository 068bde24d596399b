"""Approving and withdrawing: the decision goes into the paper trail, the approved reading beside the script."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.library import reading_file
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import ApprovedReading, Library, Reading, ScriptName
from broadcaster.model.words import Sentence
from broadcaster.ports import Approvals
from broadcaster.proof.sidefile import LONGEST_NAME, approved, write_reading
from broadcaster.proof.standing import AsItIs, choose, last_approved, register
from broadcaster.station.proofs import Proof, content_hash

NOBODY = Sentence("批准要写明是谁。请加 --who 名字。", "an approval needs a name. Add --who NAME.")


def unapproved(approvals: Approvals, library: Library) -> list[ScriptName]:
    """Scripts whose very bytes nobody approved under their name. Raises StoreFailed."""
    known = register(approvals.decisions())
    return [
        one.name
        for one in library.scripts
        if one.name not in known.scripts or not isinstance(choose(one.name, one.sha256, known), AsItIs)
    ]


def approve(
    approvals: Approvals, folder: Path, proof: Proof, reading: Reading | None, *, who: str, at: datetime, why: str = ""
) -> Approval:
    """Exactly the bytes of *proof* may be heard, spoken as *reading*; None: its blanks cannot be filled now.

    The paper trail comes first: an approval that nobody can find again is none. Raises Refused, ReadingUnusable
    and StoreFailed; then nothing was decided.
    """
    who = _signed(who)
    name, sha256 = proof.script.name, content_hash(proof.content)
    kept = approved(reading, name, who, at) if reading is not None and reading.syllables else None
    before = last_approved(name, register(approvals.decisions()))
    decision = Approval(
        script=name,
        verdict=Verdict.APPROVED,
        who=who,
        at=at,
        sha256=sha256,
        before=before,
        reading=kept,
        why=why,
    )
    approvals.decide(decision, proof.content)
    if kept is not None:
        _keep_beside(folder, kept)
    return decision


def withdraw(
    approvals: Approvals, folder: Path, name: ScriptName, *, who: str, at: datetime, why: str = ""
) -> Approval:
    """Nothing of the script may be heard on a strict station until it is approved anew. Raises Refused, StoreFailed."""
    who = _signed(who)
    before = last_approved(name, register(approvals.decisions()))
    if not before:
        raise Refused(
            Sentence(
                f"“{name}”没有批准过，或者已经撤回，没有什么可撤的。",
                f"{name!r} was never approved, or was withdrawn already: there is nothing to withdraw.",
            )
        )
    decision = Approval(script=name, verdict=Verdict.WITHDRAWN, who=who, at=at, sha256=before, before=before, why=why)
    approvals.decide(decision)
    try:
        reading_file(folder, name).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(reading_file(folder, name), error) from error
    return decision


def _signed(who: str) -> str:
    """The name as it goes on record. Raises Refused when there is none."""
    name = " ".join("".join(char if char.isprintable() else " " for char in who).split())[:LONGEST_NAME]
    if not name:
        raise Refused(NOBODY)
    return name


def _keep_beside(folder: Path, kept: ApprovedReading) -> None:
    path = reading_file(folder, kept.script)
    try:
        write_durably(path, write_reading(kept).encode())
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> Refused:
    return Refused(
        Sentence(
            f"决定已经记下，但念法的文件“{path.name}”写不了：{error.strerror or error}。请检查磁盘，再做一次。",
            f"the decision is on record, but the file of the reading, {path.name!r}, cannot be written: "
            f"{error.strerror or error}. Check the disk and do it again.",
        )
    )
