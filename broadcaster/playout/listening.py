"""What was sent + what a microphone took in → heard or not, how much later, how loud. Pure.

Compared is how the loudness of six bands of speech rises and falls, a few seconds at a time: that survives echo, a
cheap microphone, wind, and clocks that run apart, none of which leave the samples themselves alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Heard

Samples = npt.NDArray[np.float32]
Envelopes = npt.NDArray[np.float64]

EARLY_S = 0.3
"""A monitor, or a clock that is read carelessly, may give the sound before its time."""
LATE_S = 2.2
"""Sound that comes later was not sent by us as far as anybody can tell."""
PART_S = 6.0
"""So much is compared at once: clocks that run 100 ppm apart move by 0.6 ms meanwhile."""
SHORTEST_S = 1.5
"""With less than this nothing can be told."""
ALIKE = 0.4
"""Measured: other words of the same voice 0.36 at most, the same in a hall under 10 dB more noise 0.42 at least."""
HOP = CLIP_RATE_HZ // 100
FRAME = 2 * HOP
EDGES_HZ = (300, 500, 800, 1250, 2000, 3200, 5000)
TREND_FRAMES = 71
"""Slower changes than this, 0.7 s, are alike in any two texts: words and pauses."""
SILENT = 1e-6
"""Of the mean power in the bands: below −60 dBFS nothing was sent that could be heard."""


@dataclass(frozen=True, slots=True)
class Match:
    """How one part was heard."""

    likeness: float
    """1.0: the same in all bands; 0.0: nothing in common."""
    delay_s: float
    level_db: float

    @property
    def is_heard(self) -> bool:
        return self.likeness >= ALIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an airing was heard on one output."""

    heard: Heard
    delay_ms: int | None = None
    level_db: float | None = None


def compare(sent: Samples, taken: Samples) -> Match | None:
    """*taken* begins EARLY_S before *sent* and ends LATE_S after it. None: too little was sent to tell."""
    ours, theirs = bands(sent), bands(taken)
    if len(ours) < SHORTEST_S * CLIP_RATE_HZ / HOP or ours.sum(axis=1).mean() < SILENT or len(theirs) < len(ours):
        return None
    likeness = _likeness(_shape(ours), _shape(theirs))
    best = int(np.argmax(likeness))
    lag = best + _between(likeness, best)
    return Match(
        likeness=float(likeness[best]),
        delay_s=lag * HOP / CLIP_RATE_HZ - EARLY_S,
        level_db=_level(ours, theirs[best : best + len(ours)]),
    )


def judge_parts(parts: Sequence[Match]) -> Verdict:
    """Heard when most of its parts were; where nothing could be told, nobody listened."""
    if not parts:
        return Verdict(heard=Heard.NOT_LISTENED)
    heard = [part for part in parts if part.is_heard]
    if 2 * len(heard) < len(parts):
        return Verdict(heard=Heard.NO)
    return Verdict(
        heard=Heard.YES,
        delay_ms=max(0, round(median(part.delay_s for part in heard) * 1000)),
        level_db=round(median(part.level_db for part in heard), 1),
    )


def bands(samples: Samples) -> Envelopes:
    """The power in each band, every 10 ms: one row for each frame."""
    count = (len(samples) - FRAME) // HOP + 1
    if count <= 0:
        return np.zeros((0, len(EDGES_HZ) - 1))
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2 / (FRAME * FRAME / 8)
    edges = [round(hz * FRAME / CLIP_RATE_HZ) for hz in EDGES_HZ]
    return np.stack([spectrum[:, low:high].sum(axis=1) for low, high in pairwise(edges)], axis=1)


def _shape(power: Envelopes) -> Envelopes:
    """How loud each band seems, without its slow changes."""
    loudness: Any = np.maximum(power, 1e-12) ** 0.3
    around = np.ones(TREND_FRAMES)
    weight = np.convolve(np.ones(len(loudness)), around, "same")
    trend = np.stack([np.convolve(band, around, "same") for band in loudness.T], axis=1) / weight[:, None]
    shape: Envelopes = loudness - trend
    return shape


def _likeness(ours: Envelopes, theirs: Envelopes) -> npt.NDArray[np.float64]:
    """The mean correlation of the bands, for each lag."""
    size = 1 << (len(theirs) + len(ours)).bit_length()
    lags = len(theirs) - len(ours) + 1
    product = np.fft.irfft(np.fft.rfft(theirs, size, axis=0) * np.conj(np.fft.rfft(ours, size, axis=0)), size, axis=0)
    total = np.cumsum(np.concatenate([np.zeros((1, ours.shape[1])), theirs**2]), axis=0)
    energy = np.maximum(total[len(ours) :] - total[: -len(ours)], 0.0)
    scale = np.sqrt(energy * (ours**2).sum(axis=0))
    alike = np.where(scale > 1e-12, product[:lags] / np.maximum(scale, 1e-12), 0.0)
    mean: npt.NDArray[np.float64] = alike.mean(axis=1)
    return mean


def _between(curve: npt.NDArray[np.float64], top: int) -> float:
    """Where between the frames the peak lies, by a parabola; −0.5 to 0.5."""
    if not 0 < top < len(curve) - 1:
        return 0.0
    left, middle, right = curve[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0


def _level(ours: Envelopes, theirs: Envelopes) -> float:
    """Of what rises and falls together; steady noise has no part in it."""
    sent, taken = ours.sum(axis=1), theirs.sum(axis=1)
    apart = sent - sent.mean()
    gain = float(apart @ (taken - taken.mean()) / max(apart @ apart, 1e-18))
    return 10 * float(np.log10(max(gain, 1e-9)))
