"""Text of a TOML file → where its table headers stand, and where the lines of each table end. Pure.

Only as much of TOML as is needed not to take a line inside a long string or a list for a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}'  # strings of several lines
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[\]{}]|\n|[^\"'#\[\]{}\n]+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One ``[table]`` or ``[[table]]``."""

    start: int
    """Where its line begins."""
    line_end: int
    """Behind the line end of its own line."""
    last_line_end: int
    """Behind the line end of the last line that says something; blank lines and remarks after it are nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line, or several that a string or a list joins."""

    start: int
    end: int
    is_header: bool
    is_empty: bool
    """Blank, or a remark."""


def headers(text: str) -> list[Header]:
    """In the order of the file."""
    found: list[Header] = []
    for line in _lines(text):
        if line.is_header:
            found.append(Header(start=line.start, line_end=line.end, last_line_end=line.end))
        elif found and not line.is_empty:
            found[-1] = Header(start=found[-1].start, line_end=found[-1].line_end, last_line_end=line.end)
    return found


def _lines(text: str) -> Iterator[_Line]:
    start = depth = 0
    says = ""
    for piece in _PIECE.finditer(text):
        words = piece[0]
        if words in ("[", "{"):
            depth += 1
        elif words in ("]", "}"):
            depth = max(depth - 1, 0)
        if words == "\n" and depth == 0:
            yield _line(start, piece.end(), says)
            start, says = piece.end(), ""
        elif not says and not words.startswith("#"):
            says = words.strip()
    if start < len(text):
        yield _line(start, len(text), says)


def _line(start: int, end: int, says: str) -> _Line:
    return _Line(start=start, end=end, is_header=says == "[", is_empty=not says)
