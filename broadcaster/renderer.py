"""The station's end of rendering: orders go to a child process, urgent ones to another; clips come back."""

from __future__ import annotations

import json
import logging
import select
import subprocess
import sys
import threading
from collections.abc import Callable
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

IDLE_S = 60.0
"""A child that has nothing to do for so long ends, and gives its memory back."""
TRIES = 3
LEAST_S, S_A_CHARACTER = 60.0, 0.5
REFUSALS = {"VoiceFailed", "TextUnusable", "SoundUnusable", "ScriptUnusable"}

Job = tuple[str, ClipOrder, Future[Clip]]


class Renderer:
    """``render`` may be called from any thread."""

    def __init__(self, *, clips: Path, audio: Path) -> None:
        self._store = ClipStore(clips)
        self._audio = audio
        self._lock = threading.Lock()
        self._asked: dict[str, Future[Clip]] = {}
        self._usual = Lane(clips, audio, "usual", self._done)
        self._urgent = Lane(clips, audio, "urgent", self._done)

    def render(self, order: ClipOrder, *, is_urgent: bool = False) -> Future[Clip]:
        """The clip of *order*, at once when it is on the disk. The future raises what a render raises."""
        key = clip_key(order, self._audio)
        found = self._store.find(key)
        future: Future[Clip] = Future()
        if found is not None:
            future.set_result(found)
            return future
        with self._lock:
            if key in self._asked and not is_urgent:
                return self._asked[key]
            self._asked[key] = future
        (self._urgent if is_urgent else self._usual).put((key, order, future))
        return future

    def close(self) -> None:
        """End the children; what was not rendered is not."""
        self._usual.close()
        self._urgent.close()

    def _done(self, key: str) -> None:
        with self._lock:
            self._asked.pop(key, None)


class Lane:
    """One child process, its thread and its queue."""

    def __init__(self, clips: Path, audio: Path, name: str, done: Callable[[str], None]) -> None:
        self._store = ClipStore(clips)
        self._line = [
            sys.executable,
            "-m",
            "broadcaster.render_worker",
            str(clips.resolve()),
            str(audio.resolve()),
            name,
        ]
        self._name = name
        self._done = done
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, job: Job) -> None:
        with self._lock:
            self._jobs.put(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=f"render {self._name}", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._is_closed = True
        self._jobs.put(None)
        process = self._process
        if process is not None:
            process.kill()
        if self._thread is not None:
            self._thread.join(5)
        self._end()

    def _run(self) -> None:
        while not self._is_closed:
            try:
                job = self._jobs.get(timeout=IDLE_S)
            except Empty:
                self._end()
                job = self._jobs.get()
            if job is None:
                return
            key, order, future = job
            try:
                clip = self._render(key, order)
            except DalabaError as error:
                self._done(key)
                future.set_exception(error)
            else:
                self._done(key)
                future.set_result(clip)

    def _render(self, key: str, order: ClipOrder) -> Clip:
        for _ in range(TRIES):
            if self._is_closed:
                break
            try:
                self._ask(key, order)
            except (OSError, ValueError, TimeoutError) as error:
                if not self._is_closed:
                    log.warning("the %s render process failed (%s) and is started anew", self._name, error)
                self._end()
                continue
            clip = self._store.find(key)
            if clip is not None:
                return clip
        raise VoiceFailed(
            Sentence(
                "语音合成的进程一再出错，这一段没有合成出来。", "rendering failed again and again; there is no clip."
            )
        )

    def _ask(self, key: str, order: ClipOrder) -> None:
        """Raises what the child refuses, or OSError, ValueError, TimeoutError when the child is no good."""
        process = self._child()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"key": key, "order": order_to_json(order)}, ensure_ascii=False) + "\n")
        process.stdin.flush()
        characters = sum(len(text) for text in order.texts)
        within_s = LEAST_S + S_A_CHARACTER * characters
        ready, _, _ = select.select([process.stdout], [], [], within_s)
        if not ready:
            raise TimeoutError(f"no answer within {within_s:.0f} s")
        line = process.stdout.readline()
        told = json.loads(line)
        if told.get("key") != key:
            raise ValueError("an answer to another order")
        if "kind" in told:
            kind = getattr(errors, told["kind"]) if told["kind"] in REFUSALS else VoiceFailed
            raise kind(Sentence(told["zh"], told["en"]))

    def _child(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                self._line,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                cwd=Path(__file__).resolve().parents[1],
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
