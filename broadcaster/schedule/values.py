"""A value of the file → a value of the station, or the sentence that says what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown, unknown

T = TypeVar("T")
Reader = Callable[[object], T | Sentence]
"""Reads one value; a Sentence says why it cannot be used and what would be right."""

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
NAME = re.compile(r"\w[\w-]{0,59}")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})[日号]")
_PIECE = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)\s*(ms|s|m|h|毫秒|秒|分钟|分|小时)\s*")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "毫秒": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "秒": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "分钟": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "小时": timedelta(hours=1),
}


def plain(text: str) -> str:
    """Full-width digits and signs made ordinary, blanks at both ends left out."""
    return unicodedata.normalize("NFKC", text).strip()


def words(longest: int, *, may_be_empty: bool = True) -> Reader[str]:
    """Text of at most *longest* characters, nothing invisible in it."""

    def read(value: object) -> str | Sentence:
        if not isinstance(value, str):
            return Sentence(
                f'{shown(value)} 不是文字。请用英文引号括起来，例如 "…"。',
                f'{shown(value)} is not text. Put it in straight quotes, for example "…".',
            )
        for char in value:
            if unicodedata.category(char) in UNPRINTABLE and char not in "\n\t":
                return Sentence(
                    f"{shown(value)} 里有看不见的字符（U+{ord(char):04X}）。请删掉，重新打一遍。",
                    f"{shown(value)} holds an invisible character (U+{ord(char):04X}). Delete it and type it again.",
                )
        text = " ".join(value.split())
        if len(text) > longest:
            return Sentence(
                f"{shown(text)} 有 {len(text)} 个字，最多 {longest} 个。请写短一点。",
                f"{shown(text)} has {len(text)} characters, at most {longest} are allowed. Make it shorter.",
            )
        if not text and not may_be_empty:
            return Sentence(
                "是空的。请写上内容，或者删掉这一行。", "it is empty. Write something, or take the line out."
            )
        return text

    return read


def flag(value: object) -> bool | Sentence:
    if isinstance(value, bool):
        return value
    return Sentence(
        f"{shown(value)} 不是 true 也不是 false。请写 true（是）或 false（否），不加引号。",
        f"{shown(value)} is neither true nor false. Write true or false, without quotes.",
    )


def whole(low: int, high: int) -> Reader[int]:
    """A whole number from *low* to *high*."""

    def read(value: object) -> int | Sentence:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return Sentence(
            f"{shown(value)} 不行。请写 {low} 到 {high} 的整数，不加引号。",
            f"{shown(value)} will not do. Write a whole number from {low} to {high}, without quotes.",
        )

    return read


def number(low: float, high: float) -> Reader[float]:
    """A number from *low* to *high*."""

    def read(value: object) -> float | Sentence:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        return Sentence(
            f"{shown(value)} 不行。请写 {low:g} 到 {high:g} 的数，不加引号。",
            f"{shown(value)} will not do. Write a number from {low:g} to {high:g}, without quotes.",
        )

    return read


def choice(kind: Sentence, choices: Mapping[str, T]) -> Reader[T]:
    """One of some words, in capitals or not."""
    by_word = {word.casefold(): meaning for word, meaning in choices.items()}

    def read(value: object) -> T | Sentence:
        word = plain(value).casefold() if isinstance(value, str) else ""
        return by_word[word] if word in by_word else unknown(kind, str_of(value), choices)

    return read


def length(low: str, high: str) -> Reader[timedelta]:
    """A length of time such as ``10m``, from *low* to *high*."""
    least, most = _length(low), _length(high)
    assert least is not None and most is not None

    def read(value: object) -> timedelta | Sentence:
        found = _length(value) if isinstance(value, str) else None
        if found is None:
            return Sentence(
                f"{shown(value)} 不是时长。请写数字加单位，用引号括起来：ms 毫秒、s 秒、m 分、h 小时，例如 '{high}'。",
                f"{shown(value)} is not a length of time. Write a number and a unit in quotes: ms, s, m or h, "
                f"for example '{high}'.",
            )
        if not least <= found <= most:
            return Sentence(
                f"{shown(value)} 超出范围。请写 '{low}' 到 '{high}'。",
                f"{shown(value)} is out of range. Write '{low}' to '{high}'.",
            )
        return found

    return read


def time_of_day(value: object) -> time | Sentence:
    if isinstance(value, time):
        return value.replace(microsecond=0)
    if isinstance(value, str) and (found := _TIME.fullmatch(plain(value))) is not None:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if hours < 24 and minutes < 60 and seconds < 60:
            return time(hours, minutes, seconds)
    return Sentence(
        f"{shown(value)} 不是一天里的时间。请写小时 00 到 23 和分钟，例如 '18:30'。",
        f"{shown(value)} is not a time of day. Write hours 00 to 23 and minutes, for example '18:30'.",
    )


def day(value: object) -> date | Sentence:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        text = plain(value)
        if (found := date_in(text)) is not None:
            return found
        if _DATE.fullmatch(text) is not None:
            return no_such_day(value)
    return Sentence(
        f"{shown(value)} 不是日期。请写成年-月-日，例如 2026-12-03。",
        f"{shown(value)} is not a date. Write year-month-day, for example 2026-12-03.",
    )


def date_in(text: str) -> date | None:
    """The date that *text* is; None when it is none, or there is no such day."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, number)
    except ValueError:
        return None


def looks_like_a_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def no_such_day(value: object) -> Sentence:
    return Sentence(
        f"{shown(value)}：日历上没有这一天。请对照日历改正。",
        f"{shown(value)} is on no calendar. Look the date up and correct it.",
    )


def name(kind: Sentence) -> Reader[str]:
    """A name of the owner's own: letters, Chinese included, digits, ``-`` and ``_``."""

    def read(value: object) -> str | Sentence:
        if isinstance(value, str) and NAME.fullmatch(value) is not None:
            return value
        return Sentence(
            f"{shown(value)} 不能做{kind.zh}。只用字母、汉字、数字、- 和 _，最多 60 个，例如 'east-end'。",
            f"{shown(value)} cannot be a {kind.en}. Use letters, digits, - and _ only, at most 60, "
            "for example 'east-end'.",
        )

    return read


def file_name(folder: str, endings: tuple[str, ...] = ()) -> Reader[str]:
    """The name of a file right below *folder*, without one of the *endings*; empty stays empty."""
    as_words = words(100)

    def read(value: object) -> str | Sentence:
        text = as_words(value)
        if isinstance(text, Sentence):
            return text
        if any(sign in text for sign in "/\\:") or text.startswith("."):
            return Sentence(
                f"{shown(value)} 不是文件名。只写 {folder} 里的文件名，不写路径。",
                f"{shown(value)} is not a file name. Write only the name of a file in {folder}, no path.",
            )
        for ending in endings:
            text = text.removesuffix(ending)
        return text

    return read


def str_of(value: object) -> str:
    """A value as words for comparing; containers and numbers never come near a known name."""
    return value if isinstance(value, str) else shown(value).strip("'")


def _length(text: str) -> timedelta | None:
    compact = plain(text).lower()
    total, end = timedelta(), 0
    while end < len(compact):
        found = _PIECE.match(compact, end)
        if found is None:
            return None
        total += float(found[1]) * _UNITS[found[2]]
        end = found.end()
    return total if compact else None
