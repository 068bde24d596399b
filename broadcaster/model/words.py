"""What is said to people, and the two ladders that everything is measured on: urgency and fate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said to a person, in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The Chinese for ``zh…``, otherwise the English."""
        return self.zh if language.lower().startswith("zh") else self.en


NOTHING_TO_SAY = Sentence("", "")


class Severity(StrEnum):
    ERROR = "error"
    """The file cannot be used; the old plan stays on the air."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing wrong in something a person wrote: where, what, and what would be right."""

    file: str
    path: str
    """Names joined by dots, for example ``slot.morning-study.at``; empty for the file as a whole."""
    what: Sentence
    severity: Severity = Severity.ERROR

    def text(self, language: str) -> str:
        """One line for a person: ``path: sentence``."""
        words = self.what.text(language)
        return f"{self.path}: {words}" if self.path else words


class Priority(IntEnum):
    """The ladder: a higher one cuts in, equals wait, and among emergencies the newest wins."""

    BACKGROUND = 0
    ROUTINE = 1
    URGENT = 2
    LIVE = 3
    EMERGENCY = 4

    @property
    def word(self) -> str:
        """The name in files, JSON and database: ``routine``."""
        return self.name.lower()


class Fate(StrEnum):
    """What became of an airing. The first three are on the way; the others are final."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    """Armed on its decks and written in the log, not yet sounding."""
    ON_AIR = "on_air"
    AIRED = "aired"
    INTERRUPTED = "interrupted"
    MISSED = "missed"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        return self not in (Fate.PLANNED, Fate.CLAIMED, Fate.ON_AIR)


class Heard(StrEnum):
    """Whether a microphone or a line heard what was sent."""

    YES = "yes"
    NO = "no"
    NOT_LISTENED = "not listened"


class IfInterrupted(StrEnum):
    RESUME = "resume"
    RESTART = "restart"
    DROP = "drop"


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Several reasons as one."""
    said = [sentence for sentence in sentences if sentence.zh]
    return Sentence("；".join(one.zh.rstrip("。") for one in said), "; ".join(one.en.rstrip(".") for one in said))
