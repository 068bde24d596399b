"""The station's end of a deck: starts the child process, sends, listens for its heart, and starts it anew."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.playout.cue import Command, Duty, GateRules, KeepReady, Lost, PutOff, Ready, Report
from broadcaster.playout.soundpipe import SoundPipe
from broadcaster.playout.understudy import Understudy, close_pipes
from broadcaster.playout.wire import LineUnusable, decode_report, encode

log = logging.getLogger(__name__)

HEARTLESS_S = 1.2
"""A deck says how it is four times a second; without a word for this long it hangs."""
LISTENS_EVERY_S = 0.2
OPENING_S = 15.0
AGAIN_S = 0.05
LONGEST_PAUSE_S = 1.0
LONG_AWAY_S = 60.0
LONG_AWAY_PAUSE_S = 5.0
"""A card that was pulled out is looked for by a new process: each second costs a small machine a whole core."""
HELD_WELL_S = 5.0
GONE = Sentence("播放进程没有了，正在重新启动", "the deck process is gone and is started anew")


class DeckLink:
    """``send`` may be called from any thread and never waits; reports come on a thread of the link."""

    def __init__(
        self,
        output: OutputSettings,
        *,
        var: Path,
        rules: GateRules,
        on_report: Callable[[Report], None],
        env: Mapping[str, str] | None = None,
        understudy: Understudy | None = None,
    ) -> None:
        """*understudy*: who takes over when the deck dies, shared with other links; None: one of its own in *env*."""
        self._output = output
        self._var = var.resolve()
        self._rules = rules
        self._ready: KeepReady | None = None
        self._put_off: PutOff | None = None
        self._on_report = on_report
        self._understudy = understudy or Understudy(var, env)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._sound: SoundPipe | None = None
        self._end = threading.Event()
        self._heard_at = time.monotonic()
        self._is_open = False
        self._had_card = False
        self._told_lost = False
        self._why_lost: Sentence | None = None
        """What was logged last; a card that stays away is not told of every second."""
        self._thread = threading.Thread(target=self._keep, name=f"deck {output.name}", daemon=True)
        self._watch = threading.Thread(target=self._listen_for_heart, name=f"heart {output.name}", daemon=True)

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        end_left_over(self._var, self._output.name)
        self._understudy.join()
        self._thread.start()
        self._watch.start()

    def send(self, command: Command) -> None:
        """A deck that is not there, or does not read, loses the command; the station arms again when it is back."""
        with self._lock:
            if isinstance(command, GateRules):
                self._rules = command
            elif isinstance(command, KeepReady):
                self._ready = command
            elif isinstance(command, PutOff):
                self._put_off = command
            self._write(command)

    def sound(self, airing: AiringId, tick: int, pcm: bytes) -> bool:
        """A block of a live source. False: the deck is not there, or does not read, and some of it is lost."""
        pipe = self._sound
        return pipe is not None and pipe.write(airing, tick, pcm)

    def close(self, timeout: float = 3.0) -> None:
        """Let the deck end in order. Safe to call twice."""
        is_first = not self._end.is_set()
        self._end.set()
        with self._lock:
            process = self._process
            if process is not None and process.stdin is not None:
                with suppress(OSError, ValueError):
                    process.stdin.close()
        if process is not None:
            process.terminate()  # an emergency, too, fades out and is written down; the next station calls it again
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in (self._thread, self._watch):
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(timeout)
        if is_first and self._thread.ident is not None:
            self._understudy.leave()

    # --- the child ------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        pause, was_well_at = AGAIN_S, time.monotonic()
        while not self._end.is_set():
            started = time.monotonic()
            try:
                self._one_life()
            except OSError as error:
                log.error("deck %s cannot be started: %s", self._output.name, error)
            if self._end.is_set():
                return
            if not self._told_lost:
                self._tell(Lost(reason=GONE))
            self._understudy.prepare()  # so that it is warm when the pause is over, should nobody wait yet
            ended = time.monotonic()
            was_well_at = ended if ended - started > HELD_WELL_S else was_well_at
            pause = next_pause(pause, ended - was_well_at)
            self._end.wait(pause)

    def _one_life(self) -> None:
        process = self._spawn()
        assert process.stdout is not None
        for line in process.stdout:
            self._heard_at = time.monotonic()
            try:
                report = decode_report(line)
            except LineUnusable as error:
                log.error("deck %s: %s", self._output.name, error)
                continue
            self._note(report)
            self._tell(report)
        process.wait()
        with self._lock:
            self._process = None
            close_pipes(process)
            if self._sound is not None:
                self._sound.close()
                self._sound = None
        self._is_open = False

    def _note(self, report: Report) -> None:
        match report:
            case Ready(is_tape=is_tape, device=device):
                self._is_open, self._why_lost = True, None
                self._had_card = self._had_card or not is_tape
                log.info("output %s: %s", self._output.name, device)
                self._understudy.prepare()
            case Lost(reason=reason):
                if reason != self._why_lost:
                    log.error("output %s: %s", self._output.name, reason.en)
                self._why_lost = reason
        self._told_lost = isinstance(report, Lost)

    def _spawn(self) -> subprocess.Popen[str]:
        with self._lock:
            self._told_lost = False
            self._heard_at = time.monotonic()
            deck = self._understudy.take()
            self._process, self._sound = deck.process, deck.sound
            self._write(Duty(output=self._output, may_be_tape=not self._had_card))
            self._write(self._rules)  # before any cue: without rules nothing passes the gate
            for kept in (self._put_off, self._ready):
                if kept is not None:
                    self._write(kept)
        return deck.process

    def _write(self, command: Command | Duty) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        data = (encode(command) + "\n").encode()
        try:
            written = os.write(process.stdin.fileno(), data)
        except (BlockingIOError, BrokenPipeError, ValueError, OSError):
            written = -1
        if written != len(data):
            log.error("deck %s does not read; it is started anew", self._output.name)
            process.kill()

    def _tell(self, report: Report) -> None:
        try:
            self._on_report(report)
        except Exception:  # the next report must find somebody listening
            log.exception("a report of deck %s was not taken", self._output.name)

    def _listen_for_heart(self) -> None:
        listened_at = time.monotonic()
        while not self._end.wait(LISTENS_EVERY_S):
            now, before = time.monotonic(), listened_at
            listened_at = now
            if now - before > HEARTLESS_S / 2:  # we were the ones who stood still
                self._heard_at = now
            patience = HEARTLESS_S if self._is_open else OPENING_S
            process = self._process
            if process is not None and now - self._heard_at > patience:
                log.error("deck %s gave no sign for %.1f s and is killed", self._output.name, patience)
                self._heard_at = now
                process.kill()


def next_pause(before_s: float, away_s: float) -> float:
    """How long to wait until a deck is started again that has not held for *away_s* seconds; 0: it held until now."""
    if not away_s:
        return AGAIN_S
    return min(LONG_AWAY_PAUSE_S if away_s > LONG_AWAY_S else LONGEST_PAUSE_S, before_s * 2)


def end_left_over(var: Path, output: str) -> None:
    """End the deck of a station that died: it may still speak an emergency, which the new station calls again."""
    path = var / "decks" / f"{output}.pid"
    try:
        pid = int(path.read_text(encoding="ascii"))
        line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return
    if b"broadcaster.playout.deck" not in line or str(var).encode() not in line:
        return
    log.warning("the deck of a station that died (process %d) is ended", pid)
    with suppress(OSError, ValueError):
        os.kill(pid, signal.SIGTERM)
    for _ in range(60):
        if not Path(f"/proc/{pid}").exists() or _is_zombie(pid):
            return
        time.sleep(0.02)
    with suppress(OSError, ValueError):
        os.kill(pid, signal.SIGKILL)


def _is_zombie(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] == "Z"
        )
    except (OSError, IndexError):
        return True
