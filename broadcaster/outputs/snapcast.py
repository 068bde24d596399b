"""Sound to many players in step: raw samples to a source of a Snapcast server, which hands them on with its buffer."""

from __future__ import annotations

import array
import errno
import fcntl
import os
import select
import socket
import termios
import time
from contextlib import suppress
from urllib.parse import urlsplit

from broadcaster.errors import OutputLost
from broadcaster.model.outputs import OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.outputs.encoder import takes_nothing

USUAL_BUFFER_S = 1.0
"""The buffer of a Snapcast server that nobody changed."""
CHUNK_S = 0.02
USUAL_CONTROL_PORT = 1705
ANSWERS_WITHIN_S = 3.0
PATIENCE_S = 1.0
PATIENCE_BLOCKS = 50
PIPE_BYTES = 8192
SILENCE = bytes(1920)
FULL = (errno.EAGAIN, errno.EBUSY)
"""A pipe that takes no more, or holds more than we let it."""
LOOKED_AGAIN_S = 0.01
CATCHES_UP = range(500, 575)
"""Of every so many blocks of silence these are left out of a connection: 1.5 s, as much as a machine keeps of it.

Not sooner: what begins before the players have played what they have is heard early by as much as was left out.
"""
EVERY_BLOCKS = 1500
"""30 s."""


def heard_after(buffer_s: float) -> float:
    """Seconds from sending to hearing. The server dates a chunk back by its length, as a microphone would have it."""
    return max(0.0, buffer_s - CHUNK_S)


def control_of(settings: OutputSettings) -> tuple[str, int]:
    """Where the server answers about its players: as the timetable says, or the usual port of the same machine."""
    if settings.control:
        host, _, port = settings.control.rpartition(":")
        return host.strip("[]"), int(port)
    return urlsplit(settings.address).hostname or "127.0.0.1", USUAL_CONTROL_PORT


class SnapcastLine:
    """To ``tcp://host:port`` (a source with mode=server) or ``pipe:///path``. Raises OutputLost."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._is_pipe = parts.scheme == "pipe"
        self._silent_blocks = 0
        self._left_out = 0
        """Blocks of silence, in a row."""
        self._fd = _open_pipe(parts.path) if self._is_pipe else _call(parts.hostname or "", parts.port or 0)

    def send(self, pcm: bytes) -> None:
        """A server that was held up reads on at its own pace and never catches up. So silence is left out where
        something waits before it, and the next airing is on time again. What waits in a pipe can be seen; in a
        connection nobody can see it, and there some silence is left out after each airing, and now and then.
        """
        self._silent_blocks = self._silent_blocks + 1 if pcm == SILENCE else 0
        if self._silent_blocks and self._may_be_left_out():
            self._left_out += 1
            return
        if self._left_out and not self._is_pipe and not self._silent_blocks:
            pcm = SILENCE + pcm  # the first chunk after a pause is dated as if there had been none
        self._left_out = 0
        left = memoryview(pcm)
        until = time.monotonic() + PATIENCE_S
        while left:
            try:
                left = left[os.write(self._fd, left) :]
            except BlockingIOError:
                wait = until - time.monotonic()
                if wait <= 0 or not select.select([], [self._fd], [], wait)[1]:
                    raise OutputLost(takes_nothing(PATIENCE_S)) from None
            except OSError as error:
                raise OutputLost(
                    Sentence(f"Snapcast 断开了：{error}", f"the Snapcast server hung up: {error}")
                ) from error

    def _may_be_left_out(self) -> bool:
        """Raises OutputLost where a pipe is not read at all."""
        if not self._is_pipe:
            return self._silent_blocks % EVERY_BLOCKS in CATCHES_UP
        if _bytes_in(self._fd) < len(SILENCE):
            return False
        if self._left_out >= PATIENCE_BLOCKS:
            raise OutputLost(takes_nothing(PATIENCE_S))
        return True

    @property
    def held_back(self) -> int:
        """What waits is short; whether the server reads what it took, nobody can see."""
        return 0

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with suppress(OSError):
                os.close(fd)


def _open_pipe(path: str) -> int:
    """Open at both ends: the server opens its own for an instant only, now and then, until it finds a writer."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        raise OutputLost(
            Sentence(f"Snapcast 的管道打不开：{error}", f"the pipe to Snapcast cannot be opened: {error}")
        ) from error
    try:
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        os.write(fd, SILENCE)
        _wait_for_a_reader(fd, path)
    except OSError as error:
        os.close(fd)
        if error.errno in FULL:
            raise OutputLost(_nobody_reads(path)) from error
        # an ordinary file, where no server made a pipe
        raise OutputLost(Sentence(f"{path} 不是管道", f"{path} is not a pipe")) from error
    except OutputLost:
        os.close(fd)
        raise
    return fd


def _wait_for_a_reader(fd: int, path: str) -> None:
    until = time.monotonic() + ANSWERS_WITHIN_S
    while _bytes_in(fd):
        if time.monotonic() > until:
            raise OutputLost(_nobody_reads(path))
        time.sleep(LOOKED_AGAIN_S)


def _nobody_reads(path: str) -> Sentence:
    return Sentence(f"没有人在读 {path}：Snapcast 没有运行", f"nobody reads {path}: the Snapcast server is not running")


def _bytes_in(fd: int) -> int:
    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]


def _call(host: str, port: int) -> int:
    try:
        connection = socket.create_connection((host, port), timeout=ANSWERS_WITHIN_S)
    except OSError as error:
        raise OutputLost(
            Sentence(f"连不上 Snapcast {host}:{port}：{error}", f"Snapcast at {host}:{port} cannot be reached: {error}")
        ) from error
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIPE_BYTES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return connection.detach()
