"""What people paste → plain characters: widths folded, shapes made ordinary, what makes no sound taken out.

One character at a time; what needs its neighbours to be understood is in ``markup``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_FOLDED = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    char: said
    for chars, said in (
        ("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\r\u2028\u2029\u0085\x0b\x0c", "\n"),
        ("﹣−‐‑‒–─━﹘⁃", "-"),
        ("―⸺", "—"),
        ("〜∼˜﹏～", "~"),
        ("﹪", "%"),
        ("∶︰", ":"),
        ("⁄∕", "/"),
        ("´‘’＇`", "'"),
        ("′", "′"),
        ("″", "″"),
        ("￥", "¥"),
        ("￡", "£"),
        ("º˚", "°"),
        ("µ", "μ"),
        ("Ω", "Ω"),
        ("‧・･•∙⋅●○◆◇■□▪▫▶►★☆※◎▲△▼", "·"),
        ("﹢", "+"),
        ("✕✖╳⨯", "×"),
        ("≧⩾≥", "≥"),
        ("≦⩽≤", "≤"),
        ("﹤", "<"),
        ("﹥", ">"),
        ("﹦", "="),
        ("﹑", "、"),
        ("｡", "。"),
        ("〇", "零"),
        ("\u20e3", "、"),
        ("│┃｜¦", "|"),
        ("➔➜➡⇒⟶⇨", "→"),
        ("…⋯", "…"),
        ("〖〘〚", "【"),
        ("〗〙〛", "】"),
    )
    for char in chars
}
_KEPT_WIDE = "，！？：；（）"
_SQUARED = {
    "㎜": "mm", "㎝": "cm", "㎞": "km", "㎎": "mg", "㎏": "kg", "㎡": "m²", "㎥": "m³", "㎖": "ml", "㏄": "cc",
    "㎢": "km²", "㎠": "cm²",
    "㎟": "mm²", "㎤": "cm³", "㎾": "kW", "㎐": "Hz", "㎒": "MHz", "㎪": "kPa", "㎫": "MPa", "№": "号", "℡": "电话",
}  # fmt: skip
_ROMAN = dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ", "一 二 三 四 五 六 七 八 九 十 十一 十二".split() * 2, strict=True))  # noqa: SIM905
_GREEK = dict(zip("αβγδπω", "阿尔法 贝塔 伽马 德尔塔 派 欧米伽".split(), strict=True))  # noqa: SIM905
_AS_WRITTEN = "℃℉⁰¹²³⁴⁵⁶⁷⁸⁹°μΩ½¼¾⅓⅔⅕⅖⅗⅘⅙⅛"
_SILENT = "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u180e"
"""Joiners, soft hyphens and marks of direction that change nothing to be read."""


@lru_cache(maxsize=4096)
def plain(char: str) -> str:
    """What stands for one character as written; empty if it makes no sound and no pause."""
    for shapes in (_SQUARED, _ROMAN, _GREEK):
        if char in shapes:
            return shapes[char]
    if char in _FOLDED and char not in _KEPT_WIDE:
        return _FOLDED[char]
    if " " <= char <= "~" or "\u4e00" <= char <= "\u9fff" or char in _AS_WRITTEN or char in "\n\t":
        return char
    category = unicodedata.category(char)
    if char in _SILENT or category in ("Mn", "Me", "Mc"):
        return ""
    if category[0] == "L" or "\u2e80" <= char <= "\u2fdf" or category in ("Nd", "No", "Nl"):
        return _letter_or_digit(char, category)
    return char


def _letter_or_digit(char: str, category: str) -> str:
    """Digits and letters of other shapes as ordinary ones: ٣ é ㏒. Circled numbers and the rest stay."""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if (
        category == "No"
        and unicodedata.numeric(char, -1) > 0
        and not unicodedata.decomposition(char).startswith("<super")
    ):
        return char
    simple = unicodedata.normalize("NFKD", char)
    bare = "".join(piece for piece in simple if not unicodedata.combining(piece))
    return bare if all(" " <= piece <= "~" or "\u4e00" <= piece <= "\u9fff" for piece in bare) else char
