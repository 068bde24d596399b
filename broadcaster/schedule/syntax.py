"""Text → tables, or what is wrong with the text as TOML, told so that a clerk finds the place."""

from __future__ import annotations

import re
import tomllib

from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown

LONGEST_FILE = 1_000_000
"""Characters; 2,000 slots need about half of it."""

# Dotted keys cost the square of their parts to read; nobody writes thirty.
_NESTING_BOMB = re.compile(r"(?<![\w\"'-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){30}")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_WIDE_SIGNS = "“”‘’＝［］，：【】"


def read_tables(text: str) -> dict[str, object] | Sentence:
    """The tables of the file, or why there are none."""
    if len(text) > LONGEST_FILE:
        return Sentence(
            f"文件有 {len(text)} 个字，最多 {LONGEST_FILE} 个，不像节目表。请拿备份的文件换回来。",
            f"the file has {len(text)} characters, at most {LONGEST_FILE} are allowed; that is no timetable. "
            "Put a copy of the old file back.",
        )
    if _NESTING_BOMB.search(text) is not None:
        return _too_deep()
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _broken(text, str(error))
    except RecursionError:
        return _too_deep()
    # Numbers of thousands of digits.
    except ValueError:
        return Sentence(
            "里面有一个长得离谱的数。请找出来改短。", "there is a number of absurd length in it. Find and shorten it."
        )


def _broken(text: str, error: str) -> Sentence:
    found = _PLACE.fullmatch(error)
    what = found[1] if found else error
    if found is not None and found[2] is None and what.startswith("Cannot"):
        number, column = text.rstrip().count("\n") + 1, 1
    elif found is None or found[2] is None:
        return Sentence(
            "到文件末尾还没有写完：多半少了一个引号或括号。请看最后一段。",
            f"the file ends in the middle of something ({what}). "
            "A quote or a bracket is missing; look at the last lines.",
        )
    else:
        number, column = int(found[2]), int(found[3])
    line = text.split("\n")[number - 1].strip()
    zh, en = _remedy(line, what)
    return Sentence(
        f"第 {number} 行第 {column} 个字写得不对：{shown(line)}。{zh}",
        f"line {number}, column {column} is not valid: {shown(line)}. {en}",
    )


def _remedy(line: str, what: str) -> tuple[str, str]:
    before_equals = line.partition("=")[0]
    if any(sign in line.partition("#")[0] for sign in _WIDE_SIGNS):
        return (
            "引号、等号、括号、逗号要用英文的（半角）。",
            "Use straight quotes and the plain signs = [ ] , of an English keyboard.",
        )
    if "overwrite" in what or "twice" in what or "Cannot declare" in what:
        return "同一项写了两次，请去掉一个。", "The same thing is there twice; take one out."
    if "date or datetime" in what:
        return "日历上没有这个日期或时间。", "There is no such date or time."
    if "=" in line and not before_equals.strip().strip("\"'").isascii():
        return (
            '等号前面的汉字要加英文引号，例如 "大营村" = "da4 ying2 cun1"。',
            'Chinese words before = need straight quotes, for example "大营村" = "da4 ying2 cun1".',
        )
    return (
        f'每行写成 名称 = 值，文字和时间用英文引号括起来，例如 at = "07:30"。（{what}）',
        f'Write key = value on each line, text and times in straight quotes, for example at = "07:30". ({what})',
    )


def _too_deep() -> Sentence:
    return Sentence(
        "括号或点号套得太深，不像节目表。请拿备份的文件换回来。",
        "brackets or dots are nested too deep; that is no timetable. Put a copy of the old file back.",
    )
