"""Spoken hanzi → numbered pinyin. pypinyin, over it the shipped lexicon, over that the station's own readings. Pure.

Third-tone sandhi is left to the voice; only 一 and 不 change here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any

from broadcaster.model.texts import Syllable

HANZI = re.compile(r"[\u3400-\u9fff\u3007\U00020000-\U0003ffff]")
_SOUNDS = re.compile(r"[\u3400-\u9fff\u3007\U00020000-\U0003ffffA-Za-z]")
_NUMERALS = "零〇一二三四五六七八九十百千万亿两幺"
_ADDRESSED = "书记|主任|会计|大夫|医生|老师|支书|村长|主席|组长|队长|先生|女士|同志|大爷|大妈|大叔|大婶|师傅|某|家"
_COMPLEMENT = re.compile(
    r"(?<=[一-龥])得(?=[很太更最不这那吓稳远越细严多快好明难越清牢舒有比跟像非特真十挺可够大小高低早晚早紧满全干净透直])"
)
_HAVE_TO = re.compile(r"(?<=[就还也都总又可非要才得])得(?=[^很太更最不了过到])")


def syllables(spoken: str, lexicon: Iterable[tuple[str, str]] = ()) -> tuple[Syllable, ...]:
    """One for each character of *spoken* that sounds, in order. *lexicon*: word and numbered pinyin, wins over all."""
    readings = _dictionary(spoken)
    _surnames(spoken, readings)
    _particles(spoken, readings)
    _apply(spoken, readings, _shipped())
    own = {word: tuple(pinyin.split()) for word, pinyin in lexicon}
    fixed = _apply(spoken, readings, own) if own else set()
    _sandhi(spoken, readings, fixed)
    return tuple(Syllable(char.upper(), readings[place]) for place, char in enumerate(spoken) if _SOUNDS.match(char))


def _dictionary(spoken: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    readings = [""] * len(spoken)
    for run in re.finditer(rf"{HANZI.pattern}+", spoken):
        said = lazy_pinyin(
            run[0],
            style=Style.TONE3,
            neutral_tone_with_five=True,
            tone_sandhi=False,
            errors=_unknown,
        )
        for place, one in zip(range(run.start(), run.end()), said, strict=True):
            readings[place] = one
    for place, char in enumerate(spoken):
        if not readings[place] and char.isascii() and char.isalpha():
            readings[place] = char.upper()
    return readings


def _unknown(text: str) -> Any:
    """pypinyin takes a list for a run that it does not know, one reading for each character."""
    return ["a5" for _ in text]


def _apply(spoken: str, readings: list[str], words: dict[str, tuple[str, ...]]) -> set[int]:
    """Write the readings of the longest words over what is there; the places that were written."""
    longest = max(map(len, words), default=0)
    written: set[int] = set()
    place = 0
    while place < len(spoken):
        for length in range(min(longest, len(spoken) - place), 0, -1):
            found = words.get(spoken[place : place + length])
            if found is not None and len(found) == length:
                readings[place : place + length] = found
                written.update(range(place, place + length))
                place += length
                break
        else:
            place += 1
    return written


def _surnames(spoken: str, readings: list[str]) -> None:
    for surname, said in _surname_table().items():
        for found in re.finditer(
            rf"(?<![一-龥]){surname}(?=[一-龥]{{1,2}}(?![一-龥])|{_ADDRESSED})|{surname}(?={_ADDRESSED})", spoken
        ):
            readings[found.start() : found.end()] = said


def _particles(spoken: str, readings: list[str]) -> None:
    for found in _COMPLEMENT.finditer(spoken):
        readings[found.start()] = "de5"
    for found in _HAVE_TO.finditer(spoken):
        readings[found.start()] = "dei3"
    for found in re.finditer(rf"为(?=[{_NUMERALS}])", spoken):
        readings[found.start()] = "wei2"
    for found in re.finditer(r"地(?=[一-龥]{1,2})(?<=[^土田工基当本各外内陆场草山天大菜]地)", spoken):
        before = spoken[max(0, found.start() - 2) : found.start()]
        if len(before) == 2 and before[0] == before[1]:
            readings[found.start()] = "de5"


def _sandhi(spoken: str, readings: list[str], fixed: set[int]) -> None:
    """一 is yi2 before a fourth tone and yi4 before the others, but yi1 in numbers and ordinals; 不 is bu2."""
    for place, char in enumerate(spoken):
        if place in fixed:
            continue
        after = readings[place + 1] if place + 1 < len(spoken) else ""
        tone = after[-1:] if after and HANZI.match(spoken[place + 1]) else ""
        if char == "不" and readings[place][:2] == "bu" and readings[place] != "bu5":
            readings[place] = "bu2" if tone == "4" else "bu4"
        elif char == "一":
            readings[place] = _yi(spoken, place, tone)


def _yi(spoken: str, place: int, tone: str) -> str:
    before = spoken[place - 1] if place else ""
    after = spoken[place + 1 : place + 2]
    if before == spoken[place + 1 : place + 2] and before and before not in _NUMERALS:
        return "yi5"
    counts_on = before in tuple(_NUMERALS) and before not in "万亿千百零"
    starts_digits = after in tuple(_NUMERALS) and after not in "百千万亿"
    names_a_day = after in ("月", "号", "日") or before in ("期", "周")
    if before in ("第", "初") or counts_on or starts_digits or names_a_day or not tone:
        return "yi1"
    if before in "零百千" and after in ("", "。"):
        return "yi1"
    return "yi2" if tone == "4" else "yi4"


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[str, ...]]:
    return _table("lexicon.tsv")


@lru_cache(maxsize=1)
def _surname_table() -> dict[str, tuple[str, ...]]:
    return _table("surnames.tsv")


def _table(name: str) -> dict[str, tuple[str, ...]]:
    text = resources.files("broadcaster.render.spoken").joinpath(name).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {word: tuple(said.split()) for word, said in rows}
