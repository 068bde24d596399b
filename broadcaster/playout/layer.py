"""What one layer of the mix plays now, and how it fades: no jump is larger than the sound itself makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Priority, Sentence
from broadcaster.playout.decide import Waiting

Samples = npt.NDArray[np.float32]
Stored = npt.NDArray[np.int16]

FADE = CLIP_RATE_HZ // 100
FADE_LENGTH = timedelta(seconds=FADE / CLIP_RATE_HZ)
DUCKED = 10 ** (-12 / 20)
FULL_SCALE = 32768.0
NO_LIMIT = 1 << 62
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Tail:
    """The end of a fade, after its layer has left."""

    samples: Samples
    is_emergency: bool


@dataclass(slots=True)
class Layer:
    """One cue that sounds."""

    waiting: Waiting
    samples: Stored
    position: int
    play: int
    gap: int = 0
    """Samples of silence left before the next play."""
    fade_in: int = 0
    """Samples of the fade that are left."""
    sounded: int = 0
    gain: float = 1.0
    """Of the last sample; a background is ducked."""
    intro: Stored | None = None
    """Said before it goes on; its samples do not count as its own place."""
    began: datetime = LONG_AGO
    """Not before this is anything said of it: what was taken back may have been its first sample."""

    @property
    def is_emergency(self) -> bool:
        return self.waiting.cue.priority is Priority.EMERGENCY

    @property
    def may_sound_on(self) -> int:
        """Samples until it has to begin its last fade."""
        cue = self.waiting.cue
        longest_s = cue.emergency_length_s if self.is_emergency else cue.max_length_s
        return NO_LIMIT if longest_s is None else round(longest_s * CLIP_RATE_HZ) - FADE - self.sounded

    @property
    def to_next_event(self) -> int:
        """Samples until its play, its gap or its longest time ends."""
        rest = len(self.intro) if self.intro is not None else len(self.samples) - self.position
        return min(self.gap or rest, self.may_sound_on)

    @property
    def is_played(self) -> bool:
        return self.position >= len(self.samples)

    @property
    def why_over(self) -> Sentence:
        """Why it is, once it is played; nothing to say: as it should be."""
        return NOTHING_TO_SAY

    def take(self, frames: int, gain: float) -> Samples:
        """Up to *frames* samples, none in a gap; the gain moves towards *gain*."""
        self.sounded += frames
        if self.gap:
            self.gap -= min(self.gap, frames)
            return np.zeros(0, dtype=np.float32)
        part = self._next(frames)
        self._change_gain(part, gain)
        if self.fade_in:
            done = FADE - self.fade_in
            ramp: Any = np.minimum(1.0, np.arange(done + 1, done + len(part) + 1) / FADE)
            part *= ramp.astype(np.float32)
            self.fade_in = max(0, self.fade_in - len(part))
        if self.intro is None:
            self.position += len(part)
        else:
            self.intro = self.intro[len(part) :] if len(part) < len(self.intro) else None
            self.fade_in = self.fade_in if self.intro is not None else FADE
        return part

    def take_back(self, frames: int) -> None:
        """So many of its last samples were not heard; it fades in again where they began.

        Where it was in an introduction, a gap, or its first samples then, it stays where it is: that is rare and short.
        """
        self.fade_in = FADE
        if self.position >= frames and not self.gap and self.intro is None:
            self.position -= frames
            self.sounded -= frames

    def play_again(self) -> None:
        self.play += 1
        self.position = 0
        self.gap = round(self.waiting.cue.gap_s * CLIP_RATE_HZ)

    def fading_out(self, after: int) -> Tail | None:
        """What is still heard of it when it is cut here, *after* samples of silence; None: it is silent anyway."""
        part = self._next(FADE)
        if self.gap or not len(part):
            return None
        part *= np.linspace(self.gain * (1 - self.fade_in / FADE), 0.0, len(part), dtype=np.float32)
        return Tail(np.concatenate([np.zeros(after, dtype=np.float32), part]), self.is_emergency)

    def _next(self, frames: int) -> Samples:
        rest = self.samples[self.position :] if self.intro is None else self.intro
        part: Samples = rest[:frames].astype(np.float32)
        return part / np.float32(FULL_SCALE)

    def _change_gain(self, part: Samples, wanted: float) -> None:
        """Towards *wanted*, as slowly as a fade: a jump would be a click."""
        if self.gain == wanted == 1.0 or not len(part):
            return
        steps = np.arange(1, len(part) + 1, dtype=np.float32) * np.float32((1.0 - DUCKED) / FADE)
        if wanted < self.gain:
            gains: Any = np.maximum(wanted, self.gain - steps)
        else:
            gains = np.minimum(wanted, self.gain + steps)
        part *= gains.astype(np.float32)
        self.gain = float(gains[-1])
