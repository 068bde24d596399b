"""The paper trail: who decided what about the content of a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broadcaster.model.texts import ApprovedReading, ScriptName


class Verdict(StrEnum):
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One decision: exactly these bytes may be heard as this script, or nothing of the script any more."""

    script: ScriptName
    verdict: Verdict
    who: str
    at: datetime
    """Aware."""
    sha256: str
    """Of the file's bytes that were approved, or that were taken off the air."""
    before: str = ""
    """Of the bytes that were approved before; empty: none were."""
    reading: ApprovedReading | None = None
    """How it was to be spoken; None: nothing was said of that, for example of a leaderboard without points."""
    why: str = ""
