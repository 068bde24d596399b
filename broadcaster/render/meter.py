"""What a clip measures: loudness (ITU-R BS.1770-4) and true peak, in pieces, so that an hour needs little memory.

Everything that changes over time is kept a millisecond at a time: 48 samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32] | npt.NDArray[np.int16]
"""One channel at 48 kHz; 1.0, or 32,768, is full scale."""
Floats = npt.NDArray[np.floating]

RATE_HZ = 48_000
MS = RATE_HZ // 1000
"""Samples in a millisecond."""
FULL_SCALE = 32_768
BLOCK_MS, STEP_MS = 400, 100
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OVERSAMPLED = 4
TAPS = 12
"""For each sample between the samples, as in BS.1770 annex 2."""
PIECE = 597 * MS
FFT_SIZE = 1 << 15
AT_ONCE = 1024

# K-weighting at 48 kHz, the coefficients of BS.1770-4 annex 1.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def floats(sound: Sound) -> npt.NDArray[np.float32]:
    """1.0 is full scale."""
    if sound.dtype == np.int16:
        return sound.astype(np.float32) / np.float32(FULL_SCALE)
    return np.asarray(sound, dtype=np.float32)


def integrated_lufs(sound: Sound) -> float:
    """Gated loudness; -inf for what has no block above the absolute gate."""
    return lufs_of(energies(sound))


def true_peak_dbtp(sound: Sound) -> float:
    """The peak between the samples, at four times the rate; -inf for silence."""
    own = sample_peaks(sound)
    highest = float(np.max(own, initial=0.0))
    if highest == 0:
        return float("-inf")
    peaks = own.copy()
    raise_to_true_peaks(sound, peaks, np.flatnonzero(with_neighbours(own) * most_between() > highest))
    return 20 * float(np.log10(np.max(peaks)))


def energies(sound: Sound) -> Floats:
    """The energy of each millisecond after K-weighting."""
    found = np.zeros(-(-len(sound) // MS), dtype=np.float64)
    spectrum = np.fft.rfft(_k_response(), FFT_SIZE)
    history = np.zeros(FFT_SIZE - PIECE, dtype=np.float32)
    for start, piece in _pieces(sound):
        window = np.concatenate([history, piece, np.zeros(PIECE - len(piece), dtype=np.float32)])
        history = window[PIECE:]
        if not window.any():
            continue
        weighted = np.fft.irfft(np.fft.rfft(window) * spectrum, FFT_SIZE)[-PIECE:][: len(piece)]
        whole = np.pad(np.square(weighted, dtype=np.float64), (0, -len(piece) % MS))
        own = whole.reshape(-1, MS).sum(axis=1)
        found[start // MS : start // MS + len(own)] = own
    return found


def lufs_of(energy: Floats) -> float:
    """Gated loudness of energies a millisecond at a time."""
    if len(energy) < BLOCK_MS:
        energy = np.pad(energy, (0, BLOCK_MS - len(energy)))
    sums = np.concatenate([[0.0], np.cumsum(energy)])
    starts = np.arange(0, len(energy) - BLOCK_MS + 1, STEP_MS)
    blocks = np.maximum(sums[starts + BLOCK_MS] - sums[starts], 0.0) / (BLOCK_MS * MS)
    loud = blocks[_lufs(blocks) > ABSOLUTE_GATE_LUFS]
    if not len(loud):
        return float("-inf")
    gate = _lufs(np.mean(loud)) + RELATIVE_GATE_LU
    return float(_lufs(np.mean(loud[_lufs(loud) > gate])))


def sample_peaks(sound: Sound) -> Floats:
    """The highest sample of each millisecond."""
    found = np.zeros(-(-len(sound) // MS), dtype=np.float64)
    for start, piece in _pieces(sound):
        own = np.pad(np.abs(piece), (0, -len(piece) % MS)).reshape(-1, MS).max(axis=1)
        found[start // MS : start // MS + len(own)] = own
    return found


def with_neighbours(peaks: Floats) -> Floats:
    """For each millisecond the highest of it and of the two beside it: what may lie between samples at its ends."""
    padded = np.pad(peaks, 1)
    highest: Floats = np.maximum(np.maximum(padded[:-2], padded[2:]), peaks)
    return highest


def raise_to_true_peaks(sound: Sound, peaks: Floats, which: npt.NDArray[np.intp]) -> None:
    """Look between the samples of some milliseconds, and raise their *peaks* to what is found there."""
    reach = np.arange(-TAPS // 2, MS + TAPS // 2)
    for first in range(0, len(which), AT_ONCE):
        some = which[first : first + AT_ONCE]
        places = some[:, None] * MS + reach
        inside = (places >= 0) & (places < len(sound))
        around = floats(sound[np.where(inside, places, 0)]) * inside
        windows = np.lib.stride_tricks.sliding_window_view(around, TAPS, axis=1)
        between = np.abs(windows @ _phases()).max(axis=(1, 2))
        peaks[some] = np.maximum(peaks[some], between)


@lru_cache(maxsize=1)
def most_between() -> float:
    """How many times higher than the samples around it a sample in between can be."""
    return float(np.abs(_phases()).sum(axis=0).max())


def _pieces(sound: Sound) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    for start in range(0, len(sound), PIECE):
        yield start, floats(sound[start : start + PIECE])


def _lufs(energy: Any) -> Floats:
    with np.errstate(divide="ignore"):
        loudness: Floats = -0.691 + 10 * np.log10(energy)
    return loudness


@lru_cache(maxsize=1)
def _k_response() -> npt.NDArray[np.float32]:
    """The impulse response of both filters. After 4,096 samples it is below -150 dB."""
    count = FFT_SIZE - PIECE
    impulse = np.zeros(count)
    impulse[0] = 1.0
    for (b0, b1, b2), (_, a1, a2) in (_SHELF, _HIGH_PASS):
        out = np.zeros(count)
        x1 = x2 = y1 = y2 = 0.0
        for index, x in enumerate(impulse):
            y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
            x1, x2, y1, y2 = x, x1, y, y1
            out[index] = y
        impulse = out
    return impulse.astype(np.float32)


@lru_cache(maxsize=1)
def _phases() -> npt.NDArray[np.float32]:
    """A windowed sinc, one column for each of the four places between two samples."""
    count = TAPS * OVERSAMPLED
    t = (np.arange(count) - (count - 1) / 2) / OVERSAMPLED
    columns = (np.sinc(t) * np.kaiser(count, 6.0)).reshape(TAPS, OVERSAMPLED)
    normalised: npt.NDArray[np.float32] = (columns / columns.sum(axis=0)).astype(np.float32)
    return normalised
