"""Sounds that are on the disk and need no voice: the siren, and recorded words for an emergency."""

from __future__ import annotations

import hashlib
import logging
import wave
from dataclasses import dataclass
from pathlib import Path

from broadcaster.home import shipped
from broadcaster.model.clip import CLIP_RATE_HZ

log = logging.getLogger(__name__)

ALL_CLEAR = "emergency/all-clear.wav"
"""Recorded words that say that the danger is over."""
GENERAL = "emergency/general.wav"
"""Recorded words that fit every emergency, for when no voice can speak."""


@dataclass(frozen=True, slots=True)
class StoredSound:
    """A WAV file as the deck wants it, and the hash of its samples."""

    path: Path
    sha256: str
    frames: int


def stored_sound(audio: Path, name: str) -> StoredSound | None:
    """The station's own sound *name*, or the shipped one where its own is missing or damaged; None: there is none."""
    for folder in (audio, shipped() / "audio"):
        sound = _read(folder / name)
        if sound is not None:
            return sound
    log.error("there is no usable sound %s, neither the station's own nor the shipped one", name)
    return None


def _read(path: Path) -> StoredSound | None:
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            samples = file.readframes(file.getnframes())
            frames = file.getnframes()
    except (OSError, EOFError, wave.Error):
        return None
    is_whole = len(samples) == 2 * frames and any(samples)
    if shape != (CLIP_RATE_HZ, 1, 2) or not is_whole:
        return None
    return StoredSound(path, hashlib.sha256(samples).hexdigest(), frames)
