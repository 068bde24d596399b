"""A WAV file from an engine → samples, if it is what was asked for: whole, of a fitting length, not silent."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence

Samples = npt.NDArray[np.float32]

LEAST, MOST = 0.6, 1.9
"""Times the expected length. A voice of espeak-ng stays within 0.9 and 1.2, a whole sentence with pauses within 1.4."""
SPARE_S = 1.5
"""A single syllable, and what an engine leaves at the end, strays further."""
SILENT_RMS = 0.003
QUIET = 0.002
LARGEST_BYTES = 50_000_000


def read_speech(path: Path, characters: int, a_minute: float) -> tuple[Samples, int]:
    """Samples and their rate in Hz. *a_minute*: characters a minute of the words alone.

    Raises VoiceFailed and says what is wrong with the file.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise failed("声音文件太大", "the sound is far too large")
        with wave.open(str(path), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth())
            rate_hz, frames = file.getframerate(), file.getnframes()
            data = file.readframes(frames)
    except (OSError, EOFError, wave.Error) as error:
        raise failed("没有写出声音文件", f"no sound was written ({error})") from error
    if shape != (1, 2) or len(data) != 2 * frames or frames == 0 or rate_hz < 8000:
        raise failed("声音文件不完整", "the sound is not whole")
    samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768)
    check_speech(samples, rate_hz, characters, a_minute)
    return samples, rate_hz


def check_speech(samples: Samples, rate_hz: int, characters: int, a_minute: float) -> None:
    """Raises VoiceFailed for what cannot be *characters* spoken. Silence at the ends counts for nothing."""
    first, last = ends(samples)
    if first == last or float(np.sqrt(np.mean(samples[first:last] ** 2))) < SILENT_RMS:
        raise failed("合成出来没有声音", "the sound is silent")
    seconds = (last - first) / rate_hz
    expected = 60 * characters / a_minute
    if not LEAST * expected - 0.2 <= seconds <= MOST * expected + SPARE_S:
        raise failed(
            f"{characters} 个字念了 {seconds:.2f} 秒，不对",
            f"{characters} characters took {seconds:.2f} s, which cannot be",
        )


def ends(samples: Samples) -> tuple[int, int]:
    """Where the first sound begins and the last one ends; twice 0 when there is none."""
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def spoken_s(samples: Samples, rate_hz: int) -> float:
    """Seconds from the first sound to the last."""
    first, last = ends(samples)
    return (last - first) / rate_hz


def failed(zh: str, en: str) -> VoiceFailed:
    return VoiceFailed(Sentence(f"语音合成出错：{zh}。", f"a voice failed: {en}."))
