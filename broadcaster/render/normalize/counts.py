"""Every number that is left: heads of items, ordinals, 两 or 二, digits after letters, and plain counting."""

from __future__ import annotations

import re

from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.markup import HANZI
from broadcaster.render.normalize.numbers import DIGITS, as_code, number, one_by_one, ordinal
from broadcaster.render.normalize.words import COUNTED, NAMED_TWO, TWO_OF

_ROMAN = dict(zip("I II III IV V VI VII VIII IX X".split(), "一二三四五六七八九十", strict=True))  # noqa: SIM905
_ASK_ABOUT = Sentence("两个数中间的顿号，念成大概的数。", "Two neighbouring numbers are read as about so many.")
_TWO_NAMED = (
    r"年级|代身份|代社保|代证|代居民|次供水|次污染|次感染|次加工|次创业|次元|次函|寸照|寸免|期工程|期项目"
    r"|元一次|人转|道贩|把手|本院|本线|分之|点\d|等|级|线|季度|线路|病区|晚期"
)
"""Words in which 2 stays 二: 二年级, 二次供水, 二人转."""
_COUNTING = re.compile(r"(?:[分成共有每增设派了这前后各另含为辟编建盖]|组织|抽调) ?$")


def _item(match: re.Match[str]) -> str:
    return f"{ordinal(match[1] or match[2])}、"


def _inner_item(match: re.Match[str]) -> str:
    return f"，{ordinal(match[1])}、"


def _about(match: re.Match[str]) -> Said:
    """3、4个 is three or four; 1、3个 is a list."""
    first, second = match[1], match[2]
    if int(second) != int(first) + 1:
        return None
    said = ("两" if first == "2" else DIGITS[int(first)]) + ("两" if second == "2" else DIGITS[int(second)])
    return Unsure(reading=said, alternatives=(f"{DIGITS[int(first)]}、{DIGITS[int(second)]}",), why=_ASK_ABOUT)


def _named_two(match: re.Match[str]) -> Said:
    counted = _COUNTING.search(before(match)) or re.match("层[小高]?[楼高]", after(match))
    return "两" if counted else None


def _after_letters(match: re.Match[str]) -> str:
    """B12 → B十二, Q345 → Q三四五, H7N9 → H七N九."""
    digits = match[1]
    if "." in digits or (re.match(COUNTED, after(match)) and not digits.startswith("0")):
        return number(digits)
    if len(digits) < 3 and digits[0] != "0":
        return ordinal(digits)
    return one_by_one(digits) if re.fullmatch(r"(?:19|20)\d\d|0\d", digits) else as_code(digits)


def _number(match: re.Match[str]) -> str:
    """What nothing else has read; a leading zero says that it is no quantity."""
    text = match[0]
    if text[0] == "0" and len(text) > 1 and text[1] != ".":
        whole, point, decimals = text.partition(".")
        said = one_by_one(whole) if len(whole) == 2 else as_code(whole)
        return said + (f"点{one_by_one(decimals)}" if point else "")
    return number(text)


RULES = (
    rule("item head", r"^ ?(?:[(（](\d{1,2})[)）]|(\d{1,2})(?:[.)）、](?!\d))) ?[、.]? ?", _item),
    rule(
        "item head inside",
        rf"[ ]?[(（](\d{{1,2}})[)）] ?(?=[{HANZI}“《])|(?<=[：:；;。，,！？ ])(\d{{1,2}})[.)）] ?(?=[{HANZI}“《])",
        lambda m: f"，{ordinal(m[1] or m[2])}、",
    ),
    rule("item head in hanzi", r"^ ?[(（]([一二三四五六七八九十]{1,3})[)）] ?", lambda m: f"{m[1]}、", needs="(（"),
    rule("part in brackets", r"第[(（]([一二三四五六七八九十]{1,3}|\d{1,3})[)）]", lambda m: f"第{m[1]}", needs="(（"),
    rule(
        "item head of a letter",
        rf"( ?)(?<![A-Za-z.])([A-Za-z])[.)）](?=[{HANZI}“《])",
        lambda m: f"{'，' if m[1] else ''}{m[2]}、",
        needs=".)）",
    ),
    rule("number abbreviated", r"(?<![A-Za-z])N[oO]\.? ?(?=\d)", "第", needs="N"),
    rule(
        "roman number",
        r"(?<![A-Za-z])(I{1,3}|IV|VI{1,3}|IX|V(?=级))(?=级|型|类|期|度)",
        lambda m: _ROMAN[m[1]],
        needs="IV",
    ),
    rule(
        "ordinal",
        r"(?<=第) ?(\d+)(?![\d.])",
        lambda m: ordinal(m[1]) if len(m[1]) < 2 or m[1][0] != "0" else one_by_one(m[1]),
    ),
    rule(
        "about so many", rf"(?<![\d.、第])([1-9])[、,，]([1-9])(?=(?:{TWO_OF})(?!级|月))(?!年级)", _about, needs="、,，"
    ),
    rule(
        "two in a range",
        rf"(?<![\d.第初])2(?=[到至]\d{{1,6}}(?:\.\d{{1,3}})? ?(?:{TWO_OF}))(?![到至]\d{{1,6}}(?:{_TWO_NAMED}))",
        "两",
        needs="2",
    ),
    rule("two", rf"(?<![\d.第初])2(?=[ ]?[多余]?(?:{TWO_OF}))(?!{_TWO_NAMED})", "两", needs="2"),
    rule("two of a name", rf"(?<![\d.第初])2(?=(?:{NAMED_TWO})(?!工程|项目))", _named_two, needs="2"),
    rule("after letters", r"(?<=[A-Za-z])[-.]?(\d+(?:\.\d+)?)", _after_letters),
    rule("space between numbers", r"(?<=\d) (?=\d)", "，"),
    rule("numbered", r"(?<![\d.])([1-9]\d{0,3})(?=[号楼])", lambda m: ordinal(m[1])),
    rule("number", r"\d+(?:\.\d+)?", _number),
)
