"""Chimes and recordings on the disk → samples at 48 kHz. Foreign files are decoded by ffmpeg, confined and limited."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadcaster.errors import SoundUnusable
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Sentence

Samples = npt.NDArray[np.float32]

LARGEST_BYTES = 50_000_000
LONGEST_S = 15 * 60
DECODES_WITHIN_S = 60
QUIET = 0.003
FORMATS = (
    (b"RIFF", 0, "wav"),
    (b"ID3", 0, "mp3"),
    (b"\xff\xfb", 0, "mp3"),
    (b"\xff\xf3", 0, "mp3"),
    (b"\xff\xf2", 0, "mp3"),
    (b"ftyp", 4, "mov"),
    (b"OggS", 0, "ogg"),
    (b"#!AMR", 0, "amr"),
    (b"\x1aE\xdf\xa3", 0, "matroska"),
    (b"fLaC", 0, "flac"),
)
"""First bytes, where they stand, and ffmpeg's name of the format: WAV, MP3, M4A, OGG, AMR, WebM, FLAC."""


class SoundFolder:
    """The folder ``audio/`` of a station."""

    def __init__(self, audio: Path) -> None:
        self._audio = audio

    def chime(self, name: str) -> Samples:
        """A WAV file of 48 kHz, one channel, 16 bit; others go through ffmpeg. Raises SoundUnusable."""
        path = self._audio / "chimes" / f"{name}.wav"
        try:
            with wave.open(str(path), "rb") as file:
                shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
                data = file.readframes(min(file.getnframes(), 60 * CLIP_RATE_HZ))
        except (OSError, EOFError, wave.Error) as error:
            raise unusable(path.name, f"读不了（{error}）", f"cannot be read ({error})") from error
        if shape != (CLIP_RATE_HZ, 1, 2):
            return decoded(path)
        return _floats(data)

    def recording(self, file: str) -> Samples:
        """A recording, without the silence at its ends. Raises SoundUnusable."""
        folder = (self._audio / "recordings").resolve()
        path = (folder / file).resolve()
        if not path.is_relative_to(folder):
            raise unusable(file, "不在 audio/recordings/ 里", "is not in audio/recordings/")
        samples = decoded(path)
        loud = np.flatnonzero(np.abs(samples) > QUIET)
        if not len(loud):
            raise unusable(file, "里面没有声音", "holds no sound")
        return samples[loud[0] : loud[-1] + 1]


def decoded(path: Path) -> Samples:
    """The sound of a foreign file. Raises SoundUnusable for what is none, too large or too long."""
    name = path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        raise unusable(name, f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})") from error
    if size > LARGEST_BYTES:
        raise unusable(name, "太大，最多 50 MB", "is too large, at most 50 MB")
    kind = next((kind for mark, at, kind in FORMATS if start[at : at + len(mark)] == mark), None)
    if kind is None:
        raise unusable(
            name,
            "不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM）",
            "is no sound we know (WAV, MP3, M4A, OGG, AMR, WebM)",
        )
    line = ["ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-f", kind, "-i", f"file:{path}"]
    line += ["-map", "a:0", "-t", str(LONGEST_S + 1), "-ac", "1", "-ar", str(CLIP_RATE_HZ), "-f", "s16le", "-"]
    try:
        done = subprocess.run(line, capture_output=True, timeout=DECODES_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise unusable(name, "解不开", "cannot be decoded") from error
    samples = _floats(done.stdout)
    if done.returncode or not len(samples):
        raise unusable(name, "坏了，解不开", "is damaged and cannot be decoded")
    if len(samples) > LONGEST_S * CLIP_RATE_HZ:
        raise unusable(name, f"太长，最多 {LONGEST_S // 60} 分钟", f"is too long, at most {LONGEST_S // 60} minutes")
    return samples


def unusable(file: str, zh: str, en: str) -> SoundUnusable:
    return SoundUnusable(Sentence(f"声音文件“{file}”{zh}。", f"the sound file {file!r} {en}."))


def _floats(data: bytes) -> Samples:
    whole = data[: len(data) // 2 * 2]
    return np.frombuffer(whole, dtype="<i2").astype(np.float32) / np.float32(32768)
