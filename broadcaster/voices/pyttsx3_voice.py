"""pyttsx3, the default voice, kept in a worker process: one that hangs, dies or delivers a bad file is replaced."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.errors import VoiceFailed
from broadcaster.ports import Phrase
from broadcaster.voices.checked import failed, read_speech
from broadcaster.voices.pinyin_text import espeak_text

if TYPE_CHECKING:
    from broadcaster.ports import Samples

TRIES = 3
STARTS_WITHIN_S = 15.0
MOST_CHARACTERS = 500
"""2,000 take five seconds, 4,000 never finish, 10,000 crash the engine."""
SENTENCES_A_WORKER = 5_000


def engine_rate(characters_a_minute: int) -> int:
    """The engine's words a minute for a rate in characters: 135 → 150, 150 → 169, 200 → 238 (measured)."""
    return max(80, round(150 + (characters_a_minute - 150) * (200 - 135) / (238 - 150) - 15))


class Pyttsx3Voice:
    """Voice through pyttsx3. On Linux it is given numbered pinyin, elsewhere normalised hanzi."""

    def __init__(self, voice: str = "") -> None:
        self._wanted = voice
        self._process: subprocess.Popen[str] | None = None
        self._spoken = 0
        self._folder = tempfile.TemporaryDirectory(prefix="voice-")
        self._said = voice or "cmn-latn-pinyin" if sys.platform.startswith("linux") else voice or "zh"

    @property
    def name(self) -> str:
        return f"pyttsx3:{self._said}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        """Samples and their rate in Hz. Raises VoiceFailed after three tries with fresh workers."""
        text = espeak_text(phrase.syllables) if sys.platform.startswith("linux") else phrase.spoken
        characters = len(phrase.syllables)
        if not characters or len(phrase.spoken) > MOST_CHARACTERS:
            raise failed("没有可念的字，或者一段太长", "nothing to say, or too much at once")
        for attempt in range(TRIES):
            try:
                return self._speak(text, characters, rate)
            except (VoiceFailed, OSError, ValueError) as error:
                self._kill()
                if attempt == TRIES - 1:
                    raise error if isinstance(error, VoiceFailed) else failed(str(error), str(error)) from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._kill()
        self._folder.cleanup()

    def _speak(self, text: str, characters: int, rate: int) -> tuple[Samples, int]:
        process = self._worker()
        file = Path(self._folder.name) / "speech.wav"
        file.unlink(missing_ok=True)
        assert process.stdin is not None
        process.stdin.write(json.dumps({"text": text, "rate": engine_rate(rate), "file": str(file)}) + "\n")
        process.stdin.flush()
        self._answer(process, 5.0 + 0.1 * characters)
        self._spoken += 1
        return read_speech(file, characters, rate)

    def _worker(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None and self._spoken < SENTENCES_A_WORKER:
            return self._process
        self._kill()
        line = [sys.executable, "-m", "broadcaster.voices.worker", *([self._wanted] if self._wanted else [])]
        self._process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).resolve().parents[2],
        )
        self._spoken = 0
        self._answer(self._process, STARTS_WITHIN_S)
        return self._process

    def _answer(self, process: subprocess.Popen[str], within_s: float) -> None:
        """Wait for one answer. Raises VoiceFailed."""
        assert process.stdout is not None
        until = time.monotonic() + within_s
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise failed(f"等了 {within_s:.0f} 秒没有回答", f"no answer within {within_s:.0f} s")
        line = process.stdout.readline()
        if not line:
            raise failed("语音进程中途退出", "the process of the voice ended")
        told = json.loads(line)
        if "error" in told:
            raise failed(str(told["error"]), str(told["error"]))

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:
                        continue
