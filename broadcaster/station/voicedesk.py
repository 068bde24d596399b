"""The voices of the timetable and the engines of this machine → which can speak here, and why another cannot."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.station.books import PlanBooks

TEST_SENTENCE = "各位乡亲，现在试音。今天是个好天气，请大家听一听，清楚不清楚。"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceState:
    """One voice of the timetable, as far as can be said without letting it speak."""

    settings: VoiceSettings
    why_not: Sentence | None
    """What has to be done before it can speak; None: nothing that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    name: str
    why_not: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    voices: tuple[VoiceState, ...]
    """The default first."""
    engines: tuple[Engine, ...]


class VoiceDesk:
    """May be used from any thread."""

    def __init__(self, books: PlanBooks) -> None:
        self._books = books

    def look(self) -> Voices:
        from broadcaster.voices.choose import ENGINES  # brings the libraries of speech, which an idle station
        from broadcaster.voices.present import missing, missing_engine  # does without

        return Voices(
            voices=tuple(VoiceState(settings=one, why_not=missing(one)) for one in self._books.schedule.voices),
            engines=tuple(Engine(name=name, why_not=missing_engine(name)) for name in ENGINES),
        )
