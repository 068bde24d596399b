"""A reading → the phrases that a voice is given, one at a time, and the pause after each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pypinyin.constants import PHRASES_DICT

from broadcaster.model.texts import Reading, Syllable
from broadcaster.render.names import is_a_name

LONGEST_PHRASE = 120
"""Characters that a voice is given at once."""
STRAYS = 20
"""A long stretch is cut into equal parts, and each cut looks for a good place so far to both sides."""
LONGEST_WORD = 4
PARTICLES = frozenset("的了着过吗呢吧啊")
"""A word ends with them,"""
BEGINNERS = frozenset("和与或跟在把被给从向对让请要还也都就才又再但所因如请将")
"""and one begins with these."""
_ENDS = re.compile(r"[，、；：。！？,;!?\n]+")
_SENTENCE = "。！？!?；;"
_TOGETHER = re.compile(r"[零〇幺一二两三四五六七八九十百千万亿点]{2,}|[A-Za-z]{2,}")
"""Numbers and letters in a row: never cut."""


class Pause(Enum):
    """What follows a phrase."""

    NONE = "none"
    COMMA = "comma"
    NAME = "name"
    """Between the names of two people."""
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class PhraseBreak:
    """A stretch of speech without an inner pause, and the pause after it."""

    spoken: str
    syllables: tuple[Syllable, ...]
    pause: Pause


def phrases(reading: Reading) -> tuple[PhraseBreak, ...]:
    """The reading cut at its pauses; each phrase has at most 120 characters, and no syllable is left out."""
    left = list(reversed(reading.syllables))
    stretches = list(_stretches(reading.spoken))
    found: list[PhraseBreak] = []
    for number, (stretch, marks) in enumerate(stretches):
        pause = _pause(marks)
        if marks == "、" and _is_between_names(stretches, number):
            pause = Pause.NAME
        pieces = _pieces(stretch)
        for piece in pieces:
            own = tuple(_taken(piece, left))
            if own:
                found.append(PhraseBreak(piece, own, pause if piece is pieces[-1] else Pause.NONE))
            elif found and piece is pieces[-1]:
                found[-1] = PhraseBreak(found[-1].spoken, found[-1].syllables, _longer(found[-1].pause, pause))
    return tuple(found)


def _stretches(spoken: str) -> Iterator[tuple[str, str]]:
    """What stands between two marks, and the marks after it."""
    place = 0
    for match in _ENDS.finditer(spoken):
        yield spoken[place : match.start()], match[0]
        place = match.end()
    yield spoken[place:], "。"


def _taken(piece: str, left: list[Syllable]) -> Iterator[Syllable]:
    """The syllables of *piece*, taken from the end of *left*."""
    for char in piece:
        if left and left[-1].char == char.upper():
            yield left.pop()


def _pause(marks: str) -> Pause:
    if "\n" in marks:
        return Pause.PARAGRAPH
    return Pause.SENTENCE if any(mark in _SENTENCE for mark in marks) else Pause.COMMA


def _longer(one: Pause, other: Pause) -> Pause:
    order = list(Pause)
    return max(one, other, key=order.index)


def _is_between_names(stretches: Sequence[tuple[str, str]], number: int) -> bool:
    """Whether the list around this 、 names people: all inside it are names, its ends end and begin with one."""
    first, last = number, number + 1
    while first > 0 and stretches[first - 1][1] == "、":
        first -= 1
    while stretches[last][1] == "、":
        last += 1
    inner = [words for words, _ in stretches[first + 1 : last]]
    head, tail = stretches[first][0], stretches[last][0]
    heads = any(is_a_name(head[-length:]) for length in (2, 3, 4))
    tails = any(is_a_name(tail[:length]) for length in (2, 3, 4))
    is_sure = bool(inner) or is_a_name(head) or is_a_name(tail)
    return is_sure and heads and tails and all(is_a_name(words) for words in inner)


def _pieces(stretch: str) -> list[str]:
    """The stretch in equal parts of at most ``LONGEST_PHRASE``, cut after a particle or at least between two words."""
    count = -(-len(stretch) // (LONGEST_PHRASE - STRAYS)) if len(stretch) > LONGEST_PHRASE else 1
    pieces: list[str] = []
    rest = stretch
    while count > 1:
        cut = _good_place(rest, len(rest) // count)
        pieces.append(rest[:cut])
        rest, count = rest[cut:], count - 1
    return [*pieces, rest]


def _good_place(text: str, near: int) -> int:
    ends = _ends_of_words(text, near + STRAYS)
    places = range(max(1, near - STRAYS), min(len(text), near + STRAYS))

    def worth(place: int) -> tuple[bool, bool, bool, int]:
        """Not in the middle of a word; rather after a particle, or before a word that begins something; near."""
        return (
            place in ends,
            text[place - 1] in PARTICLES and text[place] not in PARTICLES,
            text[place] in BEGINNERS,
            -abs(place - near),
        )

    return max(places, key=worth)


def _ends_of_words(text: str, until: int) -> frozenset[int]:
    """Where words end, as far as the longest words of the dictionary tell."""
    together = {match.start(): match.end() for match in _TOGETHER.finditer(text)}
    ends, place = set(), 0
    while place < min(until, len(text)):
        lengths = range(LONGEST_WORD, 1, -1)
        longest = next((n for n in lengths if text[place : place + n] in PHRASES_DICT), 1)
        place = together.get(place, place + longest)
        ends.add(place)
    return frozenset(ends)
