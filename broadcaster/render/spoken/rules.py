"""The rules of normalisation, in the order in which they are applied. Each turns one kind of thing into words.

A rule that has spoken leaves hanzi behind, so no later rule touches it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.render.spoken.numbers import cardinal, number, one_by_one, over_the_phone
from broadcaster.render.spoken.units import MEASURES, UNITS

Say = Callable[[re.Match[str]], str]

N = r"\d+(?:\.\d+)?"
TO = r"\s*(?:-|–|—{1,2}|~|至|到)\s*"
YEAR = r"(?:1[0-9]\d\d|2[01]\d\d)"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领警学港澳"
NOT_BEFORE = r"(?<![\dA-Za-z.])"
CODE_WORDS = "验证码|尾号|编号|号码|学号|工号|卡号|账号|邮编|密码|代码|批号|单号|证号|房间|房号|车次|QQ|微信号"
SERVICE = (
    "110|119|120|122|114|999|10010|10086|10099|11185|123(?:00|05|06|09|1[05678]|2[0589]|33|4[58]|5[0568]|6[0-9]|7[09]|8[0-9]|9[0-9])"
    "|95\\d{3}|96\\d{3,4}"
)


CURRENCIES = {
    "A$": "澳元", "HKD": "港元", "USD": "美元", "US$": "美元", "EUR": "欧元", "€": "欧元", "£": "英镑", "JPY": "日元"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing and how it is said."""

    name: str
    pattern: re.Pattern[str]
    say: Say


def _rule(name: str, pattern: str, say: Say) -> Rule:
    return Rule(name, re.compile(pattern), say)


def _date(year: str, month: str, day: str = "") -> str:
    said = f"{one_by_one(year)}年{cardinal(month)}月"
    return f"{said}{cardinal(day)}日" if day else said


def _clock(hour: str, minute: str, second: str | None = None, half: str | None = None) -> str:
    said = {"am": "上午", "pm": "下午"}.get((half or "").lower().replace(".", ""), "")
    said += ("两" if int(hour) == 2 else cardinal(hour)) + "点"
    if int(minute) or second:
        said += ("零" if 0 < int(minute) < 10 else "") + cardinal(minute) + "分"
    if second:
        said += cardinal(second) + "秒"
    return said


def _count(text: str) -> str:
    """A number before a measure word: 2 is 两."""
    return "两" if text == "2" else number(text)


def _signed(text: str, minus: str) -> str:
    return minus + number(text[1:]) if text.startswith("-") else number(text)


def _service(match: re.Match[str]) -> str:
    return over_the_phone(match[0])


def _web(match: re.Match[str]) -> str:
    text = re.sub(r"^https?://", "", match[0]).rstrip("/")
    names = {".": "点", "/": "斜杠", "-": "杠", "_": "下划线", "@": "艾特", ":": "冒号"}
    return "".join(names.get(c, one_by_one(c) if c.isdigit() else c) for c in text if c in names or c.isalnum())


_MEASURE = "|".join(sorted(MEASURES, key=len, reverse=True))
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))

