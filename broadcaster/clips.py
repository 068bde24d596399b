"""Rendered sound on the disk: named by everything that shaped it, written durably, checked before it airs."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import time
import wave
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from broadcaster.durable import write_durably
from broadcaster.errors import ClipDamaged, SoundUnusable
from broadcaster.model.clip import CLIP_RATE_HZ, Clip, ClipOrder, as_recording
from broadcaster.model.words import NOTHING_TO_SAY, Sentence

RENDER_VERSION = 3
"""Grows when the same order would sound different; every older clip is then made again."""
WAV_HEAD = 44
"""Bytes before the samples."""
HALF_WRITTEN_S = 3600.0
LARGEST_SOUND_BYTES = 100_000_000


def clip_key(order: ClipOrder, audio: Path) -> str:
    """The name of the clip that *order* makes: a hash of the order and of the sound files it uses."""
    shaped_by = [RENDER_VERSION, repr(order), [file_hash(audio / name) for name in sound_files(order)]]
    return hashlib.sha256(json.dumps(shaped_by).encode()).hexdigest()[:32]


def sound_files(order: ClipOrder) -> list[str]:
    """The files below ``audio/`` whose bytes shape the clip of *order*."""
    chimes = [f"chimes/{name}.wav" for name in (order.chime, order.sound.closing_chime) if name]
    return chimes + [f"recordings/{file}" for file, _ in map(as_recording, order.texts) if file]


def file_hash(path: Path) -> str:
    """Of the file's bytes; ``absent`` where it cannot be read. Read again only after it changed.

    A pipe or a device would never end, and what is too large is not used: neither is opened.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return "absent"
    if not stat.S_ISREG(status.st_mode):
        return "absent"
    if status.st_size > LARGEST_SOUND_BYTES:
        return f"too large: {status.st_size}"
    return _hash(path, status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1024)
def _hash(path: Path, _inode: int, _changed: int, _size: int) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "absent"


class ClipStore:
    """The folder ``var/clips``: ``KEY.wav`` and what is known of it, ``KEY.json``. Deleting it is harmless."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"

    def find(self, key: str) -> Clip | None:
        """The clip, when its file is there and has its length. Its samples are looked at by ``check``."""
        try:
            told = json.loads(self._about(key).read_text(encoding="utf-8"))
            remark = Sentence(**told["remark"]) if "remark" in told else NOTHING_TO_SAY
            clip = Clip(**(told | {"sentence_starts": tuple(told["sentence_starts"]), "remark": remark}))
            is_whole = clip.key == key and self.path(key).stat().st_size == WAV_HEAD + 2 * clip.frames
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return clip if is_whole else None

    def check(self, clip: Clip) -> None:
        """Look at every sample. Raises ClipDamaged."""
        try:
            with wave.open(str(self.path(clip.key)), "rb") as file:
                shape = (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes())
                samples = file.readframes(clip.frames)
        except (OSError, EOFError, wave.Error) as error:
            raise ClipDamaged(Sentence(f"声音文件读不了：{error}", f"the clip cannot be read: {error}")) from error
        is_whole = shape == (CLIP_RATE_HZ, 1, 2, clip.frames) and len(samples) == 2 * clip.frames
        if not is_whole or hashlib.sha256(samples).hexdigest() != clip.sha256 or not any(samples):
            raise ClipDamaged(Sentence(f"声音文件 {clip.key} 坏了", f"clip {clip.key} is damaged"))

    def put(self, key: str, samples: bytes, about: dict[str, Any]) -> Clip:
        """Keep rendered *samples*, 16 bit little-endian. Raises SoundUnusable when the disk does not take them."""
        clip = Clip(key=key, sha256=hashlib.sha256(samples).hexdigest(), frames=len(samples) // 2, **about)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Sound first: after a power cut between the two the clip is not known, and is made again.
            write_durably(self.path(key), wav_bytes(samples))
            write_durably(self._about(key), json.dumps(asdict(clip), ensure_ascii=False).encode())
        except OSError as error:
            with suppress(OSError):
                self.remove(key)
            why = error.strerror or str(error)
            raise SoundUnusable(
                Sentence(
                    f"合成好的声音存不下：{why}。请清理磁盘，旧的节目不受影响。",
                    f"rendered sound cannot be kept: {why}. Free some disk; older clips are untouched.",
                )
            ) from error
        return clip

    def remove(self, key: str) -> None:
        self._about(key).unlink(missing_ok=True)
        self.path(key).unlink(missing_ok=True)

    def prune(self, keep: Collection[str], most_bytes: int, now: float | None = None) -> int:
        """Remove the oldest clips beyond *most_bytes*, never those in *keep*; how many were removed.

        What a power cut left half written goes, too, an hour later.
        """
        try:
            with os.scandir(self._folder) as entries:
                found = [(entry.stat(), Path(entry.path)) for entry in entries if entry.is_file()]
        except OSError:
            return 0
        for status, path in found:
            if path.suffix == ".tmp" and status.st_mtime < (time.time() if now is None else now) - HALF_WRITTEN_S:
                with suppress(OSError):
                    path.unlink()
        clips = sorted((one for one in found if one[1].suffix == ".wav"), key=lambda one: -one[0].st_mtime)
        total = removed = 0
        for status, path in clips:
            total += status.st_size
            if total > most_bytes and path.stem not in keep:
                with suppress(OSError):
                    self.remove(path.stem)
                    removed += 1
        return removed

    def _about(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def wav_bytes(samples: bytes) -> bytes:
    """A WAV file of 48 kHz, one channel, 16 bit."""
    size, a_second = len(samples), 2 * CLIP_RATE_HZ
    riff = struct.pack("<4sI4s", b"RIFF", size + WAV_HEAD - 8, b"WAVE")
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, CLIP_RATE_HZ, a_second, 2, 16)
    return b"".join((riff, shape, struct.pack("<4sI", b"data", size), samples))
