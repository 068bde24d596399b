"""pyttsx3, the default voice. On Linux it is given numbered pinyin, elsewhere normalised hanzi."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from broadcaster.ports import Phrase
from broadcaster.voices.kept_voice import KeptVoice, read_answer
from broadcaster.voices.mandarin import PINYIN_VOICE
from broadcaster.voices.pace import engine_rate, espeak_words_alone, words_alone
from broadcaster.voices.pinyin_text import espeak_text, printable

IS_LINUX = sys.platform.startswith("linux")
SYSTEM_VOICE_AT_200 = 270
"""Characters a minute of a SAPI or NSSpeech voice at its rate of 200."""


class Pyttsx3Engine:
    """The worker of ``broadcaster.voices.worker``."""

    starts_within_s = 15.0
    s_a_character = 0.1
    answers_on_stderr = False

    def __init__(self, voice: str = "") -> None:
        self._voice = voice
        self.name = f"pyttsx3:{voice or (PINYIN_VOICE if IS_LINUX else 'zh')}"

    def command(self, rate: int, folder: Path) -> Sequence[str]:
        return (sys.executable, "-m", "broadcaster.voices.worker", *([self._voice] if self._voice else []))

    def order(self, phrase: Phrase, rate: int, file: Path) -> str:
        text = espeak_text(phrase.syllables) if IS_LINUX else printable(phrase.spoken)
        engines = engine_rate(rate) if IS_LINUX else round(200 * words_alone(rate) / SYSTEM_VOICE_AT_200)
        return json.dumps({"text": text, "rate": engines, "file": str(file)})

    def answered(self, line: str, file: Path) -> bool:
        return read_answer(line)

    def a_minute(self, rate: int) -> float:
        return espeak_words_alone(rate) if IS_LINUX else words_alone(rate)


class Pyttsx3Voice(KeptVoice):
    """Voice through pyttsx3."""

    def __init__(self, voice: str = "", *, folder: Path | None = None) -> None:
        super().__init__(Pyttsx3Engine(voice), folder=folder)
