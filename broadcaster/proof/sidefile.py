"""An approved reading ⇄ the text of ``NAME.reading.toml`` beside its script, for people to read and edit."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from broadcaster.errors import ReadingUnusable
from broadcaster.model.pinyin import as_typed, is_syllable
from broadcaster.model.texts import ApprovedReading, Reading, ScriptName, Syllable
from broadcaster.model.words import Sentence

SUFFIX = ".reading.toml"
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*\n?|[。！？；!?;]+\n?")
LONGEST_NAME = 100
KEYS = frozenset({"text_sha256", "who", "at", "line"})
HEAD = """\
# 批准过的念法：播的时候照它念。稿子改了，它就不再算数。
# 一个字一个音：轻声写 5，ü 写 v，字母写它自己，标点没有音；\\n 是换段。改了这里，也就改了播出的念法。
# The approved reading: what is spoken. It no longer counts once the text of the script has changed.
# One syllable for each character: 5 is the neutral tone, v is ü, a letter stands for itself, punctuation has none;
# \\n begins a new paragraph.
"""


def text_hash(text: str) -> str:
    """What an approved reading binds to: the text as it is said, blanks filled."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def approved(reading: Reading, script: ScriptName, who: str, at: datetime) -> ApprovedReading:
    """*reading* as *who* approved it; characters of it that do not sound and are no punctuation are left out.

    Raises ReadingUnusable when it cannot be kept so that it comes back as it is.
    """
    found = ApprovedReading(
        script=script,
        text_sha256=text_hash(reading.text),
        spoken=sounding(reading),
        syllables=reading.syllables,
        who=" ".join(who.split())[:LONGEST_NAME],
        at=at.replace(microsecond=0),
    )
    if parse_reading(script, write_reading(found)) != found:
        raise ReadingUnusable(
            Sentence(
                "这个念法存不下来，请改一改稿子里少见的字。", "this reading cannot be kept: change its rare characters."
            )
        )
    return found


def as_reading(found: ApprovedReading, text: str) -> Reading:
    """The reading of *text*, for the voice."""
    return Reading(text=text, spoken=found.spoken, syllables=found.syllables)


def sounding(reading: Reading) -> str:
    """What is spoken, with only such letters as have a syllable: what is kept and compared."""
    left = list(reading.syllables)
    kept = []
    for char in reading.spoken:
        if left and left[0].char == char.upper():
            left.pop(0)
        elif char.isalnum() or not (char.isprintable() or char == "\n"):
            continue
        kept.append(char)
    return "\n".join(line.strip() for line in "".join(kept).split("\n") if line.strip())


def write_reading(found: ApprovedReading) -> str:
    """The text of the side file."""
    lines = [
        HEAD,
        f"text_sha256 = {_quoted(found.text_sha256)}",
        f"who = {_quoted(found.who)}",
        f"at = {found.at.isoformat(timespec='seconds')}",
    ]
    left = iter(found.syllables)
    for line in _SENTENCE.findall(found.spoken):
        pinyin = " ".join(next(left).pinyin for char in line if char.isalnum())
        lines += ["", "[[line]]", f"spoken = {_quoted(line)}", f"pinyin = {_quoted(pinyin)}"]
    return "\n".join(lines) + "\n"


def parse_reading(script: ScriptName, text: str) -> ApprovedReading:
    """Raises ReadingUnusable, with the place and what would be right."""
    return replace(_parsed(text), script=script)


# A folder is read anew after every change of one file, and the paper trail after every decision.
@lru_cache(maxsize=20_000)
def _parsed(text: str) -> ApprovedReading:
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(
            f"写得不对（{error}）。请照原来的样子写，引号用英文的。",
            f"it is not valid ({error}). Write it as it was, with straight quotes.",
        ) from error
    unknown = sorted(table.keys() - KEYS)
    if unknown:
        known = ("line", "text_sha256", "who", "at")
        raise _wrong(
            f"没有叫 '{unknown[0]}' 的一项。能写的有：{'、'.join(known)}。",
            f"there is no key called '{unknown[0]}'. Known: {', '.join(known)}.",
        )
    lines, syllables = _lines(table.get("line"))
    return ApprovedReading(
        script=ScriptName(""),
        text_sha256=_words(table, "text_sha256"),
        spoken="".join(lines).strip("\n"),
        syllables=tuple(syllables),
        who=_words(table, "who"),
        at=_instant(table.get("at")),
    )


def _lines(value: object) -> tuple[list[str], list[Syllable]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise _wrong("没有一行 [[line]]。", "it holds no [[line]].")
    lines: list[str] = []
    syllables: list[Syllable] = []
    for number, one in enumerate(value, start=1):
        line = _words(one, "spoken", f"line {number}.")
        lines.append(line)
        silent = not any(char.isalnum() for char in line)
        syllables += [] if silent else _syllables(number, line, _words(one, "pinyin", f"line {number}."))
    if not syllables:
        raise _wrong("里面没有可念的字。", "there is nothing to say in it.")
    return lines, syllables


def _syllables(number: int, line: str, pinyin: str) -> list[Syllable]:
    chars = [char for char in line if char.isalnum()]
    said = pinyin.split()
    if len(chars) != len(said):
        raise _wrong(
            f"第 {number} 行有 {len(chars)} 个字，却有 {len(said)} 个音。请一字一音。",
            f"line {number} has {len(chars)} characters but {len(said)} syllables. Write one syllable a character.",
        )
    return [_syllable(number, char, one) for char, one in zip(chars, said, strict=True)]


def _syllable(number: int, char: str, said: str) -> Syllable:
    if char.isdecimal():
        raise _wrong(
            f"第 {number} 行里有数字 '{char}'。念法里要写成汉字，比如“四万”。",
            f"line {number} holds the digit '{char}'. A reading is written in hanzi, for example 四万.",
        )
    if char.isascii() and said.upper() == char.upper():
        return _shared(char.upper(), char.upper())
    if not is_syllable(as_typed(said)):
        raise _wrong(
            f"第 {number} 行“{char}”的 '{said}' 不是带数字声调的拼音，比如 ying2。",
            f"line {number}: '{said}' for {char} is not pinyin with a tone number, as in ying2.",
        )
    return _shared(char.upper(), as_typed(said))


@lru_cache(maxsize=20_000)
def _shared(char: str, pinyin: str) -> Syllable:
    """One value for all places that sound the same, or thousands of readings fill the memory."""
    return Syllable(char, pinyin)


def _words(table: dict[str, Any], key: str, place: str = "") -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"'{place}{key}' 没有写。", f"'{place}{key}' is missing.")
    return value


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    raise _wrong(
        "'at' 要写成带时区的时间，比如 2026-11-24T07:30:00+08:00。",
        "'at' must be a time with its offset, for example 2026-11-24T07:30:00+08:00.",
    )


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON escapes are among its escapes, and what is kept is printable."""
    return json.dumps(text, ensure_ascii=False)


def _wrong(zh: str, en: str) -> ReadingUnusable:
    return ReadingUnusable(Sentence(zh, en))
