"""Phrases, pauses and chimes → one clip: resampled, shaped for horns, joined with pydub. Short clips only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
from pydub import AudioSegment

from broadcaster.model.clip import CLIP_RATE_HZ

Samples = npt.NDArray[np.float32]

LOW_HZ, HIGH_HZ = 250.0, 6000.0
"""What a horn carries; the rest only costs it power."""
THRESHOLD = 10 ** (-24 / 20)
RATIO = 3.0
ATTACK = CLIP_RATE_HZ // 100
EDGE_MS = 5
QUIET = 0.002


def shaped(samples: Samples, rate_hz: int) -> Samples:
    """Speech at 48 kHz, within the band of a horn, gently compressed 3:1, without silence at its ends."""
    trimmed = _trimmed(samples)
    count = round(len(trimmed) * CLIP_RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(np.pad(trimmed, (0, rate_hz // 20)))
    out_count = round((len(trimmed) + rate_hz // 20) * CLIP_RATE_HZ / rate_hz)
    pitch = np.arange(len(spectrum)) * rate_hz / (len(trimmed) + rate_hz // 20)
    spectrum *= _band(pitch)
    resampled = np.fft.irfft(_fitted(spectrum, out_count // 2 + 1), out_count) * (CLIP_RATE_HZ / rate_hz)
    return _compressed(resampled[:count].astype(np.float32))


class Joiner:
    """Puts parts one after the other and knows where each sentence begins."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._frames = 0
        self.sentence_starts: list[int] = [0]

    def speech(self, samples: Samples) -> None:
        """A phrase, with soft edges."""
        segment = to_segment(samples)
        soft = segment.fade_in(EDGE_MS).fade_out(EDGE_MS)
        self._add(soft.raw_data)

    def sound(self, samples: Samples) -> None:
        """A chime or a recording, as it is."""
        self._add(to_segment(samples).raw_data)

    def pause(self, length: timedelta) -> None:
        frames = round(length.total_seconds() * CLIP_RATE_HZ)
        self._add(bytes(2 * frames))

    def sentence(self) -> None:
        """A sentence begins here."""
        if self.sentence_starts[-1] != self._frames:
            self.sentence_starts.append(self._frames)

    def samples(self) -> Samples:
        joined = AudioSegment(data=b"".join(self._parts), sample_width=2, frame_rate=CLIP_RATE_HZ, channels=1)
        return np.frombuffer(joined.raw_data, dtype="<i2").astype(np.float32) / np.float32(32768)

    def _add(self, data: bytes) -> None:
        self._parts.append(data)
        self._frames += len(data) // 2


def to_segment(samples: Samples) -> AudioSegment:
    """16 bit, 48 kHz, one channel."""
    data = to_int16(samples)
    return AudioSegment(data=data, sample_width=2, frame_rate=CLIP_RATE_HZ, channels=1)


def to_int16(samples: Samples) -> bytes:
    """Little-endian samples as bytes."""
    return (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _fitted(spectrum: npt.NDArray[np.complexfloating], count: int) -> npt.NDArray[np.complexfloating]:
    out = np.zeros(count, dtype=np.complex128)
    shared = min(count, len(spectrum))
    out[:shared] = spectrum[:shared]
    return out


def _band(pitch_hz: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Gentle slopes below 250 and above 6000 Hz, as a second-order filter has them."""
    with np.errstate(divide="ignore"):
        low = 1 / np.sqrt(1 + (LOW_HZ / np.maximum(pitch_hz, 1e-3)) ** 4)
    high = 1 / np.sqrt(1 + (pitch_hz / HIGH_HZ) ** 4)
    gain: npt.NDArray[np.floating] = low * high
    return gain


def _compressed(samples: Samples) -> Samples:
    if len(samples) < ATTACK:
        return samples
    power = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    ends = np.minimum(np.arange(len(samples)) + ATTACK, len(samples))
    starts = np.maximum(np.arange(len(samples)) - ATTACK, 0)
    envelope = np.sqrt((power[ends] - power[starts]) / (ends - starts))
    gain = np.where(envelope > THRESHOLD, (np.maximum(envelope, 1e-9) / THRESHOLD) ** (1 / RATIO - 1), 1.0)
    return (samples * gain).astype(np.float32)
