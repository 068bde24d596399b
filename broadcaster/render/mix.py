"""Phrases, pauses and chimes → one clip, joined with pydub. Short clips only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from pydub import AudioSegment

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.render.loudness import Pcm, to_int16
from broadcaster.render.meter import Sound

EDGE_MS = 5


class Joiner:
    """Puts parts one after the other and knows where each sentence begins."""

    def __init__(self) -> None:
        self._joined = bytearray()
        self.sentence_starts: list[int] = [0]

    @property
    def frames(self) -> int:
        return len(self._joined) // 2

    def speech(self, sound: Sound) -> None:
        """A phrase, with soft edges."""
        segment = to_segment(sound)
        edge_ms = min(EDGE_MS, len(sound) * 1000 // CLIP_RATE_HZ // 2)
        self._joined += segment.fade_in(edge_ms).fade_out(edge_ms).raw_data

    def sound(self, sound: Sound) -> None:
        """A chime, as it is."""
        self._joined += to_int16(sound).astype("<i2").tobytes()

    def pause(self, length: timedelta) -> None:
        self._joined += bytes(2 * round(length.total_seconds() * CLIP_RATE_HZ))

    def sentence(self, after: int = 0) -> None:
        """A sentence begins here, or so many samples later."""
        if self.sentence_starts[-1] < self.frames + after:
            self.sentence_starts.append(self.frames + after)

    def samples(self) -> Pcm:
        """All of it so far. Nothing can be added any more."""
        return np.frombuffer(self._joined, dtype="<i2").astype(np.int16, copy=False)


def to_segment(sound: Sound) -> AudioSegment:
    """16 bit, 48 kHz, one channel."""
    data = to_int16(sound).astype("<i2").tobytes()
    return AudioSegment(data=data, sample_width=2, frame_rate=CLIP_RATE_HZ, channels=1)
