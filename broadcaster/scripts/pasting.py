"""Text as it comes out of WeChat, Word or a web page → text for a script, and what was taken out. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.model.words import Sentence

_TAG = re.compile(
    r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1\s*>|</?[a-zA-Z][^<>\n]{0,500}>", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr)\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_STICKER = re.compile(r"\[(?:[一-龥]{1,4}|[A-Z][A-Za-z]{2,12})\]")
"""WeChat writes its stickers so: ``[微笑]``, ``[Smile]``."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
"""Full-width digits and letters; full-width punctuation is Chinese punctuation."""
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BETWEEN_HANZI = re.compile(r"(?<=[\u3400-\u9fff，。！？；：、]) (?=[\u3400-\u9fff，。！？；：、])")
_INVISIBLE = frozenset({"Cf", "Co", "Cn", "Cs"})
_BULLET = re.compile(r"^[•●○■□▪◆◇★☆➤✓✔·*]+[ \t]*", re.MULTILINE)
_MANY_BREAKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    text: str
    changes: tuple[Sentence, ...] = ()
    """What was taken out or changed, one sentence for each kind. Empty: the text is as it was."""


def clean(text: str) -> Cleaned:
    """The words of *text* without what cannot be spoken. Cleaning twice changes nothing more."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    changes: list[Sentence] = []
    for step, told in _STEPS:
        made, count = step(text)
        if made != text and count:
            changes.append(told(count))
        text = made
    text = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return Cleaned(text=_MANY_BREAKS.sub("\n\n", text).strip(), changes=tuple(changes))


def _markup(text: str) -> tuple[str, int]:
    count = 0
    while True:  # what is left of a tag within a tag is one again
        broken = _BREAK.sub("\n", text)
        made, found = _TAG.subn("", broken)
        if made == text:
            break
        text, count = made, count + max(found, 1)
    return text, count


def _entities(text: str) -> tuple[str, int]:
    made, count = text, 0
    for _ in range(3):  # &amp;lt; stands for &lt;
        found = len(_ENTITY.findall(made))
        if not found:
            break
        made, count = html.unescape(made), count + found
    return (_markup(made)[0] if count else made), count


def _unseen(text: str) -> tuple[str, int]:
    kept = [
        char
        for char in text
        if char in "\n\t" or not (unicodedata.category(char) in _INVISIBLE or char < " " or char == "\x7f")
    ]
    return "".join(kept), len(text) - len(kept)


def _pictures(text: str) -> tuple[str, int]:
    made, stickers = _STICKER.subn("", text)
    kept = [char for char in made if not _is_picture(char)]
    return "".join(kept), stickers + len(made) - len(kept)


def _is_picture(char: str) -> bool:
    code = ord(char)
    is_drawn = 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or 0x2B00 <= code <= 0x2BFF
    return is_drawn or 0xFE00 <= code <= 0xFE0F or code == 0x20E3


def _wide(text: str) -> tuple[str, int]:
    made = text.translate(_WIDE)
    return made, sum(before != after for before, after in zip(text, made, strict=True))


def _spaces(text: str) -> tuple[str, int]:
    found = len(re.findall(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", text))
    single = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    made, between = _BETWEEN_HANZI.subn("", single)
    return made, found + between


def _bullets(text: str) -> tuple[str, int]:
    return _BULLET.subn("", text)


_Step = Callable[[str], tuple[str, int]]
_Told = Callable[[int], Sentence]
_STEPS: tuple[tuple[_Step, _Told], ...] = (
    (_markup, lambda n: Sentence(f"去掉了 {n} 处网页的代码", f"{n} piece(s) of page code were taken out")),
    (_entities, lambda n: Sentence(f"把 {n} 处网页的代号换成了字", f"{n} code(s) of a page became characters")),
    (_unseen, lambda n: Sentence(f"去掉了 {n} 个看不见的字符", f"{n} invisible character(s) were taken out")),
    (_pictures, lambda n: Sentence(f"去掉了 {n} 个表情和图案", f"{n} emoji and sign(s) were taken out")),
    (_bullets, lambda n: Sentence(f"去掉了 {n} 个行首的点", f"{n} bullet(s) were taken out")),
    (
        _wide,
        lambda n: Sentence(f"把 {n} 个全角的数字和字母换成了半角", f"{n} wide digit(s) and letter(s) became plain"),
    ),
    (_spaces, lambda n: Sentence(f"去掉了 {n} 处多余的空格", f"{n} needless space(s) were taken out")),
)
