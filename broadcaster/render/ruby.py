"""A text → its characters as they will be spoken, each with its syllable and its doubt, for pinyin over hanzi. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadcaster.model.texts import Doubt, DoubtKind, Reading
from broadcaster.render.pinyin import Sounding
from broadcaster.render.reading import MOST_READ, put_together, steps

WORD_REACHES = 2
"""Characters on either side that a word for the lexicon may take in."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One character of what is spoken."""

    char: str
    pinyin: str = ""
    """Numbered; empty: it does not sound."""
    doubt: int | None = None
    """Which of the reading's doubts it belongs to."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may go into the lexicon, with the place of the doubtful character in it."""

    word: str
    syllables: tuple[str, ...]
    at: int

    def said(self, syllable: str) -> str:
        """Its reading when the doubtful character sounds as *syllable*."""
        return " ".join((*self.syllables[: self.at], syllable, *self.syllables[self.at + 1 :]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruby:
    """A reading, character by character."""

    reading: Reading
    lines: tuple[tuple[Cell, ...], ...]
    words: tuple[tuple[Word, ...], ...]
    """For each doubt the words that would settle it, the likeliest first; none where no word can."""


def ruby(text: str, lexicon: Iterable[tuple[str, str]] = ()) -> Ruby:
    """How *text* is spoken, like ``read_any``."""
    text = text[:MOST_READ]
    normal, sounding = steps(text, tuple(lexicon))
    reading = put_together(text, normal, sounding)
    cells = _cells(normal.text, normal.origins, sounding, reading.doubts)
    words = [
        _words(cells, number) if doubt.kind is DoubtKind.POLYPHONE else ()
        for number, doubt in enumerate(reading.doubts)
    ]
    return Ruby(reading=reading, lines=_lines(cells), words=tuple(words))


def _cells(spoken: str, origins: Sequence[int], sounding: Sounding, doubts: Sequence[Doubt]) -> list[Cell]:
    said = {one.at: one.syllable.pinyin for one in sounding.sounds}
    silent = frozenset(sounding.silent)
    by_place: dict[int, list[int]] = {}
    for number, doubt in enumerate(doubts):
        for place in range(doubt.start, doubt.start + max(1, len(doubt.written))):
            by_place.setdefault(place, []).append(number)
    cells = []
    for at, char in enumerate(spoken):
        if at in silent:
            continue
        mine = [one for one in by_place.get(origins[at], ()) if _is_about(doubts[one], char)]
        cells.append(Cell(char, said.get(at, ""), mine[0] if mine else None))
    return cells


def _is_about(doubt: Doubt, char: str) -> bool:
    return doubt.kind is not DoubtKind.POLYPHONE or doubt.written == char


def _lines(cells: list[Cell]) -> tuple[tuple[Cell, ...], ...]:
    lines: list[list[Cell]] = [[]]
    for cell in cells:
        if cell.char == "\n":
            lines.append([])
        else:
            lines[-1].append(cell)
    return tuple(tuple(line) for line in lines if line)


def _words(cells: list[Cell], number: int) -> tuple[Word, ...]:
    """Up to two characters to each side, as far as the run of hanzi goes; the character alone comes last."""
    here = next((at for at, cell in enumerate(cells) if cell.doubt == number), None)
    if here is None:
        return ()
    start = end = here
    while start > 0 and here - start < WORD_REACHES and _is_hanzi(cells[start - 1]):
        start -= 1
    while end + 1 < len(cells) and end - here < WORD_REACHES and _is_hanzi(cells[end + 1]):
        end += 1
    spans = [(here, here + 1), (here - 1, here), (here - 1, here + 1), (here, here + 2), (here - 2, here), (here, here)]
    return tuple(
        Word(
            "".join(cell.char for cell in cells[first : last + 1]),
            tuple(cell.pinyin for cell in cells[first : last + 1]),
            here - first,
        )
        for first, last in spans
        if start <= first and last <= end
    )


def _is_hanzi(cell: Cell) -> bool:
    return bool(cell.pinyin) and not cell.char.isascii()
