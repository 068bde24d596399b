"""A clip → the same clip at its loudness, no true peak above the ceiling. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from broadcaster.render.gain import drawn, eased
from broadcaster.render.meter import (
    FULL_SCALE,
    MS,
    PIECE,
    Floats,
    Sound,
    energies,
    floats,
    lufs_of,
    most_between,
    raise_to_true_peaks,
    sample_peaks,
    true_peak_dbtp,
    with_neighbours,
)

Pcm = npt.NDArray[np.int16]

CLOSE_ENOUGH_LU = 0.02
MOST_TURNS = 12
MOST_LIMITED_DB = 12.0
"""Further up the limiter would eat what it is to make louder; the clip then stays below its target."""
SPARE_DB = 0.15
"""The limiter aims so far below the ceiling: another meter samples at other places, and 16 bit are rounded."""
RELEASE_MS = 60.0


@dataclass(frozen=True, slots=True)
class Levelled:
    """A clip and what it measures."""

    samples: Pcm
    loudness_lufs: float
    true_peak_dbtp: float


def levelled(sound: Sound, target_lufs: float, ceiling_dbtp: float) -> Levelled:
    """*sound* at *target_lufs*, as long as before, no true peak above *ceiling_dbtp*. Silence stays silence.

    16 bit without dither: pauses stay digitally silent, and rounding lies 60 dB below the noise of any horn.
    """
    energy = energies(sound)
    if not np.isfinite(lufs_of(energy)):
        return Levelled(to_int16(sound), float("-inf"), true_peak_dbtp(to_int16(sound)))
    aim_lufs, spare_db = target_lufs, SPARE_DB
    peaks, samples = _Peaks(sound), np.empty(len(sound), dtype=np.int16)
    for _ in range(3):
        gain, turned_down = _gain(energy, peaks, aim_lufs, 10 ** ((ceiling_dbtp - spare_db) / 20))
        _apply(gain, turned_down, sound, samples)
        loudness, peak = lufs_of(energies(samples)), true_peak_dbtp(samples)
        is_held, off = peak <= ceiling_dbtp, target_lufs - loudness
        if is_held and abs(off) <= 5 * CLOSE_ENOUGH_LU:
            break
        spare_db += max(0.0, peak - ceiling_dbtp) * 1.1
        aim_lufs += off if off < 1 else 0.0
    return Levelled(samples, loudness, peak)


def to_int16(sound: Sound) -> Pcm:
    """Rounded; what is beyond full scale is cut."""
    if sound.dtype == np.int16:
        return np.asarray(sound, dtype=np.int16)
    whole = np.rint(sound * np.float32(FULL_SCALE))
    return np.asarray(np.clip(whole, -FULL_SCALE, FULL_SCALE - 1), dtype=np.int16)


class _Peaks:
    """True peaks by millisecond, looked for only where they can matter."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._found = sample_peaks(sound)
        self._bound = with_neighbours(self._found) * most_between()
        self._is_exact = np.zeros(len(self._found), dtype=bool)

    def above(self, level: float) -> Floats:
        """The peak of each millisecond, exact wherever it is above *level*."""
        which = np.flatnonzero((self._bound > level) & ~self._is_exact)
        raise_to_true_peaks(self._sound, self._found, which)
        self._is_exact[which] = True
        return self._found


def _gain(energy: Floats, peaks: _Peaks, aim_lufs: float, ceiling: float) -> tuple[float, Floats]:
    """The gain for the whole, and the gain of the limiter at the edges of each millisecond."""
    first_db = gain_db = aim_lufs - lufs_of(energy)
    for _ in range(MOST_TURNS):
        gain = 10 ** (gain_db / 20)
        highest = peaks.above(ceiling / gain) * gain
        turned_down = 1.0 - eased(1.0 - ceiling / np.maximum(highest, ceiling), RELEASE_MS)
        before, after = turned_down[:-1], turned_down[1:]
        off = aim_lufs - lufs_of(energy * gain**2 * (before**2 + before * after + after**2) / 3)
        if abs(off) <= CLOSE_ENOUGH_LU:
            break
        gain_db = min(gain_db + off, first_db + MOST_LIMITED_DB)
    return gain, turned_down


def _apply(gain: float, turned_down: Floats, sound: Sound, samples: Pcm) -> None:
    """Write *sound* with its gain into *samples*."""
    for start in range(0, len(sound), PIECE):
        piece = floats(sound[start : start + PIECE])
        line = drawn(turned_down, start // MS, len(piece))
        samples[start : start + PIECE] = to_int16(piece * line * np.float32(gain))
