"""Numbers as people say them: cardinals with 万 and 亿, digit by digit, decimals."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
_SMALL = ("", "十", "百", "千")
_LARGE = ("", "万", "亿", "万亿")
MOST_DIGITS = 16


def one_by_one(digits: str) -> str:
    """Years and places after the point: 2026 → 二零二六."""
    return "".join(DIGITS[int(digit)] if digit.isdigit() else digit for digit in digits)


def over_the_phone(digits: str) -> str:
    """Numbers that are dialled or typed: 1 is 幺. 110 → 幺幺零."""
    return one_by_one(digits).replace("一", "幺")


def cardinal(digits: str) -> str:
    """41200 → 四万一千二百, 101 → 一百零一, 2000 → 两千. Beyond 16 digits one by one."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        return one_by_one(digits)
    if digits == "0":
        return "零"
    said, needs_zero = "", False
    groups = [digits[max(0, end - 4) : end] for end in range(len(digits), 0, -4)][::-1]
    for place, group in zip(range(len(groups) - 1, -1, -1), groups, strict=True):
        number = int(group)
        if number == 0:
            needs_zero = bool(said)
            continue
        if said and (needs_zero or number < 1000):
            said += "零"
        needs_zero = False
        said += _below_ten_thousand(number) + _LARGE[place]
    if said.startswith("一十"):
        said = said[1:]
    if said[:2] in ("二百", "二千", "二万", "二亿"):
        said = "两" + said[1:]
    return said


def decimal(whole: str, places: str) -> str:
    """12.50 → 十二点五零."""
    return f"{cardinal(whole).replace('两', '二')}点{one_by_one(places)}"


def number(text: str) -> str:
    """A cardinal or a decimal."""
    whole, point, places = text.partition(".")
    return decimal(whole, places) if point else cardinal(whole)


def _below_ten_thousand(value: int) -> str:
    said, zero = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            zero = zero or bool(said)
            continue
        if zero:
            said += "零"
            zero = False
        said += DIGITS[digit] + _SMALL[place]
    return said
