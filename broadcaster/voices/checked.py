"""A WAV file from an engine → samples, if it is what was asked for: whole, of a fitting length, not silent."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence

Samples = npt.NDArray[np.float32]

SHORTEST_S, LONGEST_S = 0.10, 0.60
"""A character at 165 a minute takes 0.15 to 0.40 s; phrases of one or two characters stray further."""
USUAL_RATE = 165
SILENT_RMS = 0.003


def read_speech(path: Path, characters: int, rate: int) -> tuple[Samples, int]:
    """Samples and their rate in Hz. Raises VoiceFailed and says what is wrong with the file."""
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth())
            rate_hz, frames = file.getframerate(), file.getnframes()
            data = file.readframes(frames)
    except (OSError, EOFError, wave.Error) as error:
        raise failed("没有写出声音文件", f"no sound was written ({error})") from error
    if shape != (1, 2) or len(data) != 2 * frames or frames == 0:
        raise failed("声音文件不完整", "the sound is not whole")
    samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768)
    seconds, slower = frames / rate_hz, USUAL_RATE / rate
    if not SHORTEST_S * characters * slower <= seconds <= (LONGEST_S * characters + 1.5) * slower:
        raise failed(
            f"{characters} 个字念了 {seconds:.2f} 秒，不对",
            f"{characters} characters took {seconds:.2f} s, which cannot be",
        )
    if float(np.sqrt(np.mean(samples**2))) < SILENT_RMS:
        raise failed("合成出来没有声音", "the sound is silent")
    return samples, rate_hz


def failed(zh: str, en: str) -> VoiceFailed:
    return VoiceFailed(Sentence(f"语音合成出错：{zh}。", f"a voice failed: {en}."))
