"""How long a reading will sound, before a voice speaks it: syllables at the voice's rate, and the station's pauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from broadcaster.model.texts import Reading
from broadcaster.model.timetable import SoundSettings
from broadcaster.render.phrases import Pause, phrases

WORDS_ALONE = 1.13
"""A rate counts running text with a reader's short pauses; inside a phrase speech goes so much faster."""
PAST_THE_ECHO = timedelta(milliseconds=100)
"""A pause ends so long after the echo of what was said before it."""
PHRASE_END = timedelta(milliseconds=140)
"""The last syllable before a pause is drawn out. Both were fitted over 510 phrases of the shipped scripts."""


def speech_length(reading: Reading, sound: SoundSettings, rate: int) -> timedelta:
    """The reading once, with the pauses inside and after it."""
    a_minute = max(1.0, rate * sound.pace / 100 * WORDS_ALONE)
    total = timedelta()
    for phrase in phrases(reading):
        total += timedelta(minutes=len(phrase.syllables) / a_minute) + PHRASE_END + pause_length(phrase.pause, sound)
    return total


def clip_length(readings: Iterable[Reading], sound: SoundSettings, rate: int) -> timedelta:
    """*readings* one after the other, once, as a clip without chime: with lead-in and tail."""
    spoken = (speech_length(reading, sound, rate) for reading in readings)
    return sum(spoken, sound.lead_in + sound.tail)


def pause_length(pause: Pause, sound: SoundSettings) -> timedelta:
    """How long the silence after a phrase is: never shorter than the echo of what was said before it."""
    usual = {
        Pause.NONE: sound.comma_pause / 4,
        Pause.COMMA: sound.comma_pause,
        Pause.NAME: max(sound.name_pause, sound.comma_pause),
        Pause.SENTENCE: sound.sentence_pause,
        Pause.PARAGRAPH: sound.sentence_pause * 1.5,
    }[pause]
    return max(usual, sound.echo + PAST_THE_ECHO) if sound.echo else usual
