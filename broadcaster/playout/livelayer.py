"""A layer of the mix whose samples come while it sounds: a person at a microphone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Sentence
from broadcaster.playout.jitter import JitterBuffer
from broadcaster.playout.layer import FADE, Layer, Samples, Tail
from broadcaster.playout.limiter import Limiter

HUNG = Sentence("没有声音送来，直播到此为止", "no sound came any more, and the live broadcast ended")


@dataclass(slots=True, kw_only=True)
class LiveLayer(Layer):
    """Has no end of its own: its source ends it, or its longest time, or whatever ends other layers."""

    feed: JitterBuffer
    limiter: Limiter
    longest_s: float
    """What the gate lets out of it."""
    heard_at: int = 0
    """The tick of the next sample, set before each ``take``."""

    @property
    def may_sound_on(self) -> int:
        return round(self.longest_s * CLIP_RATE_HZ) - FADE - self.sounded

    @property
    def to_next_event(self) -> int:
        return min(CLIP_RATE_HZ, self.may_sound_on)

    @property
    def is_played(self) -> bool:
        return self.feed.has_ended or self.feed.is_hung

    @property
    def why_over(self) -> Sentence:
        return self.feed.why_ended if self.feed.has_ended else HUNG

    def take(self, frames: int, gain: float) -> Samples:
        part = self.limiter.limit(self.feed.take(frames, self.heard_at))
        self.sounded += frames
        self.position += frames
        return part

    def take_back(self, frames: int) -> None:
        """What came from its source is gone."""
        self.fade_in = FADE

    def fading_out(self, after: int) -> Tail | None:
        part = self.limiter.limit(self.feed.rest(FADE))
        if self.fade_in or not len(part):
            return None
        part = part * np.linspace(1.0, 0.0, len(part), dtype=np.float32)
        return Tail(np.concatenate([np.zeros(after, dtype=np.float32), part]), self.is_emergency)
