"""A voice in a worker whose own pace is not known: measured once, then its speed is set by what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.ports import Phrase
from broadcaster.voices.kept_voice import KeptVoice, check_phrase
from broadcaster.voices.pace import ANY_VOICE, Natural, words_alone

if TYPE_CHECKING:
    from broadcaster.ports import Samples

SLOWEST, FASTEST = 0.4, 2.5


class PacedEngine:
    """What an engine's worker needs beside ``Engine``: a speed, 1 is the voice's own."""

    name = ""
    starts_within_s = 60.0
    s_a_character = 1.0
    answers_on_stderr = False
    speed = 1.0
    expected = ANY_VOICE
    """Characters a minute that are expected at that speed."""

    def a_minute(self, rate: int) -> float:
        return self.expected


class PacedVoice(KeptVoice):
    """Voice over a worker with a speed."""

    def __init__(self, engine: PacedEngine, *, folder: Path | None = None) -> None:
        super().__init__(engine, folder=folder)  # type: ignore[arg-type]  # subclasses add command, order, answered
        self._paced = engine
        self._natural = Natural(self._at_speed)

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        check_phrase(phrase)
        natural = self._natural.a_minute()
        self._paced.speed = round(min(max(words_alone(rate) / natural, SLOWEST), FASTEST), 2)
        self._paced.expected = natural * self._paced.speed
        return super().speak(phrase, rate)

    def _at_speed(self, phrase: Phrase, speed: float) -> tuple[Samples, int]:
        self._paced.speed, self._paced.expected = speed, ANY_VOICE
        return super().speak(phrase, 0)
