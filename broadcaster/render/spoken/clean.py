"""A text as it was typed → plain characters: full width, invisible marks, emoji and markup."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f\ud800-\udfff]"
)
MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>|\*\*|__|```|`|^#{1,6} |^[*-] ", re.MULTILINE)
_KEPT = "，。！？：；（）、“”‘’《》〈〉【】〔〕—…·￥℃㎡㎥㎏㎜㎝㎞±≥≤×÷～%‰°²³"
_SIGNS = {
    "㎡": "m²", "㎥": "m³", "㎏": "kg", "㎜": "mm", "㎝": "cm", "㎞": "km",
    "〜": "~", "～": "~", "―": "—", "﹣": "-", "−": "-",
}  # fmt: skip
_MARKS = {
    ",": "，",
    ";": "；",
    "?": "？",
    "!": "！",
    "(": "（",
    ")": "）",
    "[": "（",
    "]": "）",
    "【": "（",
    "】": "）",
}
_HALF_WIDTH = 0xFEE0


def cleaned(text: str) -> tuple[str, list[str]]:
    """Plain text, and what was dropped because nobody can say it."""
    dropped: list[str] = []
    out = []
    for written in MARKUP.sub("", INVISIBLE.sub("", text)):
        character = _SIGNS.get(written, written)
        if character not in _KEPT and "\uff01" <= character <= "\uff5e":
            character = chr(ord(character) - _HALF_WIDTH)
        if _is_picture(character):
            dropped.append(character)
        else:
            out.append(character)
    return "".join(out), dropped


def marked(text: str) -> str:
    """Punctuation as Chinese has it: half-width marks beside hanzi become full-width ones."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = "".join(_MARKS.get(character, character) for character in text)
    text = re.sub(r"(?<![0-9A-Za-z])\.|\.(?![0-9A-Za-z])", "。", text)
    return re.sub(r"(?<!\d)\s*:|:(?!\d)", "：", text)


def _is_picture(character: str) -> bool:
    if character in _KEPT or character in "+-=<>~|^$@#&*/\\":
        return False
    is_sign = unicodedata.category(character) in ("So", "Sk", "Cn", "Co", "Cs")
    return is_sign and not "\u2e80" <= character <= "\u2fdf"
