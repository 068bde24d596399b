"""Spoken hanzi → one numbered syllable for each character that sounds, and the places where another may be meant. Pure.

Who is asked, in this order: the station's own words, the shipped words, names and the surroundings of a character,
pypinyin's words, a small model, and last the usual reading of the character. Then 一 and 不 change their tones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from broadcaster.model.texts import Syllable
from broadcaster.render.pinyin import opinion, tables
from broadcaster.render.pinyin.contexts import by_surroundings
from broadcaster.render.pinyin.names import surnames
from broadcaster.render.pinyin.sandhi import change_tones
from broadcaster.render.pinyin.words import Lexicons, split

_HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HANZI}]+")
_LETTER = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Sound:
    """One character of the spoken text that sounds."""

    at: int
    """Index into the spoken text."""
    syllable: Syllable
    others: tuple[str, ...] = ()
    """Other readings that may be meant, if the sources disagree."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A whole text."""

    sounds: tuple[Sound, ...]
    silent: tuple[int, ...] = ()
    """Places of characters that nobody knows how to say; they are left out."""


def sound(spoken: str, lexicon: Iterable[tuple[str, str]] = ()) -> Sounding:
    """How every character of *spoken* sounds. *lexicon*: words and their numbered pinyin, above everything else."""
    own = {word: tuple(said.split()) for word, said in lexicon if word and len(word) == len(said.split())}
    said: dict[int, str] = {}
    settled: set[int] = set()
    in_words: set[int] = set()
    open_: list[int] = []
    for run in _RUN.finditer(spoken):
        at = run.start()
        for word in split(run[0], Lexicons(own)):
            if word in own:
                said.update(enumerate(own[word], start=at))
                settled.update(range(at, at + len(word)))
            else:
                open_ += _read(word, at, spoken, said)
            if len(word) > 1:
                in_words.update(range(at, at + len(word)))
            at += len(word)
    for at, name in surnames(spoken):
        if at not in settled and (len(name) > 1 or at not in in_words):
            said.update(enumerate(name, start=at))
            open_ = [place for place in open_ if not at <= place < at + len(name)]
    others = _ask(spoken, said, open_)
    change_tones(spoken, said, settled)
    said.update((found.start(), found[0].upper()) for found in _LETTER.finditer(spoken))
    return Sounding(
        sounds=tuple(
            Sound(at, Syllable(spoken[at].upper(), said[at]), others.get(at, ())) for at in sorted(said) if said[at]
        ),
        silent=tuple(at for at in sorted(said) if not said[at]),
    )


def _read(word: str, at: int, spoken: str, said: dict[int, str]) -> list[int]:
    """Write the readings of one word; the places that no table settles are returned."""
    shipped = tables.shipped().get(word, {})
    phrase = tables.phrase(word)
    if phrase is None and 2 < len(word) != len(shipped):
        return _read_parts(word, at, spoken, said, shipped)
    left = []
    for offset, char in enumerate(word):
        place = at + offset
        reading = (
            by_surroundings(spoken, place, over_words=True) or shipped.get(offset) or by_surroundings(spoken, place)
        )
        if reading is None and phrase is not None:
            reading = phrase[offset]
        if reading is None:
            reading = tables.alone(char)
            left.append(place)
        said[place] = reading
    return left


def _read_parts(word: str, at: int, spoken: str, said: dict[int, str], shipped: Mapping[int, str]) -> list[int]:
    """A long word of which the tables settle some characters: its parts are read as words of their own first."""
    left, part_at = [], at
    for part in split(word, Lexicons({}), in_parts=True):
        left += _read(part, part_at, spoken, said)
        part_at += len(part)
    said.update((at + offset, reading) for offset, reading in shipped.items())
    return [place for place in left if place - at not in shipped]


def _ask(spoken: str, said: dict[int, str], open_: list[int]) -> dict[int, tuple[str, ...]]:
    """Let the model decide where nothing else did; where it is not sure either, keep what else may be meant."""
    others: dict[int, tuple[str, ...]] = {}
    for at, guess in opinion.ask(spoken, [at for at in open_ if tables.asks(spoken[at])]).items():
        said[at] = guess.reading
        if guess.share < 0.75:
            others[at] = guess.others
    return others
