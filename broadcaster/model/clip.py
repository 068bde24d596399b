"""Rendered sound and the order that shaped it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from broadcaster.model.texts import Reading
from broadcaster.model.timetable import SoundSettings, VoiceSettings

CLIP_RATE_HZ = 48_000
"""Every clip is mono, 16 bit, at this rate. Lengths of sound are whole samples at it unless a name says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """Everything that shapes a clip; its hash names the clip."""

    texts: tuple[str, ...]
    """One for each announcement, as written, blanks filled. ``recording:FILE`` stands for a recording."""
    voices: tuple[VoiceSettings, ...]
    """The voice to speak with, then the ones to fall back on, in order."""
    sound: SoundSettings
    repeat: int = 1
    chime: str = ""
    """Sounds before the first word; the siren's name for an emergency. Empty: none."""
    lexicon: tuple[tuple[str, str], ...] = ()
    readings: tuple[Reading, ...] = ()
    """Approved readings: a text that is one's ``text`` is spoken as it says, and not read anew. Without doubts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Rendered sound on the disk, with what is known of it."""

    key: str
    """The hash of its order; the file is ``var/clips/KEY.wav``."""
    sha256: str
    """Of the samples, little-endian."""
    frames: int
    sentence_starts: tuple[int, ...] = field(default=(0,))
    """Samples at which playing may go on after an interruption, ascending."""
    loudness_lufs: float
    true_peak_dbtp: float
    voice: str
    """The voice that really spoke."""
    characters: int = 0

    @property
    def length(self) -> timedelta:
        return timedelta(seconds=self.frames / CLIP_RATE_HZ)
