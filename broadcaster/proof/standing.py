"""Decisions of people + scripts as they are on the disk → what a strict station may say of each. Pure.

Bytes decide. A script is said as it is when exactly these bytes were approved, otherwise as the bytes that were
approved last, otherwise not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import ScriptName


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What people decided about one script, so far as it still counts."""

    approvals: tuple[Approval, ...] = ()
    """Those since the script was last withdrawn, in the order they were made. Empty: nothing may be said."""
    withdrawal: Approval | None = None
    """The last one; None: it was never withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItIs:
    """The bytes on the disk are approved."""

    approval: Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The bytes on the disk are not approved; these are, and stay on the air."""

    approval: Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No byte of it may be said."""

    withdrawal: Approval | None = None
    """None: it never was approved."""


Choice = AsItIs | Earlier | Nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All decisions, sorted."""

    scripts: Mapping[ScriptName, Standing] = field(default_factory=dict)
    contents: Mapping[str, Approval] = field(default_factory=dict)
    """For bytes that may be heard under any name: the last approval of them."""


def register(decisions: Iterable[Approval]) -> Register:
    """What counts of *decisions*, which come in the order they were made.

    A withdrawal takes the script off the air, with everything that was approved before it: an older text that
    nobody asked for must not come back by itself.
    """
    found: dict[ScriptName, Standing] = {}
    for one in decisions:
        before = found.get(one.script, Standing())
        match one.verdict:
            case Verdict.APPROVED:
                found[one.script] = Standing(approvals=(*before.approvals, one), withdrawal=before.withdrawal)
            case Verdict.WITHDRAWN:
                found[one.script] = Standing(withdrawal=one)
    contents = {one.sha256: one for standing in found.values() for one in standing.approvals}
    return Register(scripts=found, contents=contents)


def choose(script: ScriptName, sha256: str, known: Register) -> Choice:
    """What may be said as *script*, whose file holds the bytes of *sha256*; empty when they cannot be used.

    A name that nobody ever decided about may hold bytes that are approved under another one: a renamed file.
    """
    own = known.scripts.get(script)
    if own is None:
        renamed = known.contents.get(sha256)
        return AsItIs(approval=renamed) if renamed else Nothing()
    present = [one for one in own.approvals if one.sha256 == sha256]
    if present:
        return AsItIs(approval=present[-1])
    if own.approvals:
        return Earlier(approval=own.approvals[-1])
    return Nothing(withdrawal=own.withdrawal)


def last_approved(script: ScriptName, known: Register) -> str:
    """The bytes that count as approved last; empty: none."""
    own = known.scripts.get(script)
    return own.approvals[-1].sha256 if own and own.approvals else ""
