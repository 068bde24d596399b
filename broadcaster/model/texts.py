"""Texts on their way to speech: scripts, announcements, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import NewType

from broadcaster.model.words import NOTHING_TO_SAY, Complaint, Sentence

MAX_TEXT_CHARACTERS = 5_000
"""A longer script is refused: it would be more than half an hour of speech."""

ScriptName = NewType("ScriptName", str)
"""``FOLDER/STEM``, for example ``study/010-points``: the path below ``scripts/`` without its ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A text in ``scripts/``, perhaps with blanks to fill."""

    name: ScriptName
    title: str
    body: str
    voice: str = ""
    """Empty: the slot's voice."""
    recording: str = ""
    """A file in ``audio/recordings/`` that is played instead of a voice. Empty: none."""
    author: str = ""
    expires: date | None = None
    """The last day on which it may be said; None: never expires."""
    blanks: frozenset[str] = frozenset()
    """The facts that the body asks for."""
    sha256: str = ""
    """Of the file's bytes, header and all: what an approval binds to."""
    why_not: Sentence = NOTHING_TO_SAY
    """Why it may not be said on any day; its body is then empty."""

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A script as the fields of a form hold it."""

    title: str = ""
    body: str = ""
    author: str = ""
    expires: date | None = None
    voice: str = ""
    recording: str = ""


@dataclass(frozen=True, kw_only=True)  # without slots: what is sorted once stays sorted
class Library:
    """All scripts that can be read, and what is wrong with the others."""

    scripts: tuple[Script, ...] = ()
    """Ordered by name."""
    complaints: tuple[Complaint, ...] = ()
    readings: tuple[ApprovedReading, ...] = ()
    """A later one of the same script and text counts more."""

    @cached_property
    def by_name(self) -> Mapping[ScriptName, Script]:
        """In the order of their names."""
        return {script.name: script for script in self.scripts}

    @cached_property
    def by_folder(self) -> Mapping[str, tuple[Script, ...]]:
        """Each folder that has any, with its scripts in the order of their names."""
        found: dict[str, list[Script]] = {}
        for script in self.scripts:
            found.setdefault(script.folder, []).append(script)
        return {folder: tuple(sorted(scripts, key=attrgetter("name"))) for folder, scripts in found.items()}

    def in_folder(self, folder: str) -> tuple[Script, ...]:
        """In the order of their names; none where there is no such folder."""
        return self.by_folder.get(folder, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A script with its blanks filled, ready to speak."""

    script: ScriptName
    title: str
    text: str
    voice: str = ""
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Syllable:
    """One character that sounds, and how. A Latin letter stands for itself in both."""

    char: str
    pinyin: str
    """Numbered, 5 for the neutral tone, ü as ``v``: ``lv4``. 一/不 sandhi applied, third-tone sandhi not."""


class DoubtKind(Enum):
    NUMBER = "number"
    POLYPHONE = "polyphone"
    DROPPED = "dropped"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A place that a person should look at before it goes on the air."""

    kind: DoubtKind
    start: int
    """Index into the text as written."""
    written: str
    reading: str
    """What will be said."""
    alternatives: tuple[str, ...] = ()
    why: Sentence = NOTHING_TO_SAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a text will be spoken."""

    text: str
    spoken: str
    """Normalised hanzi with punctuation; no digit is left in it."""
    syllables: tuple[Syllable, ...]
    """One for each character of *spoken* that sounds, in order."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def pinyin(self) -> str:
        return " ".join(syllable.pinyin for syllable in self.syllables)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedReading:
    """How one exact text of a script is spoken, as a person approved it."""

    script: ScriptName
    text_sha256: str
    """Of the text as it is said, blanks filled, in UTF-8."""
    spoken: str
    syllables: tuple[Syllable, ...]
    who: str
    at: datetime
    """Aware."""
