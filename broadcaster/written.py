"""Bytes as people's editors save them → plain text: encodings, line ends, and characters that nobody meant."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, invisible format marks, surrogates, private and unassigned characters: nothing that can be spoken."""

MOST_REMOVED = 4
LARGEST_SHARE_REMOVED = 0.1
"""With more unprintable characters than both it was never a text: a picture, a document of an office program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text, with its line ends made ``\\n`` and unprintable characters left out."""

    text: str
    removed: int = 0
    """How many unprintable characters were left out."""


def read_written(data: bytes) -> Written | None:
    """UTF-8 with or without a mark, UTF-16 with a mark, or GB18030. None: this is not a text."""
    decoded = _decode(data)
    if decoded is None:
        return None
    unified = decoded.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    clean = "".join(char for char in unified if char in "\n\t" or unicodedata.category(char) not in UNPRINTABLE)
    removed = len(unified) - len(clean)
    if removed > MOST_REMOVED and removed > LARGEST_SHARE_REMOVED * len(unified):
        return None
    return Written(text=clean, removed=removed)


def _decode(data: bytes) -> str | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-8"),
        (b"", "gb18030"),
    ):
        if data.startswith(mark):
            try:
                return data.removeprefix(mark).decode(encoding)
            except UnicodeDecodeError:
                continue
    return None
