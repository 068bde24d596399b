"""What is measured: money, percent, temperature, and numbers with a unit."""

from __future__ import annotations

import re

from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.numbers import number, one_by_one, ordinal
from broadcaster.render.normalize.words import (
    CURRENCIES,
    CURRENCY,
    PER_WHAT,
    UNIT,
    UNIT_AFTER_A_SLASH,
    UNITS,
    UNITS_AFTER_A_SLASH,
)

N = r"\d+(?:\.\d+)?"
_S = r"(?<![\d.])"
_DASH = r" ?(?:-|—{1,2}|~|至|到) ?"
_DEGREE = r"(?:℃|°[Cc]|摄氏度|度)"

_ASK_WATT = Sentence("W 分不清是瓦还是万，念作瓦。", "W may be watt or ten thousand (万); it is read as watt.")


def _share(text: str) -> str:
    """A number after 百分之, where 200 is 二百 and 100 is 百."""
    if "." in text:
        return number(text)
    return "百" if text == "100" else ordinal(text)


def _percent(match: re.Match[str]) -> str:
    sign = {"-": "负", "+": "正"}.get(match[1], "")
    more = "以上" if match[4] else ""
    return f"{sign}{'百' if match[3] == '%' else '千'}分之{_share(match[2])}{more}"


def _percents(match: re.Match[str]) -> str:
    whole = "百分之" if match[5] == "%" else "千分之"
    first, last = ("负" if sign else "" for sign in (match[1], match[3]))
    return f"{first}{whole}{_share(match[2])}到{last}{whole}{_share(match[4])}"


def _degrees(match: re.Match[str]) -> Said:
    """-5℃~3℃ → 零下五到三摄氏度; the unit is said once."""
    first, low, dash, last, high, unit = match.groups()
    if unit == "度" and not (first or last):
        return None
    join = dash.strip() if dash.strip() in ("至", "到") else "到"
    name = "度" if unit == "度" else "摄氏度"
    return f"{'零下' if first else ''}{number(low)}{join}{'零下' if last else ''}{number(high)}{name}"


def _cold(match: re.Match[str]) -> str:
    below = "" if before(match, 2) == "零下" else "零下"
    return f"{below}{match[1]}{match[2]}"


def _money(match: re.Match[str]) -> str:
    """¥50 → 五十元, ¥3~5 → 三到五元, RMB 500元 → 人民币五百元."""
    minus, sign, amount, scale, upper, upper_scale, yuan = match.groups()
    amount = amount.removesuffix(".00")
    said = ("负" if minus else "") + number(amount) + (scale or "")
    if upper:
        said += f"到{number(upper)}{upper_scale or ''}"
    name = CURRENCIES[sign]
    if name == "人民币" and yuan:
        return f"人民币{said}元"
    return said + name


def _money_after(match: re.Match[str]) -> str:
    return match[1] + CURRENCIES[match[2]]


def _measured(match: re.Match[str]) -> Said:
    """40km/h → 四十公里每小时. 5G, 3M and 4S are names and not measured."""
    amount, sign, per = match[1], match[2], match[3]
    follows = after(match)
    if (sign == "g" and re.match("网|信|基站|手机|时代|套餐|流量", follows)) or (
        sign == "s" and follows.startswith("店")
    ):
        return None
    if sign == "M" and amount == "3" and not re.match("宽带|流量|网|带宽|内存", follows):
        return None
    said = amount + UNITS[sign] + (f"每{UNITS_AFTER_A_SLASH[per]}" if per else "")
    if sign == "W" and not per and amount.endswith("000"):
        return Unsure(reading=number(amount) + "瓦", alternatives=(number(amount) + "万",), why=_ASK_WATT)
    return said


def _power(match: re.Match[str]) -> str:
    """m² alone is 米的平方, 10⁵ 十的五次方."""
    digits = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(char)) for char in match[1])
    return {"2": "的平方", "3": "的立方"}.get(digits, f"的{ordinal(digits)}次方")


def _ampere(match: re.Match[str]) -> Said:
    electric = re.search("电流|空开|保险|开关|插座|充电|熔|断路器|电表", before(match) + after(match, 6))
    return f"{match[1]}安" if electric else None


def _tonne(match: re.Match[str]) -> Said:
    return f"{match[1]}吨" if re.search("[限载重货砂沙煤肥粮吊运]", before(match) + after(match, 4)) else None


