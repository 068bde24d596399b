"""Rendered sound and the order that shaped it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from broadcaster.model.texts import Reading
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import NOTHING_TO_SAY, Sentence

RECORDING = "recording:"
CLIP_RATE_HZ = 48_000
"""Every clip is mono, 16 bit, at this rate. Lengths of sound are whole samples at it unless a name says otherwise."""
MAX_RECORDING_BYTES = 20_000_000
"""Of a recording that somebody sends: 15 minutes of a phone's memo, and a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """Everything that shapes a clip; its hash names the clip."""

    texts: tuple[str, ...]
    """One for each announcement, as written, blanks filled. ``recording:FILE`` stands for a recording; words on the
    next lines are spoken when it cannot be used."""
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
    remark: Sentence = NOTHING_TO_SAY
    """What is not as it was ordered: a recording that could not be used."""

    @property
    def length(self) -> timedelta:
        return timedelta(seconds=self.frames / CLIP_RATE_HZ)


def as_text(recording: str, words: str) -> str:
    """A text of an order: *words*, or a recording of them with the words to fall back on."""
    return f"{RECORDING}{recording}\n{words}" if recording else words


def as_recording(text: str) -> tuple[str, str]:
    """The file and the words of a text of an order; either may be empty."""
    if not text.startswith(RECORDING):
        return "", text
    first, _, words = text.partition("\n")
    return first.removeprefix(RECORDING), words
