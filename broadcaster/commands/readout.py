"""A reading on a terminal: pinyin over hanzi in columns, and what a person should look at. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from broadcaster.model.texts import Doubt, Reading

WIDTH = 76
INDENT = "  "
BREAK_AFTER = 0.6
"""A row may end at a pause once it is so full."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One character, and over it its syllable; empty over punctuation."""

    pinyin: str
    char: str

    @property
    def width(self) -> int:
        return max(width_of(self.pinyin), width_of(self.char))


def readout(reading: Reading) -> list[str]:
    """What will be spoken, and what is in doubt."""
    lines = [f"念作 / spoken: {reading.spoken.strip()}", ""]
    for line in cells(reading):
        for row in rows(line):
            lines += [INDENT + part for part in _side_by_side(row)]
    if reading.doubts:
        lines += ["", f"拿不准的 {len(reading.doubts)} 处 / in doubt: {len(reading.doubts)}"]
    for doubt in reading.doubts:
        lines += _doubt(doubt, reading.text)
    return lines


def cells(reading: Reading) -> list[list[Cell]]:
    """The spoken text, line by line. Every syllable is over its own character."""
    left = list(reading.syllables)
    lines: list[list[Cell]] = [[]]
    for char in reading.spoken:
        if left and left[0].char == char.upper():
            lines[-1].append(Cell(left.pop(0).pinyin, char))
        elif char == "\n":
            lines.append([])
        elif char.isprintable() and not char.isalnum():
            lines[-1].append(Cell("", char))
    return [line for line in lines if line]


def rows(line: list[Cell]) -> Iterator[list[Cell]]:
    """The line cut to the width of a terminal, at a pause where there is one."""
    row: list[Cell] = []
    taken = len(INDENT)
    for cell in line:
        is_pause = not cell.pinyin
        if row and taken + cell.width > WIDTH and not is_pause:
            yield row
            row, taken = [], len(INDENT)
        row.append(cell)
        taken += cell.width + 1
        if is_pause and taken > WIDTH * BREAK_AFTER:
            yield row
            row, taken = [], len(INDENT)
    if row:
        yield row


def width_of(text: str) -> int:
    """Columns that *text* takes in a terminal."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _side_by_side(row: list[Cell]) -> tuple[str, str]:
    over = " ".join(_padded(cell.pinyin, cell.width) for cell in row).rstrip()
    under = " ".join(_padded(cell.char, cell.width) for cell in row).rstrip()
    return over, under


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def _doubt(doubt: Doubt, text: str) -> list[str]:
    before = text[: doubt.start]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    said = f"“{doubt.reading}”" if doubt.reading else "不念 / not said"
    others = f"，也能念 / or: {'、'.join(doubt.alternatives)}" if doubt.alternatives else ""
    shown = [f"{INDENT}{line}:{column} “{doubt.written}” → {said}{others}"]
    if doubt.why.zh:
        shown.append(f"{INDENT * 2}{doubt.why.zh} / {doubt.why.en}")
    return shown
