"""Text → tables, or what is wrong with the text as TOML, told so that a clerk finds the place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown

LONGEST_FILE = 1_000_000
"""Characters; 2,000 slots need about half of it."""

# Dotted keys cost the square of their parts to read; nobody writes thirty.
_NESTING_BOMB = re.compile(r"(?<![\w\"'-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){30}")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'[^']*+'")
_WIDE_QUOTES = "“”‘’"
_WIDE_SIGNS = "＝［］，、：【】（）＃"
MOST_SLIPS = 20


def read_tables(text: str) -> dict[str, object] | tuple[Sentence, ...]:
    """The tables of the file, or why there are none.

    Slips that spoil their own line only are told all at once, up to the first that spoils more.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST_FILE:
        return (_too_long(len(text)),)
    if _NESTING_BOMB.search(text) is not None:
        return (_TOO_DEEP,)
    lines = text.split("\n")
    slips: list[Sentence] = []
    while len(slips) < MOST_SLIPS:
        try:
            tables = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            slip = _slip(lines, str(error))
            slips.append(slip.what)
            if not slip.is_alone:
                break
            lines[slip.line - 1] = ""
        except RecursionError:
            return (*slips, _TOO_DEEP)
        # Numbers of thousands of digits.
        except ValueError:
            return (*slips, _ABSURD_NUMBER)
        else:
            return tuple(slips) or tables
    return tuple(slips)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slip:
    """What is wrong in one line."""

    line: int
    what: Sentence
    is_alone: bool
    """Whether the other lines can be read without it."""


def _slip(lines: list[str], error: str) -> _Slip:
    found = _PLACE.fullmatch(error)
    what = found[1] if found is not None else error
    if found is not None and found[2] is not None:
        number, place = int(found[2]), int(found[3])
    elif what.startswith("Cannot"):
        number, place = _last_written(lines), 1
    else:
        unfinished = Sentence(
            "到文件末尾还没有写完：多半少了一个引号或括号。请看最后一段。",
            f"the file ends in the middle of something ({what}). "
            "A quote or a bracket is missing; look at the last lines.",
        )
        return _Slip(line=len(lines), what=unfinished, is_alone=False)
    text = lines[number - 1].strip() if number <= len(lines) else ""
    remedy = _known_remedy(text, what)
    is_alone = remedy is not None and "declare" not in what
    remedy = remedy or Sentence(
        f'每行写成 名称 = 值，文字和时间用英文引号括起来，例如 at = "07:30"。（{what}）',
        f'Write key = value on each line, text and times in straight quotes, for example at = "07:30". ({what})',
    )
    told = Sentence(
        f"第 {number} 行第 {place} 个字写得不对：{shown(text)}。{remedy.zh}",
        f"line {number}, column {place} is not valid: {shown(text)}. {remedy.en}",
    )
    return _Slip(line=number, what=told, is_alone=is_alone)


def _last_written(lines: list[str]) -> int:
    return max((number for number, line in enumerate(lines, start=1) if line.strip()), default=1)


def _known_remedy(line: str, what: str) -> Sentence | None:
    """What people usually did; None when this is none of the usual slips."""
    bare = _QUOTED.sub("", line).partition("#")[0]
    if any(sign in bare for sign in _WIDE_QUOTES) or (
        '"' not in bare and "'" not in bare and any(sign in bare for sign in _WIDE_SIGNS)
    ):
        return _PLAIN_SIGNS
    if '"' in bare or "'" in bare:
        return _MISSING_QUOTE
    if what.startswith("Cannot"):
        return _TWICE
    if "date or datetime" in what:
        return _NO_SUCH_DATE
    if "=" in bare and not bare.partition("=")[0].isascii():
        return _CHINESE_KEY
    return None


_PLAIN_SIGNS = Sentence(
    "引号、等号、括号、逗号要用英文的（半角）。",
    "Use straight quotes and the plain signs = [ ] , of an English keyboard.",
)
_MISSING_QUOTE = Sentence("少了一个引号：前后要各一个。", "A quote is missing: write one before and one after.")
_TWICE = Sentence("同一项写了两次，请去掉一个。", "The same thing is there twice; take one out.")
_NO_SUCH_DATE = Sentence("日历上没有这个日期或时间。", "There is no such date or time.")
_CHINESE_KEY = Sentence(
    '等号前面的汉字要加英文引号，例如 "大营村" = "da4 ying2 cun1"。',
    'Chinese words before = need straight quotes, for example "大营村" = "da4 ying2 cun1".',
)
_TOO_DEEP = Sentence(
    "括号或点号套得太深，不像节目表。请拿备份的文件换回来。",
    "brackets or dots are nested too deep; that is no timetable. Put a copy of the old file back.",
)
_ABSURD_NUMBER = Sentence(
    "里面有一个长得离谱的数。请找出来改短。", "there is a number of absurd length in it. Find and shorten it."
)


def _too_long(characters: int) -> Sentence:
    return Sentence(
        f"文件有 {characters} 个字，最多 {LONGEST_FILE} 个，不像节目表。请拿备份的文件换回来。",
        f"the file has {characters} characters, at most {LONGEST_FILE} are allowed; that is no timetable. "
        "Put a copy of the old file back.",
    )
