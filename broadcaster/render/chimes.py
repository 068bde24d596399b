"""Chimes, warning tones and the siren, made by our own synthesis: ``python -m broadcaster.render.chimes FOLDER``."""

from __future__ import annotations

import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadcaster.render.loudness import Pcm, levelled

Samples = npt.NDArray[np.float32]

RATE_HZ = 48_000
LOUDNESS_LUFS, CEILING_DBTP = -16.0, -2.0
"""What a station has unless it says otherwise; beside speech a chime takes the loudness of the speech."""


def bell(pitch_hz: float, seconds: float) -> Samples:
    """A soft struck bar: three partials that die away, the high ones first."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = sum(
        weight * np.sin(2 * np.pi * pitch_hz * ratio * t) * np.exp(-t * decay)
        for ratio, weight, decay in ((1, 1.0, 2.2), (2, 0.35, 4.5), (3.98, 0.12, 9.0))
    )
    attack = np.minimum(1.0, t / 0.004)
    return np.asarray(tone * attack, dtype=np.float32)


def melody(*notes: tuple[float, float], ring_s: float = 1.5) -> Samples:
    """Bells one after the other, (pitch in Hz, seconds to the next); they ring into each other."""
    starts = np.cumsum([0.0] + [step for _, step in notes])
    out = np.zeros(round((starts[-2] + ring_s) * RATE_HZ), dtype=np.float32)
    for start, (pitch, _) in zip(starts, notes, strict=False):
        one = bell(pitch, ring_s)
        first = round(start * RATE_HZ)
        count = min(len(one), len(out) - first)
        out[first : first + count] += one[:count]
    return _faded(out, 0.3)


def sweep(low_hz: float, high_hz: float, period_s: float, seconds: float) -> Samples:
    """A siren: the pitch rises and falls, with overtones that a horn throws far.

    Between 500 and 1,500 Hz and up to five times a second, as ISO 7731 has danger signals: above the noise of
    engines and wind, below what old ears have lost.
    """
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pitch = low_hz + (high_hz - low_hz) * (0.5 - 0.5 * np.cos(2 * np.pi * t / period_s))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    tone = np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.25 * np.sin(3 * phase)
    return _faded(tone.astype(np.float32), 0.02)


def pulses(pitch_hz: float, on_s: float, off_s: float, count: int) -> Samples:
    """A tone that comes and goes."""
    t = np.arange(round(on_s * RATE_HZ)) / RATE_HZ
    edge = np.minimum(1.0, np.minimum(t, on_s - t) / 0.01)
    one = (np.sin(2 * np.pi * pitch_hz * t) + 0.3 * np.sin(4 * np.pi * pitch_hz * t)) * edge
    gap = np.zeros(round(off_s * RATE_HZ))
    return _faded(np.concatenate([one, gap] * count).astype(np.float32), 0.02)


def _faded(samples: Samples, seconds: float) -> Samples:
    """Begun within 2 ms, and ended without a click."""
    faded = samples.copy()
    out = round(seconds * RATE_HZ)
    faded[-out:] *= np.cos(np.linspace(0, np.pi / 2, out, dtype=np.float32))
    faded[:96] *= np.linspace(0, 1, 96, dtype=np.float32)
    return faded


CHIMES: dict[str, Callable[[], Samples]] = {
    "rise": lambda: melody((523.25, 0.35), (659.25, 0.35), (783.99, 0.35)),
    "fall": lambda: melody((783.99, 0.35), (659.25, 0.35), (523.25, 0.35)),
    "warning-1": lambda: pulses(660, 0.5, 0.5, 4),
    "warning-2": lambda: pulses(830, 0.25, 0.25, 8),
    "warning-3": lambda: pulses(1000, 0.12, 0.08, 20),
    "siren": lambda: sweep(500, 1500, 2.0, 6.0),
    "allclear": lambda: pulses(440, 4.0, 0.0, 1),
}
"""By name: opening, closing, three warnings of growing urgency, the siren of an emergency, and its end."""


def chime(name: str) -> Pcm:
    """One of ``CHIMES``, as its file holds it."""
    return levelled(CHIMES[name](), LOUDNESS_LUFS, CEILING_DBTP).samples


def write(folder: Path) -> None:
    """Write every chime as a WAV file of 48 kHz, one channel, 16 bit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in CHIMES:
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(chime(name).astype("<i2").tobytes())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
