"""A foreign sound file → samples. ffmpeg does it, in a process that reaches no network and no other file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from broadcaster.errors import SoundUnusable
from broadcaster.model.words import Sentence

Samples = npt.NDArray[np.float32]

LARGEST_BYTES = 50_000_000
LONGEST_S = 15 * 60
DECODES_WITHIN_S = 60.0
CPU_S = 60
MEMORY_BYTES = 1 << 30
KNOWN = "WAV、MP3、M4A、OGG、AMR、WebM、FLAC"
_LAUNCHER = Path(__file__).with_name("limited.py")

_FORMATS = (
    (b"RIFF", 0, "wav"),
    (b"ID3", 0, "mp3"),
    (b"\xff\xfb", 0, "mp3"),
    (b"\xff\xfa", 0, "mp3"),
    (b"\xff\xf3", 0, "mp3"),
    (b"\xff\xf2", 0, "mp3"),
    (b"\xff\xf1", 0, "aac"),
    (b"\xff\xf9", 0, "aac"),
    (b"ftyp", 4, "mov"),
    (b"OggS", 0, "ogg"),
    (b"#!AMR", 0, "amr"),
    (b"\x1aE\xdf\xa3", 0, "matroska"),
    (b"fLaC", 0, "flac"),
)
"""First bytes, where they stand, and ffmpeg's name of the format. What a file is called says nothing."""


def sniffed(start: bytes) -> str | None:
    """ffmpeg's name for what begins so; None: no sound that we know, perhaps a page or a list of other files."""
    kind = next((kind for mark, at, kind in _FORMATS if start[at : at + len(mark)] == mark), None)
    return None if kind == "wav" and start[8:12] != b"WAVE" else kind


def decode(file: IO[bytes], name: str, rate_hz: int, *, longest_s: float = LONGEST_S) -> Samples:
    """The first sound of an open file on the disk, one channel. Raises SoundUnusable, naming it *name*."""
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST_BYTES:
        raise unusable(
            name,
            f"有 {size // 1_000_000} MB，太大，最多 {LARGEST_BYTES // 1_000_000} MB",
            f"has {size // 1_000_000} MB, at most {LARGEST_BYTES // 1_000_000} are allowed",
        )
    kind = sniffed(file.read(64))
    if kind is None:
        raise unusable(name, f"不是认得的录音（{KNOWN}）", f"is no sound we know ({KNOWN.replace('、', ', ')})")
    file.seek(0)
    most_bytes = int(longest_s * rate_hz) * 2
    data = _run(_line(kind, rate_hz, longest_s), file, name, most_bytes + 2)
    if len(data) > most_bytes:
        raise unusable(
            name, f"太长，最多 {longest_s / 60:.0f} 分钟", f"is too long, at most {longest_s / 60:.0f} minutes"
        )
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.float32) / np.float32(32768)


def decoder(kind: str, rate_hz: int, file: IO[bytes] | int, longest_s: float) -> subprocess.Popen[bytes]:
    """A process that decodes *file* as it comes: its output is 16 bit, one channel. *kind*: see ``sniffed``."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    line = _line(kind, rate_hz, longest_s, is_pipe=file == subprocess.PIPE)
    return subprocess.Popen(
        line, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    )


def unusable(name: str, zh: str, en: str) -> SoundUnusable:
    return SoundUnusable(Sentence(f"声音文件“{name}”{zh}。", f"the sound file {name!r} {en}."))


def _line(kind: str, rate_hz: int, longest_s: float, *, is_pipe: bool = False) -> list[str]:
    # -t goes by the times that a file claims, -fs by what comes out; a file may claim anything.
    most_bytes = int((longest_s + 2) * rate_hz * 2)
    into = ["-map", "a:0", "-vn", "-sn", "-dn", "-t", str(longest_s + 1), "-fs", str(most_bytes)]
    into += ["-ac", "1", "-ar", str(rate_hz), "-f", "s16le"]
    # The file comes as an open descriptor: what was looked at is what is decoded, whatever happens to its name.
    out_of = ["-nostdin", "-v", "quiet", "-threads", "1", "-protocol_whitelist", "file,pipe", "-f", kind]
    if is_pipe:  # somebody speaks while it comes: nothing waits for more
        out_of += ["-fflags", "nobuffer", "-probesize", "4096", "-analyzeduration", "0"]
        into += ["-flush_packets", "1"]
    limited = [sys.executable, "-I", "-S", str(_LAUNCHER), str(CPU_S), str(MEMORY_BYTES)]
    return [*limited, "ffmpeg", *out_of, "-i", "pipe:0" if is_pipe else "file:/dev/stdin", *into, "pipe:1"]


def _run(line: list[str], file: IO[bytes], name: str, most_bytes: int) -> bytes:
    """At most so many bytes of what it writes. Raises SoundUnusable."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    process = subprocess.Popen(
        line, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    )
    assert process.stdout is not None
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(DECODES_WITHIN_S, give_up)
    timer.start()
    try:
        data = process.stdout.read(most_bytes)
        if len(data) == most_bytes:
            process.kill()
    finally:
        process.stdout.close()
        code = process.wait()
        timer.cancel()
        timer.join()
    if is_late.is_set():
        raise unusable(
            name,
            f"解了 {DECODES_WITHIN_S:.0f} 秒还没有解完",
            f"could not be decoded within {DECODES_WITHIN_S:.0f} s",
        )
    if code == 127:
        raise unusable(name, "解不开：没有安装 ffmpeg", "cannot be decoded: ffmpeg is not installed")
    if len(data) < 2 or (code and len(data) < most_bytes):
        raise unusable(name, "坏了，解不开", "is damaged and cannot be decoded")
    return data