RULES = (
    rule("ten thousand as w", r"(?<=\d)w(?![A-Za-z])|(?<=\d)W(?=\+|[人元次粉户条份字])", "万", needs="wW"),
    rule("thousand as k", r"(?<=\d)k(?![A-Za-z])", "千", needs="k"),
    rule("span of percents", rf"{_S}(-?)({N})[%‰]?{_DASH}(-?)({N}) ?([%‰])", _percents, needs="%‰"),
    rule("percent", rf"{_S}([-+]?)({N}) ?([%‰])(\+?)", _percent, needs="%‰"),
    rule("span of degrees", rf"(?<![\dA-Za-z.])(-?)({N}) ?{_DEGREE}?({_DASH})(-?)({N}) ?({_DEGREE})", _degrees),
    rule("degrees below zero", rf"(?<![\dA-Za-z.])-({N}) ?({_DEGREE})", _cold, needs="-"),
    rule(
        "degrees without a unit",
        rf"([气体低高室]?温度?(?:为|是|达到?|降[至到]|在|约|低至)?[：:]?)-({N})(?![\d.])",
        lambda m: f"{m[1]}零下{m[2]}",
        needs="-",
    ),
    rule(
        "money",
        rf"(?<![A-Za-z])(-?)({CURRENCY}) ?({N})([万亿千百])?(?: ?[-~—到至] ?(?:{CURRENCY})? ?({N})([万亿千百])?)?(元)?",
        _money,
        needs="".join(set("".join(CURRENCIES))),
    ),
    rule("whole money", r"(?<=\d)\.00?(?= ?元)", "", needs="."),
    rule("money, sign last", rf"({N}[万亿]?) ?([¥$€£])", _money_after, needs="¥$€£"),
    rule(
        "measured to and fro",
        rf"(?<![A-Za-z\d.])({N} ?(?:mm|cm|m)?) ?[xX*×] ?(?=\d)",
        lambda m: f"{m[1]}乘",
        needs="xX*×",
    ),
    rule(
        "metres and centimetres",
        r"(?<=\d米)(\d{2})(?![\d.]|[^，。、；！？,;\s）)“”])",
        lambda m: one_by_one(m[1]),
        needs="米",
    ),
    rule("fine dust", r"PM ?(2\.5|10)(?!\d)", lambda m: f"PM{number(m[1])}", needs="P"),
)

UNIT_RULES = (
    rule("hours and minutes", r"(?<=\d)h(?=\d{1,2} ?(?:min|m|分))", "小时", needs="h"),
    rule(
        "unit",
        rf"(?<![A-Za-z\d.])({N}[万亿]?) ?({UNIT})(?![A-Za-z0-9²³])(?:/({UNIT_AFTER_A_SLASH})(?![A-Za-z0-9]))?",
        _measured,
    ),
    rule("unit in brackets", rf"(?<=[(（])(?:{UNIT})(?=[)）])", lambda m: UNITS[m[0]], needs="(（"),
    rule("ampere", rf"(?<![A-Za-z\d.])({N})A(?![A-Za-z0-9])", _ampere, needs="A"),
    rule("tonne as T", rf"(?<![A-Za-z\d.])({N})T(?![A-Za-z0-9])", _tonne, needs="T"),
    rule("sign of a unit", r"[℃℉]|°[CF]?", lambda m: UNITS.get(m[0], "度"), needs="℃℉°"),
    rule(
        "per a unit",
        rf"(?<=[元角分次人克吨升米时度只株])/({UNIT_AFTER_A_SLASH})(?![A-Za-z0-9])",
        lambda m: f"每{UNITS_AFTER_A_SLASH[m[1]]}",
        needs="/",
    ),
    rule(
        "per",
        rf"(?<=[元角分毛斤克吨升米里时瓦度秒天次个名人件户亩只头株棵片粒支袋箱瓶盒万位宗例场滴转单])/(?=\d{{0,3}}(?:{PER_WHAT}))",
        "每",
        needs="/",
    ),
    rule("per and per", rf"(?<=[亩人户斤吨个台头只])[·*](?=(?:{PER_WHAT}))", "每", needs="·*"),
    rule("power", r"(?<=[一-龥\dA-Za-z])([²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3})", _power, needs="⁰¹²³⁴⁵⁶⁷⁸⁹"),
)
"""Applied after spans are understood, so that 10-20mm has kept its unit until then."""
