"""Everything that was said live → ``var/live/``, one WAV file for each broadcast, whole up to the last second whatever
ends us. A disk that takes nothing more ends the recording and never the broadcast.
"""

from __future__ import annotations

import logging
import os
import queue
import shutil
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.timetable import LiveSettings
from broadcaster.model.words import NOTHING_TO_SAY, Sentence

log = logging.getLogger(__name__)

WRITTEN_EVERY_S = 1.0
SURE_EVERY_S = 5.0
"""So often the disk is told to keep it for good: a power cut costs no more."""
LEAST_FREE_BYTES = 200_000_000
"""The station needs the rest of the disk for its log and its clips."""
MOST_WAITING = 2000
"""Blocks that wait for a slow disk."""
HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
DISK_FULL = Sentence("磁盘快满了，后面的没有录下来", "the disk is nearly full, and the rest was not recorded")
DISK_SLOW = Sentence("磁盘太慢，后面的没有录下来", "the disk is too slow, and the rest was not recorded")


class LiveTapes:
    """The folder of recordings; may be used from any thread."""

    def __init__(self, folder: Path, *, least_free_bytes: int = LEAST_FREE_BYTES) -> None:
        self._folder = folder
        self._least_free_bytes = least_free_bytes
        self._lock = threading.Lock()
        self._running: set[Path] = set()

    def begin(self, key: str, at: datetime) -> LiveTape:
        """A recording that will be found by *key*. Never raises: what is wrong stands in its ``trouble``."""
        path = self._folder / f"{at:%Y-%m-%d_%H%M%S}_{key}.wav"
        with self._lock:
            self._running.add(path)
        return LiveTape(path, self._least_free_bytes, self._is_done)

    def find(self, key: str) -> Path | None:
        """None: it was never made, or is gone by now."""
        return next(iter(self._folder.glob(f"*_{key}.wav")), None)

    def clear_away(self, settings: LiveSettings, now: datetime) -> None:
        """Remove what is too old, and beyond the limit the oldest; never one that is being made."""
        with self._lock:
            running = set(self._running)
        try:
            files = sorted(path for path in self._folder.glob("*.wav") if path not in running)
            sizes = {path: path.stat() for path in files}
        except OSError as error:
            log.warning("the recordings cannot be looked through: %s", error)
            return
        kept, oldest = settings.keep_gb * 1_000_000_000, (now - timedelta(days=settings.keep_days)).timestamp()
        whole = sum(one.st_size for one in sizes.values())
        for path, one in sizes.items():
            if one.st_mtime < oldest or whole > kept:
                whole -= one.st_size
                with suppress(OSError):
                    path.unlink()
                log.info("the recording %s was removed", path.name)

    def _is_done(self, path: Path) -> None:
        with self._lock:
            self._running.discard(path)


class LiveTape:
    """One recording, written by a thread of its own."""

    def __init__(self, path: Path, least_free_bytes: int, done: Callable[[Path], None]) -> None:
        self._path = path
        self._least_free_bytes = least_free_bytes
        self._done = done
        self._queue: queue.Queue[bytes | None] = queue.Queue(MOST_WAITING)
        self._trouble = NOTHING_TO_SAY
        self._written = 0
        self._thread = threading.Thread(target=self._run, name="live tape", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> Sentence:
        """Why it is not whole; nothing to say: it is."""
        return self._trouble

    def write(self, pcm: bytes) -> None:
        """48 kHz, mono, 16 bit; never waits."""
        try:
            self._queue.put_nowait(pcm)
        except queue.Full:
            self._tell(DISK_SLOW)

    def close(self, timeout: float = 5.0) -> None:
        """All that was written is on the disk, if that lets us. Safe to call twice."""
        with suppress(queue.Full):
            self._queue.put_nowait(None)
        self._thread.join(timeout)

    # --- on its own thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("xb") as file:
                self._keep(file)
        except OSError as error:
            why = error.strerror or str(error)
            self._tell(Sentence(f"录不下来：{why}", f"it cannot be recorded: {why}"))
        finally:
            self._done(self._path)

    def _keep(self, file: BinaryIO) -> None:
        waiting, written_at = bytearray(), time.monotonic()
        sure_at = written_at
        self._write(file, b"")
        while not self._trouble.zh:
            try:
                pcm = self._queue.get(timeout=WRITTEN_EVERY_S)
            except queue.Empty:
                pcm = b""
            waiting += pcm or b""
            now = time.monotonic()
            if pcm is None or now - written_at >= WRITTEN_EVERY_S:
                self._write(file, bytes(waiting))
                waiting.clear()
                written_at = now
            if pcm is None or now - sure_at >= SURE_EVERY_S:
                os.fsync(file.fileno())
                sure_at = now
            if pcm is None:
                return

    def _write(self, file: BinaryIO, pcm: bytes) -> None:
        """The sound first, then the head that counts it: what the head says is there."""
        if shutil.disk_usage(self._path.parent).free < self._least_free_bytes:
            self._tell(DISK_FULL)
            return
        file.seek(HEAD.size + self._written)
        file.write(pcm)
        file.flush()
        self._written += len(pcm)
        file.seek(0)
        file.write(head(self._written))
        file.flush()

    def _tell(self, trouble: Sentence) -> None:
        if not self._trouble.zh:
            self._trouble = trouble
            log.warning("%s: %s", self._path.name, trouble.en)


def head(data_bytes: int) -> bytes:
    """The head of a WAV file that goes on with so many bytes of sound."""
    rate = CLIP_RATE_HZ
    return HEAD.pack(b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", data_bytes)
