"""A look at a text, put into words for the page: pinyin over the characters that are in doubt, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.model.pinyin import as_typed, marked
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.station.listening import Look

if TYPE_CHECKING:
    from broadcaster.render.ruby import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One character on the page."""

    char: str
    pinyin: str = ""
    """With tone marks; empty: it does not sound."""
    doubt: int | None = None
    """The number of its doubt, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One doubt: what stands there, how it will sound, and what else it may be."""

    number: int
    written: str
    reading: str
    why: Sentence
    others: tuple[tuple[str, str], ...]
    """Numbered, and with marks."""
    words: tuple[tuple[str, str], ...]
    """What is sent for a word, and the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page says about how a text will sound."""

    look: Look
    lines: tuple[tuple[Sign, ...], ...] = ()
    questions: tuple[Question, ...] = ()
    seconds: int = 0
    sentences: int = 0


def shown(look: Look) -> Shown:
    if look.ruby is None:
        return Shown(look=look)
    reading = look.ruby.reading
    lines = tuple(
        tuple(
            Sign(char=cell.char, pinyin=_marks(cell.pinyin), doubt=None if cell.doubt is None else cell.doubt + 1)
            for cell in line
        )
        for line in look.ruby.lines
    )
    questions = tuple(
        Question(
            number=number,
            written=doubt.written,
            reading=_marks(doubt.reading),
            why=doubt.why or NOTHING_TO_SAY,
            others=tuple((one, _marks(one)) for one in doubt.alternatives) if words else (),
            words=tuple((packed(word), word.word) for word in words),
        )
        for number, (doubt, words) in enumerate(zip(reading.doubts, look.ruby.words, strict=True), start=1)
    )
    return Shown(look=look, lines=lines, questions=questions, seconds=round(look.length.total_seconds()))


def packed(word: Word) -> str:
    """A word and its reading with a gap for the character in doubt: ``重阳 _ yang2``."""
    return f"{word.word} {word.said('_')}"


def unpacked(sent: str, syllable: str) -> tuple[str, str]:
    """The word, and its reading with *syllable* in the gap."""
    word, _, said = sent.partition(" ")
    return word, " ".join(as_typed(syllable) if one == "_" else one for one in said.split())


def _marks(said: str) -> str:
    return " ".join(marked(one) for one in said.split())
