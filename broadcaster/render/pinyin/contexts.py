"""The surroundings of a character that settle its reading: complements after 得, surnames before a form of address …"""

from __future__ import annotations

import re
from functools import lru_cache

from broadcaster.render.pinyin import tables

_LOOK_BACK = 8


def by_surroundings(spoken: str, at: int, *, over_words: bool = False) -> str | None:
    """The reading of the character at *at* if its surroundings settle it; *over_words*: whatever word it stands in."""
    rules = _rules()[over_words].get(spoken[at])
    if rules is None:
        return None
    before = spoken[max(0, at - _LOOK_BACK) : at]
    for left, right, reading in rules:
        if (left is None or left.search(before)) and (right is None or right.match(spoken, at + 1)):
            return reading
    return None


Surroundings = tuple[re.Pattern[str] | None, re.Pattern[str] | None, str]


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[str, list[Surroundings]], dict[str, list[Surroundings]]]:
    """Those below the words, and those above."""
    found: tuple[dict[str, list[Surroundings]], dict[str, list[Surroundings]]] = ({}, {})
    for chars, reading, before, after in tables.rows("contexts.tsv"):
        left = None if before == "-" else re.compile(f"(?:{before})$")
        right = None if after == "-" else re.compile(after)
        for char in chars:
            rules = found[reading.startswith("!")].setdefault(char, [])
            rules.append((left, right, reading.removeprefix("!")))
    return found
