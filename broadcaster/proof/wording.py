"""Two texts → what stayed, went and came, word by word, for people to read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.:]\d+)*|\s+|.", re.DOTALL)
SHORTEST_SAME = 2
"""A single character that stayed between two changes belongs to the change: 一 of 一月 and 十一 is no help."""


class Fate(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    fate: Fate
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """*before* and *after* as one text: same and gone pieces make *before*, same and new ones *after*."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Fate.SAME, "".join(old[start:end])))
            continue
        pieces += [Piece(Fate.GONE, "".join(old[start:end]))] * (end > start)
        pieces += [Piece(Fate.NEW, "".join(new[new_start:new_end]))] * (new_end > new_start)
    return tuple(_joined(pieces))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Changes with next to nothing between them read better as one."""
    made: list[Piece] = []
    gone = new = ""

    def flush() -> None:
        nonlocal gone, new
        made.extend(Piece(fate, text) for fate, text in ((Fate.GONE, gone), (Fate.NEW, new)) if text)
        gone = new = ""

    for at, piece in enumerate(pieces):
        is_between = 0 < at < len(pieces) - 1
        match piece.fate:
            case Fate.GONE:
                gone += piece.text
            case Fate.NEW:
                new += piece.text
            case Fate.SAME if is_between and len(piece.text) < SHORTEST_SAME and piece.text.isalnum():
                gone, new = gone + piece.text, new + piece.text
            case Fate.SAME:
                flush()
                made.append(piece)
    flush()
    return made
