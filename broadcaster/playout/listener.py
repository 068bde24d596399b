"""The deck's end of its ear: hands over what was sent and takes what was heard. The air never waits for it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from broadcaster.model.airing import AiringId
from broadcaster.model.words import Sentence
from broadcaster.playout.cue import Deaf, Report
from broadcaster.playout.framing import Frame, write_frame
from broadcaster.playout.listening import Samples
from broadcaster.playout.precedence import let_others_go_first
from broadcaster.playout.wire import LineUnusable, decode_report

log = logging.getLogger("deck")

TURN_S = 0.1
KEPT_BLOCKS = 1000
HEARTLESS_S = 10.0
"""An ear says that it lives four times a second; importing its libraries takes a second or two."""
AGAIN_S = 5.0
GONE = Sentence("听的进程没有了，正在重新启动", "the listening process is gone and is started anew")


class Listener:
    """``sent`` and ``over`` are for the output's thread: they never wait."""

    def __init__(self, device: str, say: Callable[[Report], None]) -> None:
        self._device = device
        self._say = say
        self._blocks: deque[tuple[AiringId, float, Samples | None]] = deque(maxlen=KEPT_BLOCKS)
        self._ended: list[AiringId] = []
        self._end = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._alive_at = time.monotonic()
        self._thread = threading.Thread(target=self._keep, name="listener", daemon=True)
        self._thread.start()

    def sent(self, airing: AiringId | None, heard_at: float, block: Samples) -> None:
        """This block leaves now."""
        if airing is not None:
            self._blocks.append((airing, heard_at, block))
        while self._ended:
            self._blocks.append((self._ended.pop(), heard_at, None))

    def over(self, airing: AiringId) -> None:
        """Nothing more of it leaves after the present block."""
        self._ended.append(airing)

    def close(self) -> None:
        self._end.set()
        process = self._process
        if process is not None:
            process.kill()
        self._thread.join(1)

    def _keep(self) -> None:
        let_others_go_first()  # and so the ear: comparing sounds must not keep the deck from sending them
        while not self._end.is_set():
            try:
                self._one_life()
            except OSError as error:
                log.error("the ear cannot be started: %s", error)
            if not self._end.is_set():
                self._say(Deaf(reason=GONE))
            self._end.wait(AGAIN_S)

    def _one_life(self) -> None:
        line = [sys.executable, "-m", "broadcaster.playout.ear", f"--device={self._device}"]
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
            self._process, self._alive_at = process, time.monotonic()
            self._blocks.clear()
            reading = threading.Thread(target=self._read, args=(process,), name="ear", daemon=True)
            reading.start()
            try:
                self._write(process)
            finally:
                process.kill()
                reading.join(1)
                with suppress(OSError):
                    assert process.stdin is not None
                    process.stdin.close()

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        """Until it is gone, gives no sign, or does not read."""
        assert process.stdin is not None
        pipe = process.stdin.fileno()
        os.set_blocking(pipe, False)
        waiting = b""
        while not self._end.wait(TURN_S) and process.poll() is None:
            if time.monotonic() - self._alive_at > HEARTLESS_S:
                log.error("the ear gave no sign for %.0f s and is started anew", HEARTLESS_S)
                return
            while self._blocks and len(waiting) < KEPT_BLOCKS * 100:
                waiting += write_frame(_frame(*self._blocks.popleft()))
            try:
                waiting = waiting[os.write(pipe, waiting) :] if waiting else b""
            except BlockingIOError:
                continue
            except OSError:
                return

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._alive_at = time.monotonic()
            if not line.strip():
                continue
            try:
                self._say(decode_report(line.decode(errors="replace")))
            except LineUnusable as error:
                log.error("the ear: %s", error)


def _frame(airing: AiringId, at: float, block: Samples | None) -> Frame:
    data = b"" if block is None else np.clip(np.rint(block * 32768), -32768, 32767).astype("<i2").tobytes()
    return Frame(airing=airing, at=at, data=data)
