"""Chimes and recordings of a station's ``audio/`` → samples at 48 kHz: trimmed, and as loud as the voices."""

from __future__ import annotations

import os
import stat
import wave
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from broadcaster.decoding import decode, unusable
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.render.meter import integrated_lufs

Samples = npt.NDArray[np.float32]

LONGEST_CHIME_S = 60
FRAME = CLIP_RATE_HZ // 50
SILENT = 10 ** (-55 / 20)
"""A recording whose loudest 20 ms stay below this holds nothing that a horn could make heard."""
BELOW_ITS_LOUDEST = 10 ** (-35 / 20)
"""What is quieter than this, at the ends, is the room and not the speaker."""
MARGIN = 5
"""Frames that are left before the first sound and after the last: soft beginnings of words."""
VOICES_LUFS = -19.0
"""About what a voice of espeak-ng has before the whole clip is levelled."""
MOST_GAIN_DB = 30.0
SQUARE = 0.78
"""The median sample beside the 99th of a hundred: 0.1 in speech, 0.26 in noise, 0.71 in a tone, 1 where clipped."""


class SoundFolder:
    """The folder ``audio/`` of a station."""

    def __init__(self, audio: Path) -> None:
        self._audio = audio

    def chime(self, name: str) -> Samples:
        """A WAV file of 48 kHz, one channel, 16 bit; others go through ffmpeg. Raises SoundUnusable."""
        path = self._audio / "chimes" / f"{name}.wav"
        with _opened(path, path.name) as file:
            try:
                with wave.open(file, "rb") as sound:
                    shape = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
                    data = sound.readframes(min(sound.getnframes(), LONGEST_CHIME_S * CLIP_RATE_HZ))
            except (EOFError, wave.Error):
                shape, data = (0, 0, 0), b""
            if shape == (CLIP_RATE_HZ, 1, 2):
                return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768)
            file.seek(0)
            return decode(file, path.name, CLIP_RATE_HZ, longest_s=LONGEST_CHIME_S)

    def recording(self, file: str) -> Samples:
        """A recording, without the silence at its ends, as loud as a voice. Raises SoundUnusable."""
        folder = (self._audio / "recordings").resolve()
        try:
            path = (folder / file).resolve()
        except (OSError, ValueError, RuntimeError) as error:  # a loop of links, or no name at all
            raise unusable(file, f"读不了（{error}）", f"cannot be read ({error})") from error
        if not path.is_relative_to(folder):
            raise unusable(file, "不在 audio/recordings/ 里", "is not in audio/recordings/")
        with _opened(path, file) as opened:
            samples = decode(opened, file, CLIP_RATE_HZ)
        return _as_loud_as_a_voice(_trimmed(samples, file))


def _opened(path: Path, name: str) -> IO[bytes]:
    """The file, if it is one: a pipe or a device would never end. Raises SoundUnusable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise unusable(name, f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise unusable(name, "不是文件", "is no file")
    return os.fdopen(descriptor, "rb")


def _trimmed(samples: Samples, name: str) -> Samples:
    samples = samples - np.median(samples)  # cheap sound cards add a constant
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loudness = np.std(frames, axis=1) if len(frames) else np.zeros(1)
    if loudness.max() < SILENT:
        raise unusable(name, "里面没有声音", "holds no sound")
    is_loud = loudness > BELOW_ITS_LOUDEST * loudness.max()
    middle, top = np.quantile(np.abs(frames[is_loud]), [0.5, 0.99])
    if middle > SQUARE * top:
        raise unusable(
            name,
            "录得太响，全是破音。请离话筒远一点，或者调低录音音量，重录一遍",
            "was recorded far too loud and is nothing but distortion; record it again, further from the microphone",
        )
    loud = np.flatnonzero(is_loud)
    first, last = max(0, loud[0] - MARGIN), loud[-1] + 1 + MARGIN
    return samples[first * FRAME : last * FRAME]


def _as_loud_as_a_voice(samples: Samples) -> Samples:
    own = integrated_lufs(samples)
    if not np.isfinite(own):
        return samples
    gain_db = min(VOICES_LUFS - own, MOST_GAIN_DB)
    return np.asarray(samples * np.float32(10 ** (gain_db / 20)), dtype=np.float32)
