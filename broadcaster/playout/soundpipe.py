"""Live sound on its way to one deck: frames on a pipe of its own, apart from commands. A full pipe loses them.

``liveblocks`` reads them: numpy stays there, so that a station is small and starts sooner. A frame is written whole or
not at all, because it is never longer than what the system writes in one go.
"""

from __future__ import annotations

import os
import struct
import threading
from contextlib import suppress

from broadcaster.model.airing import AiringId

HEAD = struct.Struct("<4sqHH")
MARK = b"live"
MOST_SAMPLES = 960
LONGEST_NAME = 120


class SoundPipe:
    """The writing end; may be used from any thread, and none ever waits."""

    def __init__(self) -> None:
        self.read_fd, self._write_fd = os.pipe()
        os.set_blocking(self._write_fd, False)
        self._lock = threading.Lock()
        self._is_closed = False

    def write(self, airing: AiringId, tick: int, pcm: bytes) -> bool:
        """False: the deck does not read, and some of it is lost."""
        name = airing.encode()[:LONGEST_NAME]
        is_whole = True
        with self._lock:
            if self._is_closed:
                return False
            for start in range(0, len(pcm), 2 * MOST_SAMPLES):
                part = pcm[start : start + 2 * MOST_SAMPLES]
                head = HEAD.pack(MARK, tick + start // 2, len(name), len(part) // 2)
                try:
                    os.write(self._write_fd, head + name + part)
                except OSError:
                    is_whole = False
        return is_whole

    def close_reading(self) -> None:
        """The deck has its own copy of that end."""
        if self.read_fd >= 0:
            os.close(self.read_fd)
            self.read_fd = -1

    def close(self) -> None:
        """Safe to call twice."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                with suppress(OSError):
                    os.close(self._write_fd)
        self.close_reading()
