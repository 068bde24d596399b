"""Integrated loudness and true peak of a clip (ITU-R BS.1770-4), and bringing it to both targets. Numpy only."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE_HZ = 48_000
BLOCK, STEP = RATE_HZ * 4 // 10, RATE_HZ // 10
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OVERSAMPLED = 4
LOOKAHEAD = RATE_HZ // 200
"""The limiter begins to turn down 5 ms before a peak."""
CLOSE_ENOUGH_LU = 0.1
MOST_TURNS = 6

# K-weighting at 48 kHz, the coefficients of BS.1770-4 annex 1.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def integrated_lufs(samples: Samples) -> float:
    """Gated loudness; -inf for what has no block above the absolute gate."""
    energies = _block_energies(samples)
    loud = energies[_lufs(energies) > ABSOLUTE_GATE_LUFS]
    if not len(loud):
        return float("-inf")
    gate = _lufs(np.mean(loud)) + RELATIVE_GATE_LU
    louder = loud[_lufs(loud) > gate]
    return float(_lufs(np.mean(louder)))


def true_peak_dbtp(samples: Samples) -> float:
    """The peak between the samples, at four times the rate."""
    peak = float(np.max(np.abs(_oversampled(samples)), initial=0.0))
    return 20 * float(np.log10(peak)) if peak > 0 else float("-inf")


def levelled(samples: Samples, target_lufs: float, ceiling_dbtp: float) -> Samples:
    """*samples* at *target_lufs*, no true peak above *ceiling_dbtp*. Silence stays silence."""
    loudness = integrated_lufs(samples)
    if not np.isfinite(loudness):
        return samples
    gain_db = target_lufs - loudness
    limited = samples
    for _ in range(MOST_TURNS):
        limited = limited_to(samples * np.float32(10 ** (gain_db / 20)), ceiling_dbtp)
        off = target_lufs - integrated_lufs(limited)
        if abs(off) <= CLOSE_ENOUGH_LU:
            break
        gain_db += off
    return limited


def limited_to(samples: Samples, ceiling_dbtp: float) -> Samples:
    """Turned down around every peak above the ceiling, smoothly, with a look ahead of 5 ms."""
    ceiling = 10 ** ((ceiling_dbtp - 0.1) / 20)  # a little below: the measure between samples is itself approximate
    peaks = np.max(np.abs(_oversampled(samples)).reshape(-1, OVERSAMPLED), axis=1)[: len(samples)]
    if float(np.max(peaks, initial=0.0)) <= ceiling:
        return samples
    wanted = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    held = _sliding_min(wanted, LOOKAHEAD)
    smooth = _smoothed(held, LOOKAHEAD)
    return (samples * smooth).astype(np.float32)


def _block_energies(samples: Samples) -> npt.NDArray[np.float64]:
    """Mean squares of K-weighted blocks of 400 ms, one each 100 ms."""
    if len(samples) < BLOCK:
        samples = np.pad(samples, (0, BLOCK - len(samples)))
    weighted = _k_weighted(samples)
    sums = np.concatenate([[0.0], np.cumsum(weighted**2, dtype=np.float64)])
    starts = np.arange(0, len(weighted) - BLOCK + 1, STEP)
    energies: npt.NDArray[np.float64] = (sums[starts + BLOCK] - sums[starts]) / BLOCK
    return energies


def _lufs(energy: Any) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        loudness: npt.NDArray[np.float64] = -0.691 + 10 * np.log10(energy)
    return loudness


def _k_weighted(samples: Samples) -> npt.NDArray[np.float64]:
    """By convolution in the frequency domain: the filters' own recursion would be slow in Python."""
    response = _k_response()
    return _convolved(samples, response)[: len(samples)]


@lru_cache(maxsize=1)
def _k_response() -> npt.NDArray[np.float64]:
    """The impulse response of both filters, a third of a second long; beyond it is below -100 dB."""
    count = RATE_HZ // 3
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
    return impulse


def _convolved(samples: Samples, response: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Overlap-add with blocks of 2^17, so that an hour needs no more memory than a minute."""
    size = 1 << 17
    step = size - len(response) + 1
    spectrum = np.fft.rfft(response, size)
    out = np.zeros(len(samples) + size)
    for start in range(0, len(samples), step):
        part = np.fft.rfft(samples[start : start + step], size)
        out[start : start + size] += np.fft.irfft(part * spectrum, size)
    return out


@lru_cache(maxsize=1)
def _phases() -> npt.NDArray[np.float32]:
    """Interpolation filter, a windowed sinc, as one row for each of the four phases."""
    taps = 12 * OVERSAMPLED
    t = (np.arange(taps) - (taps - 1) / 2) / OVERSAMPLED
    kernel = np.sinc(t) * np.kaiser(taps, 6.0)
    rows = kernel.reshape(-1, OVERSAMPLED).T
    normalised: npt.NDArray[np.float32] = (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)
    return normalised


def _oversampled(samples: Samples) -> Samples:
    """Four samples for each, aligned with it."""
    rows = [np.convolve(samples, phase, mode="same") for phase in _phases()]
    return np.stack(rows, axis=1).astype(np.float32).reshape(-1)


def _sliding_min(values: npt.NDArray[np.floating], reach: int) -> npt.NDArray[np.floating]:
    """The least within *reach* on both sides, by doubling: log2(reach) passes."""
    width = 2 * reach + 1
    padded = np.pad(values, reach, constant_values=1.0)
    done = 1
    while done * 2 <= width:
        padded = np.minimum(padded[:-done], padded[done:])
        done *= 2
    rest = width - done
    if rest:
        padded = np.minimum(padded[:-rest], padded[rest:])
    return padded[: len(values)]


def _smoothed(values: npt.NDArray[np.floating], reach: int) -> npt.NDArray[np.floating]:
    """A moving mean over *reach* on both sides: never above the least of the span around a peak."""
    width = 2 * reach + 1
    padded = np.pad(values, reach, mode="edge")
    sums = np.concatenate([[0.0], np.cumsum(padded, dtype=np.float64)])
    smooth: npt.NDArray[np.floating] = (sums[width:] - sums[:-width]) / width
    return smooth
