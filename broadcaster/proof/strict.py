"""Scripts on the disk + the register of approvals → what a strict station may say: approved bytes or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from broadcaster.model.approval import Approval
from broadcaster.model.texts import ApprovedReading, Library, Script, ScriptName
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.proof.standing import AsItIs, Earlier, Nothing, Register, choose

SCHEDULE, STRICT_KEY = "schedule.toml", "station.strict"
MOST_NAMED = 10
"""Names in one complaint."""

UNKNOWN = Sentence(
    "批准记录现在读不出来，本站是严格模式（strict），没有把握的不播。",
    "the record of approvals cannot be read now; the station is strict and says nothing that it is not sure of.",
)
LOST = Sentence(
    "批准过的那一版找不到了，或者坏了，不能播。请重新批准。",
    "the approved revision is lost or damaged and may not be heard. Approve the script anew.",
)

Revision = Callable[[ScriptName, str], Script | None]
"""The script in approved bytes, by name and hash; None: they cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What a strict station goes by."""

    library: Library
    """Every script in it is of approved bytes, or has no words and says why."""
    earlier: Mapping[ScriptName, Approval] = field(default_factory=dict)
    """Scripts that are said in the revision approved last, because their file was changed since."""
    complaints: tuple[Complaint, ...] = ()


def approved_only(library: Library, broken: Collection[ScriptName], known: Register, revision: Revision) -> Approved:
    """*library* as approved. *broken*: scripts whose files cannot be used; what was approved of them stays."""
    scripts: dict[ScriptName, Script] = {}
    earlier: dict[ScriptName, Approval] = {}
    readings: list[ApprovedReading] = []
    present = {script.name: script for script in library.scripts}
    for name in sorted({*present, *(name for name in broken if name in known.scripts)}):
        own = present.get(name) or Script(name=name, title=name, body="")
        choice = choose(name, own.sha256, known)
        scripts[name], approval = _said(own, choice, revision)
        if approval is not None:
            readings += _readings(name, approval, known)
            if isinstance(choice, Earlier):
                earlier[name] = approval
    return Approved(
        library=replace(library, scripts=tuple(scripts.values()), readings=tuple(readings)),
        earlier=earlier,
        complaints=_complaints(scripts, earlier),
    )


def nothing_known(library: Library) -> Approved:
    """What may be said when the record of approvals cannot be read and memory holds none of it: nothing."""
    return Approved(
        library=replace(library, scripts=tuple(held(script, UNKNOWN) for script in library.scripts), readings=()),
        complaints=(Complaint(file=SCHEDULE, path=STRICT_KEY, what=UNKNOWN),),
    )


def held(script: Script, why: Sentence) -> Script:
    """The script without a word of it, spoken or recorded."""
    return replace(script, body="", recording="", blanks=frozenset(), why_not=why)


def aired_earlier(name: ScriptName, approval: Approval) -> Sentence:
    """For the reader of the plan."""
    who, day = approval.who, f"{approval.at:%Y-%m-%d}"
    return Sentence(
        f"稿件“{name}”改过以后还没有批准，播的是 {who} {day} 批准的那一版。批准新的：dalaba approve script:{name}",
        f"script {name!r} was changed and not approved; the revision that {who} approved on {day} stays on the air. "
        f"To approve the new one: dalaba approve script:{name}",
    )


def _said(script: Script, choice: AsItIs | Earlier | Nothing, revision: Revision) -> tuple[Script, Approval | None]:
    match choice:
        case AsItIs(approval=approval):
            return script, approval
        case Earlier(approval=approval):
            found = revision(script.name, approval.sha256)
            return (found or held(script, LOST)), (approval if found and found.body else None)
        case Nothing(withdrawal=None):
            return held(script, _never(script.name)), None
        case Nothing(withdrawal=withdrawal):
            return held(script, _withdrawn(script.name, withdrawal)), None


def _readings(name: ScriptName, approval: Approval, known: Register) -> list[ApprovedReading]:
    """All that were approved with these bytes, each of another day's text."""
    approvals = known.scripts[approval.script].approvals
    found = [one.reading for one in approvals if one.sha256 == approval.sha256 and one.reading is not None]
    return [replace(reading, script=name) for reading in found]


def _never(name: ScriptName) -> Sentence:
    return Sentence(
        f"稿件“{name}”还没有批准，本站是严格模式（strict），不能播。",
        f"script {name!r} has no approval and the station is strict, so it may not be heard.",
    )


def _withdrawn(name: ScriptName, withdrawal: Approval | None) -> Sentence:
    who, day = (withdrawal.who, f"{withdrawal.at:%Y-%m-%d}") if withdrawal else ("", "")
    return Sentence(
        f"稿件“{name}”的批准被 {who} 在 {day} 撤回了，不能播。",
        f"{who} withdrew the approval of script {name!r} on {day}, so it may not be heard.",
    )


def _complaints(scripts: Mapping[ScriptName, Script], earlier: Mapping[ScriptName, Approval]) -> tuple[Complaint, ...]:
    changed = [
        Complaint(file=SCHEDULE, path=STRICT_KEY, what=aired_earlier(name, approval), severity=Severity.WARNING)
        for name, approval in earlier.items()
    ]
    silent = [name for name, script in scripts.items() if script.why_not.zh]
    if not silent:
        return tuple(changed)
    named = silent[:MOST_NAMED]
    more = "…" if len(silent) > len(named) else ""
    what = Sentence(
        f"有 {len(silent)} 篇稿件没有批准，不会播：{'、'.join(named)}{more}。"
        "看一篇、批一篇：dalaba approve script:名字",
        f"{len(silent)} script(s) have no approval and will not be heard: {', '.join(named)}{more}. "
        "Look at each and approve it: dalaba approve script:NAME",
    )
    return (*changed, Complaint(file=SCHEDULE, path=STRICT_KEY, what=what, severity=Severity.WARNING))
