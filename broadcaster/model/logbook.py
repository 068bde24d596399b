"""Questions to the as-run log, and pages of answers, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broadcaster.model.airing import LogEntry
from broadcaster.model.words import Fate


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of answers ended, for the next one."""

    planned_us: int
    """Microseconds since 1970 in UTC."""
    airing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuestion:
    """Which entries a person looks for."""

    since: datetime
    until: datetime
    """Not included."""
    fates: frozenset[Fate] = frozenset()
    """Empty: whatever became of it."""
    zone: str = ""
    """Among the zones of the airing; empty: anywhere."""
    text: str = ""
    """In title, reason, name or scripts, whatever its case; empty: anything."""
    behind: Place | None = None
    """Older than this; None: from the newest on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some of the answers."""

    entries: tuple[LogEntry, ...]
    behind: Place | None
    """Where to ask on; None: that was all. There may be more to look through even where nothing was found here."""


def is_wanted(entry: LogEntry, question: LogQuestion) -> bool:
    """Whether *entry* is an answer, leaving aside where the page begins."""
    words = "\n".join((entry.title, entry.reason.zh, entry.reason.en, entry.who, *entry.scripts)).lower()
    return (
        question.since <= entry.planned_at < question.until
        and (not question.fates or entry.fate in question.fates)
        and (not question.zone or question.zone in entry.zones)
        and question.text.lower() in words
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfSound:
    """How long there was sound on one day, zone by zone."""

    day: date
    by_zone: dict[str, timedelta]
