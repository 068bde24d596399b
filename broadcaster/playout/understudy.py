"""A deck process that has everything imported and waits for a duty, so that a deck that dies is replaced at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.playout.soundpipe import SoundPipe

GOES_FIRST = -15
"""Niceness of a deck, where the system lets us: a busy machine then drops no sample, and starts it sooner."""


@dataclass(frozen=True, slots=True)
class DeckProcess:
    """A process, and the pipe on which it is given live sound."""

    process: subprocess.Popen[str]
    sound: SoundPipe


class Understudy:
    """Shared by the links of one station, on whose threads it is called: one process waits for all of them."""

    def __init__(self, var: Path, env: Mapping[str, str] | None = None) -> None:
        self._line = [sys.executable, "-m", "broadcaster.playout.deck", "--var", str(var.resolve())]
        self._env = dict(env) if env is not None else None
        self._lock = threading.Lock()
        self._waiting: DeckProcess | None = None
        self._links = 0

    def join(self) -> None:
        """One link more."""
        with self._lock:
            self._links += 1

    def leave(self) -> None:
        """One link less; with the last one nobody needs the process that waits."""
        with self._lock:
            self._links -= 1
            gone = None if self._links else self._waiting
            if gone is not None:
                self._waiting = None
        if gone is not None:
            _end(gone)

    def prepare(self) -> None:
        """Have one that waits. It takes a second on a busy machine until it is of use, but nobody waits for that."""
        with self._lock:
            if self._links and (self._waiting is None or self._waiting.process.poll() is not None):
                gone, self._waiting = self._waiting, self._spawn()
                if gone is not None:
                    _end(gone)

    def take(self) -> DeckProcess:
        """A process that is told its duty next; it belongs to the caller. Raises OSError when none can be started."""
        with self._lock:
            deck, self._waiting = self._waiting, None
        if deck is not None and deck.process.poll() is not None:
            _end(deck)
            deck = None
        deck = deck or self._spawn()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, deck.process.pid, GOES_FIRST)
        return deck

    def _spawn(self) -> DeckProcess:
        sound = SoundPipe()
        try:
            process = subprocess.Popen(
                [*self._line, "--sound", str(sound.read_fd)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=self._env,
                cwd=Path(__file__).resolve().parents[2],
                pass_fds=(sound.read_fd,),
            )
        except OSError:
            sound.close()
            raise
        sound.close_reading()
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return DeckProcess(process, sound)


def _end(deck: DeckProcess) -> None:
    deck.process.kill()
    deck.process.wait()
    deck.sound.close()
    close_pipes(deck.process)


def close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError, ValueError):
            if pipe is not None:
                pipe.close()
