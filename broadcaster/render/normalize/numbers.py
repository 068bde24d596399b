"""Digits → the hanzi that are said: as a quantity, or one by one."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
_PLACES = ("千", "百", "十", "")
_GROUPS = ("", "万", "亿", "万亿")
LONGEST_QUANTITY = 16
"""More digits than this are no quantity that anybody can follow; they are said one by one."""


def one_by_one(text: str) -> str:
    """``2024`` → 二零二四; what is no digit stays."""
    return "".join(DIGITS[int(char)] if char in "0123456789" else char for char in text)


def as_code(text: str) -> str:
    """``110`` → 幺幺零, as telephone numbers are said; what is no digit stays."""
    return one_by_one(text.replace("1", "幺"))


def ordinal(digits: str) -> str:
    """A whole number in which 2 is always 二: ``41200`` → 四万一千二百, ``200`` → 二百."""
    plain = digits.lstrip("0")
    if not plain:
        return "零"
    if len(plain) > LONGEST_QUANTITY:
        return one_by_one(plain)
    said = _groups(plain)
    return said[1:] if said.startswith("一十") else said


def quantity(digits: str) -> str:
    """A whole number that counts: ``200`` → 两百, ``220`` → 二百二十, ``20000`` → 两万, ``2`` → 二."""
    said = ordinal(digits)
    is_two = said[:2] in ("二千", "二万", "二亿") or said in ("二百", "二百万", "二百亿")
    return f"两{said[1:]}" if is_two else said


def number(text: str) -> str:
    """A number as written, perhaps with a decimal part: ``12.50`` → 十二点五零, ``200`` → 两百."""
    whole, point, decimals = text.partition(".")
    return f"{quantity(whole)}点{one_by_one(decimals)}" if point and decimals else quantity(whole)


def _groups(plain: str) -> str:
    """Groups of four digits with 万 and 亿 between them, and one 零 for any run of zeros inside."""
    padded = "0" * (-len(plain) % 4) + plain
    groups = [padded[at : at + 4] for at in range(0, len(padded), 4)]
    said = ""
    gap = False
    for at, group in enumerate(groups):
        if group == "0000":
            gap = True
            continue
        name = _GROUPS[len(groups) - 1 - at]
        if name == "亿":
            said = said.replace("万亿", "万")
        said += ("零" if said and (gap or group[0] == "0") else "") + _four(group) + name
        gap = False
    return said


def _four(group: str) -> str:
    said = ""
    gap = False
    for digit, place in zip(group, _PLACES, strict=True):
        if digit == "0":
            gap = bool(said)
            continue
        said += ("零" if gap else "") + DIGITS[int(digit)] + place
        gap = False
    return said
