"""Characters a minute, as the timetable asks for them → what an engine is told, and how long speech may be.

A rate counts running text with the short pauses of a reader. The words alone go a tenth faster than that, and the
longer pauses of a station come on top.
"""

from __future__ import annotations

from itertools import pairwise

WORDS_ALONE = 1.10
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
