"""Speech as a voice gives it → speech for horns: at 48 kHz, within their band, gently compressed."""

from __future__ import annotations

from math import gcd

import numpy as np
import numpy.typing as npt

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.render.gain import drawn, eased
from broadcaster.render.meter import MS, Floats

Samples = npt.NDArray[np.float32]

SPEECH_LUFS = -23.0
"""Parts of a clip are brought to this before they are joined; the whole is levelled at the end."""
THRESHOLD_DB = -28.0
KNEE_DB = 6.0
RELEASE_MS = 120.0
HEARD_MS = 10
"""The compressor listens over so long: two periods of a deep voice."""
QUIETER_DB = -50.0
"""Sound so far below the loudest of a phrase is its noise, not its edge."""
BEFORE_S, AFTER_S = 0.010, 0.030
"""Kept at both ends of what is loud: a soft consonant, and room for a fade."""
RINGS_S = 0.02


def in_band(samples: Samples, rate_hz: int, low_hz: float, high_hz: float) -> Samples:
    """At 48 kHz, without the silence at both ends, within the band; 20 ms longer, for the filter to ring out.

    Slopes of 12 dB an octave, causal: nothing sounds before its time. The length does not depend on the band.
    """
    trimmed = _trimmed(samples, rate_hz)
    count = round(len(trimmed) * CLIP_RATE_HZ / rate_hz) + round(RINGS_S * CLIP_RATE_HZ)
    shared = gcd(rate_hz, CLIP_RATE_HZ)
    step_in, step_out = rate_hz // shared, CLIP_RATE_HZ // shared
    steps = _quick(-(-(len(trimmed) + rate_hz // 10) // step_in))
    spectrum = np.fft.rfft(trimmed, steps * step_in)
    out = np.zeros(steps * step_out // 2 + 1, dtype=np.complex64)
    kept = min(len(out), len(spectrum) - 1)  # what lies at half the rate itself has no phase
    pitch_hz = np.arange(kept) * (rate_hz / (steps * step_in))
    out[:kept] = spectrum[:kept] * _band(pitch_hz, low_hz, high_hz)
    resampled = np.fft.irfft(out, steps * step_out)[:count] * (step_out / step_in)
    return resampled.astype(np.float32)


def compressed(samples: Samples, ratio: float) -> Samples:
    """Brought together above the threshold by *ratio*; for samples near ``SPEECH_LUFS``. The length stays."""
    if ratio <= 1 or not len(samples):
        return samples
    edges = eased(_reduction_db(samples, ratio), RELEASE_MS)
    line = drawn(10 ** (-edges / 20), 0, len(samples))
    return (samples * line).astype(np.float32)


def _trimmed(samples: Samples, rate_hz: int) -> Samples:
    """What is loud, with a little before and after it."""
    span = max(1, rate_hz // 200)
    frames = np.pad(samples, (0, -len(samples) % span)).reshape(-1, span)
    level = np.sqrt(np.mean(frames * frames, axis=1))
    loud = np.flatnonzero(level > np.max(level, initial=0.0) * 10 ** (QUIETER_DB / 20))
    if not len(loud):
        return samples
    first = loud[0] * span - round(BEFORE_S * rate_hz)
    last = (loud[-1] + 1) * span + round(AFTER_S * rate_hz)
    return np.pad(samples[max(0, first) : last], (max(0, -first), max(0, last - len(samples))))


def _quick(least: int) -> int:
    """The next number without prime factors above five: transforms of others take many times as long."""
    best = 1 << (least - 1).bit_length()
    for fives in range(8):
        for threes in range(12):
            odd = 5**fives * 3**threes
            if odd < best:
                twos = max(0, (-(-least // odd) - 1).bit_length())
                best = min(best, odd << twos)
    return best


def _band(pitch_hz: Floats, low_hz: float, high_hz: float) -> npt.NDArray[np.complex64]:
    """A second-order Butterworth high pass and low pass, -3 dB at both ends of the band."""
    root = np.sqrt(2)
    low, high = 1j * pitch_hz / low_hz, 1j * pitch_hz / high_hz
    response = low**2 / (low**2 + root * low + 1) / (high**2 + root * high + 1)
    return np.asarray(response, dtype=np.complex64)


def _reduction_db(samples: Samples, ratio: float) -> Floats:
    """How far down each millisecond is wanted, with a soft knee."""
    power = np.pad(samples.astype(np.float64) ** 2, (0, -len(samples) % MS)).reshape(-1, MS).mean(axis=1)
    around = np.convolve(power, np.full(HEARD_MS, 1 / HEARD_MS), mode="same")[: len(power)] if len(power) > 1 else power
    over = 10 * np.log10(np.maximum(around, 1e-12)) - THRESHOLD_DB
    bent = np.clip(over + KNEE_DB / 2, 0, KNEE_DB) ** 2 / (2 * KNEE_DB) + np.maximum(0, over - KNEE_DB / 2)
    wanted: Floats = bent * (1 - 1 / ratio)
    return wanted
