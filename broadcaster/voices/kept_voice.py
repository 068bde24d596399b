"""A voice in a worker process: one that hangs, dies or delivers a bad file is replaced, and the text tried again."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence
from broadcaster.ports import Phrase
from broadcaster.voices.checked import failed, read_speech
from broadcaster.voices.kept_worker import KeptWorker

if TYPE_CHECKING:
    from broadcaster.ports import Samples

TRIES = 3
LEAST_WAIT_S = 5.0
MOST_CHARACTERS = 500
"""Of pyttsx3, 2,000 take five seconds, 4,000 never finish, 10,000 crash the engine."""
SENTENCES_A_WORKER = 5_000
BYTES_A_CHARACTER = 60_000
"""More than any engine writes for one."""


class Engine(Protocol):
    """What makes one engine's worker different from another's."""

    name: str
    starts_within_s: float
    s_a_character: float
    """How long it may take, beyond LEAST_WAIT_S."""
    answers_on_stderr: bool

    def command(self, rate: int, folder: Path) -> Sequence[str]:
        """The program to start; another command means another worker."""

    def order(self, phrase: Phrase, rate: int, file: Path) -> str:
        """The line that asks for *phrase*."""

    def answered(self, line: str, file: Path) -> bool:
        """Whether *line* says that it is done, and *file* is there. Raises VoiceFailed or VoiceUnfit."""

    def a_minute(self, rate: int) -> float:
        """The characters a minute that the words alone will have."""


class VoiceUnfit(VoiceFailed):
    """A voice that no new worker will mend: it is not there, or does not speak Mandarin."""


class KeptVoice:
    """Voice over an engine's worker, one text at a time."""

    def __init__(self, engine: Engine, *, folder: Path | None = None) -> None:
        self._engine = engine
        self._temporary = tempfile.TemporaryDirectory(prefix="voice-", dir=folder, ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        self._worker: KeptWorker | None = None
        self._spoken = 0
        self.starts = 0
        """How many workers there were."""

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def pid(self) -> int | None:
        return self._worker.pid if self._worker is not None else None

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        """Samples and their rate in Hz. Raises VoiceFailed after three tries with fresh workers."""
        characters = len(phrase.syllables)
        check_phrase(phrase)
        last: Exception | None = None
        for _ in range(TRIES):
            try:
                return self._speak(phrase, characters, rate)
            except VoiceUnfit:
                self._end()
                raise
            except (VoiceFailed, OSError, ValueError) as error:
                self._end()
                last = error
                if isinstance(error, OSError) and error.errno != errno.EPIPE:
                    break
        raise last if isinstance(last, VoiceFailed) else _as_failure(last) from last

    def close(self) -> None:
        self._end()
        self._temporary.cleanup()

    def _speak(self, phrase: Phrase, characters: int, rate: int) -> tuple[Samples, int]:
        file = self._folder / "speech.wav"
        _reserve(file, characters * BYTES_A_CHARACTER)
        worker = self._running(self._engine.command(rate, self._folder))
        worker.tell(self._engine.order(phrase, rate, file))
        within_s = LEAST_WAIT_S + self._engine.s_a_character * characters
        if self._engine.answers_on_stderr and not self._spoken:
            within_s += self._engine.starts_within_s  # such a worker does not greet: it answers once it has loaded
        until = time.monotonic() + within_s
        while not self._engine.answered(worker.answer(max(0.0, until - time.monotonic())), file):
            pass
        self._spoken += 1
        return read_speech(file, characters, self._engine.a_minute(rate))

    def _running(self, command: Sequence[str]) -> KeptWorker:
        worker = self._worker
        is_fresh = self._spoken < SENTENCES_A_WORKER
        if worker is not None and worker.is_alive and worker.line == tuple(command) and is_fresh:
            return worker
        self._end()
        self._worker = worker = KeptWorker(command, answers_on_stderr=self._engine.answers_on_stderr)
        self.starts += 1
        self._spoken = 0
        if not self._engine.answers_on_stderr:
            read_answer(worker.answer(self._engine.starts_within_s))
        return worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def check_phrase(phrase: Phrase) -> None:
    """Raises VoiceFailed for what no voice should be given."""
    if not phrase.syllables:
        raise failed("没有可念的字", "there is nothing to say")
    if len(phrase.spoken) > MOST_CHARACTERS or len(phrase.syllables) > MOST_CHARACTERS:
        raise failed(f"一段超过 {MOST_CHARACTERS} 个字", f"a phrase is longer than {MOST_CHARACTERS} characters")


def read_answer(line: str) -> bool:
    """What a worker of ours says: True when done. Raises VoiceFailed for ``error``, VoiceUnfit for ``unfit``."""
    told = json.loads(line)
    if "unfit" in told:
        zh, en = told["unfit"]
        raise VoiceUnfit(Sentence(zh, en))
    if "error" in told:
        zh, en = told["error"]
        raise failed(str(zh), str(en))
    return True


def _reserve(file: Path, size: int) -> None:
    """Make sure that the disk has room: pyttsx3 waits for ever when it has not. Raises OSError."""
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    if hasattr(os, "posix_fallocate"):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)


def _as_failure(error: Exception | None) -> VoiceFailed:
    why = (getattr(error, "strerror", None) or str(error)) if error is not None else ""
    return failed(f"系统说“{why}”", f"the system says {why!r}")
