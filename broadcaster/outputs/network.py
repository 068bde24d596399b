"""An output on the network: pulls blocks by its own clock and sends them down a line that is opened again and again.

Two threads: one keeps time and never waits for the network; the other opens the line, sends, and after a break waits
a little longer each time. What finds no line, or a full one, is dropped and counted, and so is what a line still had
when it broke: the clock goes on, so that what is heard after a break is in step with the other outputs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Protocol

from broadcaster.errors import OutputLost
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Sentence
from broadcaster.ports import Fill

if TYPE_CHECKING:
    from broadcaster.ports import Samples

log = logging.getLogger(__name__)

BLOCK = CLIP_RATE_HZ // 50
BLOCK_S = BLOCK / CLIP_RATE_HZ
MOST_WAITING = 10
"""Blocks, 0.2 s: a short hiccup costs nothing, and sound never piles up behind a slow line."""
FELL_BEHIND_S = 0.5
AGAIN_S = 0.2
LONGEST_PAUSE_S = 10.0
PROVEN_BLOCKS = 25
"""A line that brought half a second of sound over is a line; before that the last trouble stands."""
OVERDUE_BLOCKS = 50
"""1 s: so much that was sent and not taken is no delay of the way any more."""
LIVED_WELL_S = 10.0
"""A line that held so long was a good one: after it the pauses begin anew."""
NOT_YET = Sentence("正在连接", "connecting")
NO_MORE = b""
"""Behind the last block."""


class Line(Protocol):
    """An open way to the other end."""

    def send(self, pcm: bytes) -> None:
        """One block, 16 bit, mono. May wait for a few seconds; raises OutputLost when it is not taken."""

    @property
    def held_back(self) -> int:
        """Blocks that were sent and, as far as anybody can tell, are not at the other end yet."""

    def close(self) -> None:
        """What was sent goes out where the line is good. Never waits long. Safe to call twice."""


class NetworkOutput:
    """*open_line* raises OutputLost with the reason, in words, and is asked again."""

    def __init__(self, open_line: Callable[[], Line], *, delay_s: float) -> None:
        """*delay_s*: how long after it is sent the sound is heard."""
        self._open_line = open_line
        self._delay_s = delay_s
        self._waiting: Queue[bytes] = Queue(MOST_WAITING)
        self._has_line = threading.Event()
        self._end = threading.Event()
        self._trouble: Sentence | None = NOT_YET
        self._threads: tuple[threading.Thread, ...] = ()
        self._counting = threading.Lock()
        self._dropped = 0
        self._held_back = 0
        """Blocks: those that are gone, and those that are in the line."""
        self.underruns = 0

    @property
    def trouble(self) -> Sentence | None:
        """Why nothing is sent now; None while all is well."""
        return self._trouble

    @property
    def unsent_samples(self) -> int:
        """Since the start: what was dropped, and what a line that takes nothing holds back, until it goes on."""
        with self._counting:
            overdue = self._held_back if self._held_back >= OVERDUE_BLOCKS else 0
            return (self._dropped + overdue) * BLOCK

    def start(self, fill: Fill) -> None:
        clock = threading.Thread(target=self._keep_time, args=(fill,), name="network clock", daemon=True)
        sender = threading.Thread(target=self._keep_line, name="network line", daemon=True)
        self._threads = (clock, sender)
        sender.start()
        clock.start()

    def is_alive(self) -> bool:
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        self._end.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(2)

    # --- keeping time ---------------------------------------------------------------------------------------

    def _keep_time(self, fill: Fill) -> None:
        due = time.monotonic()
        while not self._end.is_set():
            wait = due - time.monotonic()
            if wait > 0:
                self._end.wait(wait)
            elif wait < -FELL_BEHIND_S:  # the machine slept; nothing of the sound is lost, it goes on now
                self.underruns += round(-wait / BLOCK_S)
                due = time.monotonic()
            self._pass_on(fill(BLOCK, due + self._delay_s))
            due += BLOCK_S
        with suppress(Full):
            self._waiting.put_nowait(NO_MORE)

    def _pass_on(self, block: Samples) -> None:
        if not self._has_line.is_set():
            self._drop()
            return
        try:
            self._waiting.put_nowait((block * 32767).astype("<i2").tobytes())
        except Full:
            self._drop()

    def _drop(self, blocks: int = 1) -> None:
        with self._counting:
            self._dropped += blocks
            self.underruns += blocks

    # --- keeping a line -------------------------------------------------------------------------------------

    def _keep_line(self) -> None:
        pause = AGAIN_S
        while not self._end.is_set():
            opened_at = time.monotonic()
            try:
                self._one_line()
            except OutputLost as error:
                self._tell(error.sentence)
            except Exception as error:  # one try of a long-lived loop: the line is looked for again
                log.exception("a line failed in a way nobody foresaw; it is opened anew")
                self._tell(Sentence(f"出错了：{error}", f"it failed: {error}"))
            held_well = time.monotonic() - opened_at > LIVED_WELL_S
            pause = AGAIN_S if held_well else min(LONGEST_PAUSE_S, pause * 2)
            self._end.wait(pause)
        self._drop(self._forget_waiting())

    def _one_line(self) -> None:
        """Until it breaks, or nothing more comes."""
        line = self._open_line()
        try:
            self._drop(self._forget_waiting())
            self._has_line.set()
            sent = 0
            while (block := self._next_block()) is not None:
                try:
                    line.send(block)
                except BaseException:
                    self._drop()
                    raise
                sent += 1
                self._held_back = line.held_back
                if sent - self._held_back >= PROVEN_BLOCKS:
                    self._trouble = None
        except BaseException:
            with self._counting:
                self._dropped += self._held_back
                self._held_back = 0
            raise
        finally:
            self._has_line.clear()
            self._drop(self._forget_waiting())
            line.close()

    def _next_block(self) -> bytes | None:
        """None: the clock has stopped, and this was all."""
        while True:
            try:
                return self._waiting.get(timeout=1) or None
            except Empty:
                if self._end.is_set():
                    return None

    def _forget_waiting(self) -> int:
        """What waits is stale; how many blocks it was."""
        count = 0
        while True:
            try:
                block = self._waiting.get_nowait()
            except Empty:
                return count
            count += block != NO_MORE

    def _tell(self, trouble: Sentence) -> None:
        if trouble != self._trouble:
            log.warning("%s", trouble.en)
        self._trouble = trouble
