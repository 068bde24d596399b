"""Characters a minute, as the timetable asks for them → what an engine is told, and how long speech may be.

A rate counts running text with the short pauses of a reader. The words alone go a tenth faster than that, and the
longer pauses of a station come on top.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from broadcaster.model.texts import Syllable
from broadcaster.ports import Phrase
from broadcaster.voices.checked import check_speech, spoken_s

if TYPE_CHECKING:
    from broadcaster.ports import Samples

WORDS_ALONE = 1.10
ANY_VOICE = 260.0
"""Characters a minute of an unknown voice: twice as many and half as many are still believed."""
_ESPEAK = ((80, 107), (100, 128), (120, 155), (135, 176), (150, 197), (170, 227), (200, 274), (250, 353), (280, 407))
"""espeak-ng's own rate, and the characters a minute of its words alone: measured over 490 syllables of the shipped
texts. Whole texts with its own pauses came to 160 at 135, 180 at 150 and 253 at 200."""


def words_alone(rate: int) -> float:
    """Characters a minute within a phrase, for text at *rate*."""
    return rate * WORDS_ALONE


def engine_rate(rate: int) -> int:
    """What espeak-ng is told for *rate* characters a minute; it speaks no slower than 80, which is a rate of 97."""
    wanted = words_alone(rate)
    for (low, slow), (high, fast) in pairwise(_ESPEAK):
        if wanted <= fast:
            return max(low, round(low + (wanted - slow) * (high - low) / (fast - slow)))
    return _ESPEAK[-1][0]


def espeak_words_alone(rate: int) -> float:
    """Like ``words_alone``, within what espeak-ng can do."""
    return min(max(words_alone(rate), _ESPEAK[0][1]), _ESPEAK[-1][1])


_WORDS = "家里有老人的请大家多去看一看问一问缺什么少什么村里会帮忙想办法"
_PINYIN = (
    "jia1 li3 you3 lao3 ren2 de5 qing3 da4 jia1 duo1 qu4 kan4 yi5 kan4 wen4 yi5 wen4 que1 shen2 me5 shao3 shen2 me5 "
    "cun1 li3 hui4 bang1 mang2 xiang3 ban4 fa3"
)
REFERENCE = Phrase(
    spoken=_WORDS,
    syllables=tuple(Syllable(char, pinyin) for char, pinyin in zip(_WORDS, _PINYIN.split(), strict=True)),
)
"""Its syllables are as long as those of running text are on the average, within two parts of a hundred."""


class Natural:
    """How fast a voice speaks by itself: measured once, with a sentence that is always the same."""

    def __init__(self, speak: Callable[[Phrase, float], tuple[Samples, int]]) -> None:
        self._speak = speak
        self._a_minute: float | None = None

    def a_minute(self) -> float:
        """Characters a minute of the words alone, at a speed of 1. Raises VoiceFailed."""
        if self._a_minute is None:
            samples, rate_hz = self._speak(REFERENCE, 1.0)
            check_speech(samples, rate_hz, len(REFERENCE.syllables), ANY_VOICE)
            self._a_minute = 60 * len(REFERENCE.syllables) / spoken_s(samples, rate_hz)
        return self._a_minute
