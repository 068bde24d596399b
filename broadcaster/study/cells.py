"""Single cells of a points sheet → names, numbers, dates, yes and no. None: the cell is not what it should be."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MOST_POINTS = 10_000_000
LONGEST_NAME = 30
YES = frozenset({"是", "1", "yes", "y", "true", "同意", "愿意", "√", "✓", "✔"})
NO = frozenset({"否", "0", "no", "n", "false", "不同意", "不愿意", "×", "✗", "不"})
FIRST_YEAR, LAST_YEAR = 2015, 2099

_NAME = re.compile(r"[^\W\d_][\w ·•.()（）'-]*", re.UNICODE)
_POINTS = re.compile(r"(\d{1,3}(?:[,']\d{3})+|\d{1,9})(?:\.0+)?分?")
_DATE = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_PINYIN = re.compile(r"[a-z]+[1-5](?: [a-z]+[1-5])*")


def plain(cell: str) -> str:
    """Half width, without spaces at the ends or doubled inside."""
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def read_name(cell: str) -> str | None:
    """A name of a person or a group; the space in 张 伟 is only layout."""
    name = plain(cell)
    if all(not char.isascii() or char == " " for char in name):
        name = name.replace(" ", "")
    return name if len(name) <= LONGEST_NAME and _NAME.fullmatch(name) else None


def read_total(cell: str) -> int | None:
    """41200, 41,200, ４１２００ and 41200.0分 are the same number of points."""
    match = _POINTS.fullmatch(plain(cell).replace(" ", ""))
    if match is None:
        return None
    points = int(re.sub("[,']", "", match[1]))
    return points if points <= MOST_POINTS else None


def read_date(cell: str) -> date | None:
    """2026-11-16, 2026/11/16, 2026.11.16, 2026年11月16日 or 20261116; an hour after it is ignored."""
    match = _DATE.fullmatch(plain(cell))
    return _date(match) if match else None


def date_in_name(file: str) -> date | None:
    """The date in the name of a file, ``points-2026-11-16.csv``; None when it holds none."""
    match = _DATE.search(plain(file))
    return _date(match) if match else None


def read_yes_or_no(cell: str) -> bool | None:
    word = plain(cell).lower()
    return True if word in YES else False if word in NO else None


def read_pinyin(cell: str) -> str | None:
    """Numbered syllables, ``shan4 li4``, ü as ``v``."""
    pinyin = plain(cell).lower().replace("ü", "v").replace("u:", "v")
    return pinyin if _PINYIN.fullmatch(pinyin) and len(pinyin) <= 8 * LONGEST_NAME else None


def _date(match: re.Match[str]) -> date | None:
    year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