RULES: tuple[Rule, ...] = (
    _rule("web", r"(?:https?://|www\.)[\w./?=&%#:-]+|[\w.-]+@[\w-]+\.[\w.]+", _web),
    _rule(
        "address", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", lambda m: "点".join(map(one_by_one, m[0].split(".")))
    ),
    _rule(
        "document",
        rf"[〔（\[【]\s*({YEAR})\s*[〕）\]】]\s*第?(\d+)号",
        lambda m: f"{one_by_one(m[1])}{cardinal(m[2])}号",
    ),
    _rule("identity", r"(?<!\d)\d{17}[\dXx](?!\d)", lambda m: over_the_phone(m[0].upper())),
    _rule("mobile", r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", lambda m: over_the_phone(re.sub(r"\D", "", m[0]))),
    _rule("free phone", r"(?<!\d)[48]00-\d{3,4}-\d{3,4}(?!\d)", lambda m: over_the_phone(re.sub(r"\D", "", m[0]))),
    _rule("area phone", r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)", lambda m: one_by_one(re.sub(r"\D", "", m[0]))),
    _rule(
        "phone",
        r"(电话|热线|拨打|致电|手机|传真|座机|联系)([是为：号码\s]{0,4})(\d{3,12})(?!\d|[.%])",
        lambda m: m[1] + m[2].strip() + over_the_phone(m[3]),
    ),
    _rule(
        "plate", rf"([{PROVINCES}][A-Z])[·. ]?([A-Z0-9]{{5,6}})(?![A-Za-z0-9])", lambda m: m[1] + over_the_phone(m[2])
    ),
    _rule(
        "code",
        rf"({CODE_WORDS})([是为：\s]{{0,3}})([A-Za-z]*\d[A-Za-z\d]*)",
        lambda m: m[1] + m[2].strip() + over_the_phone(m[3]),
    ),
    _rule("tail number", r"(尾号[是为]?)(\d+)", lambda m: m[1] + over_the_phone(m[2])),
    _rule("train", r"(?<![A-Za-z])([GDCKTZ])(\d{1,4})(?=次|列车)", lambda m: m[1] + over_the_phone(m[2])),
    _rule(
        "service",
        rf"{NOT_BEFORE}(?<!第)(?:{SERVICE})(?![\d.%:/~-]|{_MEASURE}|{_UNIT}|万|亿|[余多几]|\s*[+=])",
        _service,
    ),
    # --- dates and times
    _rule(
        "iso date",
        rf"(?<!\d)({YEAR})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)",
        lambda m: _date(m[1], m[2], m[3]) if _is_day(m[2], m[3]) else m[0],
    ),
    _rule(
        "american date",
        rf"(?<!\d)(\d{{2}})[-/.](\d{{2}})[-/.]({YEAR})(?!\d)",
        lambda m: _date(m[3], m[1], m[2]) if _is_day(m[1], m[2]) else m[0],
    ),
    _rule("year month", rf"(?<!\d)({YEAR})[-/.](0[1-9]|1[0-2])(?!\d|[-/.]\d)", lambda m: _date(m[1], m[2])),
    _rule("month year", rf"(?<!\d)(0[1-9]|1[0-2])[-/.]({YEAR})(?!\d)", lambda m: _date(m[2], m[1])),
    _rule("years", rf"(?<!\d)({YEAR})年?{TO}({YEAR})(?=年|学年)", lambda m: f"{one_by_one(m[1])}至{one_by_one(m[2])}"),
    _rule("year", rf"(?<!\d)({YEAR})(?=年(?!以上|多|来|历史|前|后|间))", lambda m: one_by_one(m[1])),
    _rule("year of", r"(?<!\d)((?:19|20)\d\d)(?=届|级|版|款|财年|学年|春|夏|秋|冬|赛季)", lambda m: one_by_one(m[1])),
    _rule("short year", r"(?<!\d)([6-90]0)(?=后(?!的?[年月天日周])|年(?!代|后|前|来|历))", lambda m: one_by_one(m[1])),
    _rule("months", rf"(?<!\d)(\d{{1,2}})月?{TO}(\d{{1,2}})(?=月)", lambda m: f"{cardinal(m[1])}到{cardinal(m[2])}"),
    _rule("month", r"(?<![\d.])(\d{1,2})(?=月(?!饼))", lambda m: cardinal(m[1])),
    _rule("days", rf"(?<=月)(\d{{1,2}})日?{TO}(\d{{1,2}})(?=[日号])", lambda m: f"{cardinal(m[1])}到{cardinal(m[2])}"),
    _rule("day", r"(?<![\d.])(\d{1,2})(?=[日号](?!元))", lambda m: cardinal(m[1])),
    _rule(
        "padded day",
        r"(?<![\d.:/-])(0\d|1[0-2])[-/.](0[1-9]|[12]\d|3[01])(?![\d.:/%-]|\s*[℃°A-Za-z])",
        lambda m: f"{cardinal(m[1])}月{cardinal(m[2])}日",
    ),
    _rule(
        "score",
        r"((?:比分|以|战胜|击败|[胜负平])\D{0,4})(\d{1,3})\s*[:：-]\s*(\d{1,3})(?!\d|[:：])",
        lambda m: f"{m[1]}{cardinal(m[2])}比{cardinal(m[3])}",
    ),
    _rule(
        "times",
        rf"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d){TO}([01]?\d|2[0-4])[:：]([0-5]\d)(?![\d:：])",
        lambda m: f"{_clock(m[1], m[2])}到{_clock(m[3], m[4])}",
    ),
    _rule(
        "time",
        r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?\s*([AaPp]\.?[Mm](?:\.(?![。])|\b)?)?(?![\d:：])",
        lambda m: _clock(m[1], m[2], m[3], m[4]),
    ),
    _rule("hours", rf"(?<!\d)(\d{{1,2}})点?{TO}(\d{{1,2}})(?=点)", lambda m: f"{_count(m[1])}点到{_count(m[2])}"),
    _rule("ratio", rf"(?<![\d.])({N})\s*[:：]\s*({N})(?![\d:：])", lambda m: f"{number(m[1])}比{number(m[2])}"),
    # --- money, percent, temperature, units
    _rule("currency", rf"[¥￥]\s*({N})\s*([万亿]?)", lambda m: f"{number(m[1])}{m[2]}元"),
    _rule("other currency", rf"(A\$|HKD|USD|US\$|EUR|€|£|JPY)\s*({N})", lambda m: number(m[2]) + CURRENCIES[m[1]]),
    _rule("dollars", rf"\$\s*({N})\s*([万亿]?)", lambda m: f"{number(m[1])}{m[2]}美元"),
    _rule("wan", r"(?<=\d)[wW](?![A-Za-z])", lambda m: "万"),
    _rule("yuan code", rf"(?:CNY|RMB)\s*({N})", lambda m: f"{number(m[1])}人民币"),
    _rule("percents", rf"({N})%?{TO}({N})%", lambda m: f"百分之{number(m[1])}到百分之{number(m[2])}"),
    _rule(
        "percent",
        rf"(?<![\d.])([-]?{N})%",
        lambda m: ("负" if m[1][0] == "-" else "") + f"百分之{number(m[1].lstrip('-'))}",
    ),
    _rule("per mille", rf"({N})‰", lambda m: f"千分之{number(m[1])}"),
    _rule(
        "temperatures",
        rf"(-?{N})\s*(?:℃|°C)?{TO}(-?{N})\s*(?:℃|°C)",
        lambda m: f"{_signed(m[1], '零下')}到{_signed(m[2], '零下')}摄氏度",
    ),
    _rule("temperature", rf"(-?{N})\s*(?:℃|°C)", lambda m: f"{_signed(m[1], '零下')}摄氏度"),
    _rule("fine dust", r"PM\s?(2\.5|10)", lambda m: f"PM{number(m[1])}"),
    _rule(
        "unit range",
        rf"({N})\s*(?:{_UNIT})?{TO}({N})\s*({_UNIT})(?![A-Za-z])",
        lambda m: f"{number(m[1])}到{number(m[2])}{UNITS[m[3]]}",
    ),
    _rule("unit", rf"({N})\s*({_UNIT})(?![A-Za-z])", lambda m: f"{_count(m[1])}{UNITS[m[2]]}"),
    _rule("per", r"(?<=[元角分斤克吨升米里人次亩户度])/(?=[一-龥])", lambda m: "每"),
    # --- signs
    _rule("plus minus", rf"±\s*({N})", lambda m: f"正负{number(m[1])}"),
    _rule("at least", r"\s*(?:≥|>=)\s*(?=[\d-])", lambda m: "大于等于"),
    _rule("at most", r"\s*(?:≤|<=)\s*(?=[\d-])", lambda m: "小于等于"),
    _rule("greater", r"\s*>\s*(?=[\d-])", lambda m: "大于"),
    _rule("less", r"\s*<\s*(?=[\d-])", lambda m: "小于"),
    _rule(
        "fraction", r"(?<![\d./])(\d{1,4})\s*/\s*(\d{1,4})(?![\d./])", lambda m: f"{cardinal(m[2])}分之{cardinal(m[1])}"
    ),
    _rule(
        "range",
        rf"(?<![\d.-])({N}){TO}({N})(?=\s*(?:{_MEASURE}|[万亿千百多余]))",
        lambda m: f"{_count(m[1])}到{number(m[2])}",
    ),
    _rule("plus", r"(?<=[\d零一二三四五六七八九十])\s*\+\s*(?=\d)", lambda m: "加"),
    _rule("times sign", r"(?<=\d)\s*[×xX*]\s*(?=\d)", lambda m: "乘"),
    _rule("divided", r"(?<=\d)\s*÷\s*(?=\d)", lambda m: "除以"),
    _rule("equals", r"\s*=\s*(?=[\d-])", lambda m: "等于"),
    _rule("minus sign", r"(?<=\d)\s+-\s+(?=\d)", lambda m: "减"),
    _rule("negative", rf"(?<![\dA-Za-z一-龥])-(?={N})", lambda m: "负"),
    _rule("negative after a word", rf"(?<=[一-龥])-(?={N}(?!\d|\s*(?:{_MEASURE})))", lambda m: "负"),
    _rule(
        "plain range",
        rf"(?<![\d.-])({N})\s*(?:~|—{{1,2}}|–|-)\s*({N})(?![\d.-])",
        lambda m: f"{number(m[1])}到{number(m[2])}",
    ),
    # --- plain numbers
    _rule("ordinal", r"第\s*(\d+)", lambda m: "第" + cardinal(m[1]).replace("两", "二")),
    _rule("decimal", r"(?<![\d.])(\d+)\.(\d+)(?![\d.])", lambda m: number(m[0])),
    _rule("letter number", r"(?<=[A-Za-z])-?(\d{3,})", lambda m: over_the_phone(m[1])),
    _rule("leading zero", r"(?<!\d)0\d+", lambda m: one_by_one(m[0])),
    _rule("two liang", r"(?<!\d)2(?=两(?!个|次|天))", lambda m: "二"),
    _rule("two of", rf"(?<![\d.])2(?=(?:{_MEASURE}|[万亿千百]|个半|点(?!\d)))", lambda m: "两"),
    _rule("some tens", r"(?<!\d)(\d0)(?=几)", lambda m: cardinal(m[1])),
    _rule("cardinal", r"\d+", lambda m: cardinal(m[0])),
)


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31
