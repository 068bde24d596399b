"""The few lines of TOML between two lines of ``+++`` at the top of a script → Header."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Protocol

from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Sentence, Severity

FENCE = "+++"
KINDS = ("study", "policy", "leaderboard", "notice", "emergency")
KEYS = ("title", "kind", "voice", "recording", "expires", "author")
LONGEST_HEADER = 4_000
LONGEST_VALUE = 100
"""Characters of a title, a voice or an author."""


class Complain(Protocol):
    """Takes down one thing that is wrong."""

    def __call__(self, what: Sentence, severity: Severity = Severity.ERROR, path: str = "") -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    title: str
    voice: str = ""
    recording: str = ""
    author: str = ""
    expires: date | None = None


def split_header(text: str) -> tuple[str, str] | None:
    """Header and body; the header is empty when the text has none. None: a header begins and never ends."""
    if text.partition("\n")[0].rstrip() != FENCE:
        return "", text
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None


def read_header(text: str, name: ScriptName, complain: Complain) -> Header:
    """What the header says. Whatever is wrong in it is complained of, and left at its default."""
    folder, _, stem = name.partition("/")
    table = _table(text, complain)
    for key in table.keys() - set(KEYS):
        _complain_of_key(key, complain)
    _check_kind(_words(table, "kind", complain), folder, complain)
    return Header(
        title=_words(table, "title", complain) or stem,
        voice=_words(table, "voice", complain),
        recording=_recording(_words(table, "recording", complain), complain),
        author=_words(table, "author", complain),
        expires=_expires(table.get("expires"), complain),
    )


def _table(text: str, complain: Complain) -> Mapping[str, object]:
    if len(text) > LONGEST_HEADER:
        complain(
            Sentence(
                f"开头的说明有 {len(text)} 个字，最多 {LONGEST_HEADER} 个。要念的话请写在第二行 +++ 的下面。",
                f"the header has {len(text)} characters, at most {LONGEST_HEADER} are allowed. "
                "Write what is to be spoken below the second line of +++.",
            )
        )
        return {}
    try:
        return tomllib.loads(text)
    # Values nested a thousand deep end in RecursionError, numbers of thousands of digits in ValueError.
    except (ValueError, RecursionError) as error:
        complain(
            Sentence(
                f'开头的说明写得不对（{error}，从 +++ 的下一行数起）。每行写成：title = "题目"，引号用英文的。',
                f"the header is not valid ({error}, counted from the line after +++). "
                'Write each line like: title = "words", with straight quotes.',
            )
        )
        return {}


def _complain_of_key(key: str, complain: Complain) -> None:
    close = get_close_matches(key, KEYS, n=1)
    complain(
        Sentence(
            f"没有叫 '{key}' 的说明。" + (f"是不是 '{close[0]}'？" if close else "") + f"能写的有：{'、'.join(KEYS)}。",
            f"there is no key called '{key}'."
            + (f" Did you mean '{close[0]}'?" if close else "")
            + f" Known: {', '.join(KEYS)}.",
        ),
        Severity.WARNING,
        key,
    )


def _words(table: Mapping[str, object], key: str, complain: Complain) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        complain(
            Sentence(
                f"'{value}' 不是文字。请加上引号，比如 {key} = \"…\"。",
                f"'{value}' is not text. Put it in quotes, for example {key} = \"…\".",
            ),
            Severity.ERROR,
            key,
        )
        return ""
    words = " ".join(value.split())
    if len(words) > LONGEST_VALUE:
        complain(
            Sentence(
                f"有 {len(words)} 个字，太长，只留前 {LONGEST_VALUE} 个。",
                f"{len(words)} characters are too many; the first {LONGEST_VALUE} are kept.",
            ),
            Severity.WARNING,
            key,
        )
    return words[:LONGEST_VALUE]


def _recording(file: str, complain: Complain) -> str:
    """The name of a file right in ``audio/recordings/``; without it the words are spoken."""
    if not any(sign in file for sign in "/\\:") and not file.startswith("."):
        return file
    complain(
        Sentence(
            f"'{file}' 不是文件名。只写 audio/recordings/ 里的文件名，不写路径，例如 'cunzhang.m4a'。"
            "现在先由合成的声音来念。",
            f"'{file}' is not a file name. Write only the name of a file in audio/recordings/, no path, "
            "for example 'cunzhang.m4a'. Until then a voice speaks.",
        ),
        Severity.WARNING,
        "recording",
    )
    return ""


def _check_kind(kind: str, folder: str, complain: Complain) -> None:
    """A folder of a known kind holds that kind only; a folder of the owner's own may hold any."""
    expected = (folder,) if folder in KINDS else (*KINDS, folder)
    if not kind or kind in expected:
        return
    close = get_close_matches(kind, expected, n=1)
    hint = close[0] if close else expected[0]
    if folder in KINDS and kind in KINDS:
        sentence = Sentence(
            f"写的是 '{kind}'，文件却在 '{folder}' 文件夹里。请改成 '{folder}'，或者把文件移到 '{kind}'。",
            f"it says '{kind}', but the file is in the folder '{folder}'. "
            f"Write '{folder}', or move the file to '{kind}'.",
        )
    else:
        sentence = Sentence(
            f"没有叫 '{kind}' 的类别。是不是 '{hint}'？能写的有：{'、'.join(expected)}。",
            f"there is no kind called '{kind}'. Did you mean '{hint}'? Known: {', '.join(expected)}.",
        )
    complain(sentence, Severity.ERROR, "kind")


def _expires(value: object, complain: Complain) -> date | None:
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    # An error, not a warning: without its last day a notice would go on for ever.
    complain(
        Sentence(
            f"'{value}' 不是日期。请写成年-月-日，比如 2026-12-03。",
            f"'{value}' is not a date. Write year-month-day, for example 2026-12-03.",
        ),
        Severity.ERROR,
        "expires",
    )
    return None
