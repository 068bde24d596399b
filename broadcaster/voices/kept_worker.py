"""A child process that answers lines with lines. It may hang or die: nobody waits for it longer than a set time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from broadcaster.voices.checked import failed

CODE = Path(__file__).resolve().parents[2]
"""Where ``python -m broadcaster…`` finds this program."""


class KeptWorker:
    """The process of *line*, started at once. Its answers come on standard output, or on standard error."""

    def __init__(self, line: Sequence[str], *, answers_on_stderr: bool = False) -> None:
        self.line = tuple(line)
        self._process = subprocess.Popen(
            self.line,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if answers_on_stderr else subprocess.PIPE,
            stderr=subprocess.PIPE if answers_on_stderr else subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=CODE,
        )
        answers = self._process.stderr if answers_on_stderr else self._process.stdout
        assert answers is not None
        self._answers: SimpleQueue[str | None] = SimpleQueue()
        self._reader = threading.Thread(target=_read, args=(answers, self._answers), name="voice", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def tell(self, line: str) -> None:
        """Raises OSError when the process has gone."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self, within_s: float) -> str:
        """The next line. Raises VoiceFailed when none comes in time, or the process has ended."""
        try:
            line = self._answers.get(timeout=within_s)
        except Empty:
            raise failed(f"等了 {within_s:.0f} 秒没有回答", f"no answer within {within_s:.0f} s") from None
        if line is None:
            raise failed("语音进程中途退出", "the process of the voice ended")
        return line

    def end(self) -> None:
        """Kill it, stopped or not. Safe to call twice."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):  # what was not yet flushed cannot be any more
                    pipe.close()


def _read(answers: IO[str], queue: SimpleQueue[str | None]) -> None:
    for line in answers:
        queue.put(line.rstrip("\r\n"))
    queue.put(None)
