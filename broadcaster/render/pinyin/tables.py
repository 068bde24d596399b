"""The shipped tables beside this file, and pypinyin's, each read when it is first needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from broadcaster.model.pinyin import numbered

LONGEST_PHRASE = 12
_SAME = "-"
"""In the table of words: read as always."""


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, list[list[str]]]:
    """pypinyin's words that are words of today, each with its syllables in marked pinyin."""
    shunned = {word for (words,) in rows("shunned.tsv") for word in words.split()}
    return {word: said for word, said in PHRASES_DICT.items() if word not in shunned}


def rows(name: str) -> list[list[str]]:
    """The lines of a shipped table as columns, without comments."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict[int, str]]:
    """Words whose reading is settled here: for each word the places that are, and their readings."""
    table: dict[str, dict[int, str]] = {}
    for chars, reading, words in rows("polyphones.tsv"):
        for word in words.split():
            places = table.setdefault(word, {})
            places |= {at: reading for at, char in enumerate(word) if char in chars}
    for (words,) in rows("plain.tsv"):
        table |= {word: {} for word in words.split() if word not in table and word not in phrases()}
    for (words,) in rows("neutral.tsv"):
        for word in words.split():
            places, last = table.setdefault(word, {}), len(word) - 1
            stressed = places.get(last) or (phrase(word) or {last: alone(word[last])})[last]
            places[last] = stressed[:-1] + "5"
    for name in ("words.tsv", "places.tsv"):
        for word, said in rows(name):
            readings = said.split()
            table[word] = {at: reading for at, reading in enumerate(readings) if reading != _SAME}
    return table


@lru_cache(maxsize=1)
def word_lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of all words that are known, by their first character, shortest first."""
    return lengths([*shipped(), *(word for word in phrases() if len(word) <= LONGEST_PHRASE)])


def lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {char: tuple(sorted(sizes)) for char, sizes in found.items()}


@lru_cache(maxsize=20_000)
def phrase(word: str) -> tuple[str, ...] | None:
    """How pypinyin reads a word of two or more characters, before any change of tone; None if it does not know it."""
    if len(word) < 2 or word not in phrases():
        return None
    said = [numbered(syllable[0]) or "" for syllable in phrases()[word]]
    return tuple(_before_change(char, one) for char, one in zip(word, said, strict=True))


def _before_change(char: str, reading: str) -> str:
    """pypinyin's words have 一 and 不 changed in some places and not in others; take the change back."""
    return {"一": "yi1", "不": "bu4"}.get(char, reading) if not reading.endswith("5") else reading


@lru_cache(maxsize=1)
def usual() -> dict[str, str]:
    """The usual reading of a character that stands alone, where pypinyin's first is another."""
    return {char: reading for chars, reading in rows("usual.tsv") for char in chars}


@lru_cache(maxsize=30_000)
def readings(char: str) -> tuple[str, ...]:
    """All readings of a character that pypinyin knows, its first one first; empty if it knows none."""
    found = (numbered(one) for one in PINYIN_DICT.get(ord(char), "").split(","))
    return tuple(dict.fromkeys(one for one in found if one))


@lru_cache(maxsize=30_000)
def alone(char: str) -> str:
    """The reading of a character that stands alone; empty if nobody knows it."""
    return usual().get(char) or next(iter(readings(char)), "")


@lru_cache(maxsize=1)
def _not_asked() -> frozenset[str]:
    return frozenset("".join(chars for (chars,) in rows("settled.tsv")))


def asks(char: str) -> bool:
    """Whether the model may be asked for a character."""
    return char not in _not_asked()
