"""The station's end of rendering: orders go to a child process, urgent ones to another; clips come back."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from broadcaster import errors
from broadcaster.clips import ClipStore, clip_key
from broadcaster.errors import DalabaError, VoiceFailed
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.words import Sentence
from broadcaster.render_worker import order_to_json

log = logging.getLogger(__name__)

IDLE_S = 15.0
"""A child that has nothing to do for so long ends, and gives its memory back."""
TRIES = 3
LEAST_S, S_A_CHARACTER = 60.0, 0.5
REFUSALS = {"VoiceFailed", "TextUnusable", "SoundUnusable", "ScriptUnusable"}

AGAIN_AND_AGAIN = Sentence(
    "语音合成的进程一再出错，这一段没有合成出来。", "rendering failed again and again; there is no clip."
)

Job = tuple[str, ClipOrder, Future[Clip]]


class Renderer:
    """``render`` may be called from any thread."""

    def __init__(self, *, clips: Path, audio: Path, worker: str = "broadcaster.render_worker") -> None:
        """*worker*: the module that each child runs."""
        self._store = ClipStore(clips)
        self._audio = audio
        self._usual = Lane(clips, audio, "usual", worker)
        self._urgent = Lane(clips, audio, "urgent", worker)

    def render(self, order: ClipOrder, *, is_urgent: bool = False) -> Future[Clip]:
        """The clip of *order*, at once when it is on the disk. The future raises what a render raises.

        An order that is already on its way is not rendered twice; an urgent one does not wait for the usual ones.
        """
        key = clip_key(order, self._audio)
        found = self._store.find(key)
        if found is not None:
            future: Future[Clip] = Future()
            future.set_result(found)
            return future
        return (self._urgent if is_urgent else self._usual).put(key, order)

    def close(self) -> None:
        """End the children; what was not rendered is not, and its future is cancelled."""
        self._usual.close()
        self._urgent.close()


class Lane:
    """One child process, its thread and its queue."""

    def __init__(self, clips: Path, audio: Path, name: str, worker: str) -> None:
        self._store = ClipStore(clips)
        self._line = [sys.executable, "-m", worker, str(clips.resolve()), str(audio.resolve()), name]
        self._name = name
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._asked: dict[str, Future[Clip]] = {}
        self._child: RenderChild | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, key: str, order: ClipOrder) -> Future[Clip]:
        """The future of the same order when it is waiting or being rendered."""
        with self._lock:
            future = self._asked.get(key)
            if future is not None and not future.cancelled():
                return future
            future = Future()
            if self._is_closed:
                future.cancel()
                return future
            self._asked[key] = future
            self._jobs.put((key, order, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"render {self._name}", daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            child = self._child
        self._jobs.put(None)
        if child is not None:
            child.kill()
        if self._thread is not None:
            self._thread.join(5)
        with self._lock:
            for future in self._asked.values():
                future.cancel()
        self._end()

    def _run(self) -> None:
        while not self._is_closed:
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except Empty:
                self._end()
                job = self._jobs.get()
            if job is not None and not self._is_closed:
                self._do(*job)

    def _do(self, key: str, order: ClipOrder, future: Future[Clip]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            clip = self._store.find(key) or self._rendered(key, order)
        except DalabaError as error:
            failure: Exception | None = error
        except Exception as error:  # one turn of a long-lived loop: the next order is rendered all the same
            log.exception("the %s render lane failed", self._name)
            failure = error
        else:
            failure = None
        with self._lock:
            self._asked.pop(key, None)
        if failure is None:
            future.set_result(clip)
        else:
            future.set_exception(failure if isinstance(failure, DalabaError) else VoiceFailed(AGAIN_AND_AGAIN))

    def _rendered(self, key: str, order: ClipOrder) -> Clip:
        for _ in range(TRIES):
            if self._is_closed:
                break
            try:
                self._ask(key, order)
            except (OSError, ValueError) as error:
                if not self._is_closed:
                    log.warning("the %s render process failed (%s) and is started anew", self._name, error)
                self._end()
                continue
            clip = self._store.find(key)
            if clip is not None:
                return clip
        raise VoiceFailed(AGAIN_AND_AGAIN)

    def _ask(self, key: str, order: ClipOrder) -> None:
        """Raises what the child refuses, or OSError, ValueError when the child is no good."""
        with self._lock:
            child = self._child
            if child is None or not child.is_alive:
                child = self._child = RenderChild(self._line)
        characters = sum(len(text) for text in order.texts)
        line = json.dumps({"key": key, "order": order_to_json(order)}, ensure_ascii=False)
        told = json.loads(child.answer(line, LEAST_S + S_A_CHARACTER * characters))
        if not isinstance(told, dict) or told.get("key") != key:
            raise ValueError("an answer to another order")
        if "kind" in told:
            kind = getattr(errors, told["kind"]) if told["kind"] in REFUSALS else VoiceFailed
            raise kind(Sentence(told["zh"], told["en"]))

    def _end(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()


class RenderChild:
    """The process that renders: one line of JSON in, one out. It has a folder of its own for what it leaves behind."""

    def __init__(self, line: list[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="render-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[1],
            env=os.environ | {"TMPDIR": self._folder.name},
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._orders.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def answer(self, line: str, within_s: float) -> str:
        """What it says to *line*. Raises OSError when it died, hangs or does not listen."""
        until = time.monotonic() + within_s
        self._send(memoryview(line.encode() + b"\n"), until)
        told = b""
        while not told.endswith(b"\n"):
            _wait((self._answers.fileno(),), (), until)
            piece = os.read(self._answers.fileno(), 65_536)
            if not piece:
                raise OSError("it ended")
            told += piece
        return told.decode()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """End it and clear away what it left. Its own children end with it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._orders, self._answers):
            with suppress(OSError):
                pipe.close()
        self._folder.cleanup()

    def _send(self, data: memoryview, until: float) -> None:
        while data:
            _wait((), (self._orders.fileno(),), until)
            data = data[os.write(self._orders.fileno(), data[:65_536]) :]


def _wait(readable: tuple[int, ...], writable: tuple[int, ...], until: float) -> None:
    can_read, can_write, _ = select.select(readable, writable, [], max(0.0, until - time.monotonic()))
    if not can_read and not can_write:
        raise TimeoutError("it did not answer in time")
