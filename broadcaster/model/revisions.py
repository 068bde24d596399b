"""What became of a script on the page: who wrote, retired, brought back or sent back which revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broadcaster.model.texts import ScriptName


class Step(StrEnum):
    WRITTEN = "written"
    FOUND = "found"
    """It lay on the disk when somebody first changed it on the page; nobody knows who wrote it."""
    NOT_TAKEN = "not_taken"
    """Somebody wished to save it when another text had been saved in between; it is kept for reading only."""
    RETIRED = "retired"
    BROUGHT_BACK = "brought_back"
    SENT_BACK = "sent_back"
    """The approver wants it changed, and says what in ``note``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One step in the life of a script. Steps are added, never edited."""

    script: ScriptName
    step: Step
    who: str
    """Empty: nobody knows."""
    at: datetime
    """Aware."""
    sha256: str
    """Of the file's bytes that the step is about."""
    note: str = ""
