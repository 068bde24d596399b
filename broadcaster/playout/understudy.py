"""A deck process that has everything imported and waits for a duty, so that a deck that dies is replaced at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

GOES_FIRST = -15
"""Niceness of a deck, where the system lets us: a busy machine then drops no sample, and starts it sooner."""


class Understudy:
    """Shared by the links of one station, on whose threads it is called: one process waits for all of them."""

    def __init__(self, var: Path, env: Mapping[str, str] | None = None) -> None:
        self._line = [sys.executable, "-m", "broadcaster.playout.deck", "--var", str(var.resolve())]
        self._env = dict(env) if env is not None else None
        self._lock = threading.Lock()
        self._waiting: subprocess.Popen[str] | None = None
        self._links = 0

    def join(self) -> None:
        """One link more."""
        with self._lock:
            self._links += 1

    def leave(self) -> None:
        """One link less; with the last one nobody needs the process that waits."""
        with self._lock:
            self._links -= 1
            process = None if self._links else self._waiting
            if process is not None:
                self._waiting = None
        if process is not None:
            _end(process)

    def prepare(self) -> None:
        """Have one that waits. It takes a second on a busy machine until it is of use, but nobody waits for that."""
        with self._lock:
            if self._links and (self._waiting is None or self._waiting.poll() is not None):
                gone, self._waiting = self._waiting, self._spawn()
                if gone is not None:
                    _end(gone)

    def take(self) -> subprocess.Popen[str]:
        """A process that is told its duty next; it belongs to the caller. Raises OSError when none can be started."""
        with self._lock:
            process, self._waiting = self._waiting, None
        if process is not None and process.poll() is not None:
            _end(process)
            process = None
        process = process or self._spawn()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, GOES_FIRST)
        return process

    def _spawn(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=self._env,
            cwd=Path(__file__).resolve().parents[2],
        )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    close_pipes(process)


def close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError, ValueError):
            if pipe is not None:
                pipe.close()
