"""Clips on the disk → samples, checked; those of emergencies are read ahead and kept, so that nothing waits for a disk.

A copy in memory, not a mapping: a card that fails in mid-read would take the whole deck with a mapping.
"""

from __future__ import annotations

import hashlib
import logging
import wave
from collections.abc import Iterable, Mapping

import numpy as np

from broadcaster.errors import ClipDamaged
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Sentence
from broadcaster.playout.cue import ReadyClip
from broadcaster.playout.layer import Stored

log = logging.getLogger("deck")

MOST_BYTES = 48_000_000
"""Eight minutes of sound in each deck; what is beyond is read from the disk when it is called."""


class HeldClips:
    """``keep`` belongs to one thread, ``samples`` to any."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held: Mapping[str, Stored] = {}

    def keep(self, clips: Iterable[ReadyClip]) -> None:
        """Hold these, the first ones first, and let go of the others. One that is no good is left out."""
        held: dict[str, Stored] = {}
        room = self._most_bytes
        for one in clips:
            samples = self._held.get(one.sha256)
            if samples is None:
                samples = self.read(one)
            if samples is not None and samples.nbytes <= room:
                held[one.sha256] = samples
                room -= samples.nbytes
        self._held = held

    def samples(self, sha256: str) -> Stored | None:
        """None: it is not held."""
        return self._held.get(sha256)

    def read(self, one: ReadyClip) -> Stored | None:
        """None: it cannot be used, and the log says why."""
        try:
            return read_clip(one.clip, one.sha256)
        except ClipDamaged as error:
            log.warning("%s is not kept ready: %s", one.clip, error)
            return None


def read_clip(path: str, sha256: str) -> Stored:
    """The samples of a clip, checked against their hash. Raises ClipDamaged."""
    try:
        with wave.open(path, "rb") as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ClipDamaged(Sentence(f"声音文件读不了：{error}", f"the clip cannot be read: {error}")) from error
    if shape != (CLIP_RATE_HZ, 1, 2) or hashlib.sha256(data).hexdigest() != sha256 or not data:
        raise ClipDamaged(Sentence("声音文件坏了", "the clip is damaged"))
    return np.frombuffer(data, dtype="<i2")
