"""Years, dates, and days known by their figures: 2026.11.23, 98年, 80后, “3·15”."""

from __future__ import annotations

import re

from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.numbers import one_by_one, ordinal, quantity
from broadcaster.render.normalize.words import COUNTED

_S = r"(?<![\d.])"
_E = r"(?!\d)(?!\.\d)"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DASH = r" ?(?:-{1,2}|—{1,2}|~|至|到) ?"

_ASK_YEAR = Sentence(
    "两位数的年，分不清是年份还是年数。写四位数的年份就不会错。",
    "Two digits before 年 may be a year or a number of years. Four digits are never misread.",
)
_ASK_SPAN = Sentence("分不清是年份还是年数。", "This may be a year or a number of years.")
_ASK_DATE = Sentence("分不清是日期还是分数、小数。请写成几月几日。", "This may be a date or a number. Write 月 and 日.")

_SPAN_BEFORE = re.compile(
    r"(?:龄|历经|历时|长达|连续|超过?|近|满|用了|共|已有|达|[干当种住活守了约第每这前后有判处刑教养病]|整整|延长|以来|过去|未来|今后|坚持|服务|期限|为期|从教|任期|合同期?|"
    r"保修|质保|租期|质保期|从医|行医|刑期|徒刑|周期|距今|有效期|寿命|剩余|最长|至少|最多|再|走过|风雨|建党|建国|成立)"
    r" ?$"
)
_SPAN_AFTER = re.compile(
    r"(?:历史|来(?!到)|前|后|间|多|以上|以下|以内|以来|之久|之后|之内|之间|期|龄|时间|如一日|老|党龄|工龄|左右|树龄|文明|的(?:历史|时间|努力|党龄|老))"
)
_YEAR_AFTER = re.compile(
    r"(?:\d{1,2}月|年?[初底末]|[春夏秋冬起]|开始|出生|生人?|入党|入伍|入学|参军|参加工作|毕业|结婚|退休|建成|上任|上半年|下半年|度|款|级|届|的?(?:洪水|大水|地震|老党员))"
)


def _year(match: re.Match[str]) -> Said:
    """Four digits before 年: a year, unless it is a round span such as 2000年历史."""
    digits, follows = match[1], match.string[match.end() + 1 : match.end() + 6]
    spans = re.search(r"(?:距今|近|约|超过|已有|历经|长达|树龄|千年|有着?)$", before(match))
    lasts = re.match(r"(?:历史|以上|之久|左右|树龄|文明|的(?:历史|古|老))", follows)
    if spans or lasts:
        return None if digits.endswith("0") or int(digits) < 1500 else one_by_one(digits)
    if digits.endswith("00") and re.match("前(?!后)|来", follows):
        said = (one_by_one(digits), quantity(digits))
        first, other = said if digits in ("1900", "2000") else said[::-1]
        return Unsure(reading=first, alternatives=(other,), why=_ASK_SPAN)
    return one_by_one(digits) if 1000 <= int(digits) < 2200 or digits[0] == "0" else None


def _short_year(match: re.Match[str]) -> Said:
    """Two digits before 年: 08年 and '98年 are years, 20年 mostly lasts."""
    mark, digits = match[1], match[2]
    follows = match.string[match.end() + 1 : match.end() + 9]
    if mark or digits.startswith("0"):
        return one_by_one(digits)
    if _SPAN_BEFORE.search(before(match)) or _SPAN_AFTER.match(follows):
        return None
    if not _YEAR_AFTER.match(follows) and int(digits) < 70:
        return None
    return Unsure(reading=one_by_one(digits), alternatives=(quantity(digits),), why=_ASK_YEAR)


def _written(year: str, month: str, day: str = "") -> str:
    said = f"{one_by_one(year)}年{ordinal(month)}月"
    return f"{said}{ordinal(day)}日" if day else said


def _years(match: re.Match[str]) -> Said:
    """2021—2025年; two bare years only where nothing is counted."""
    first, mark, last = match.groups()
    if not mark and not match.string.startswith("年", match.end()):
        follows = after(match, 6)
        if first >= last or not re.match(r"(?:学年|财年|赛季|年度|届|级|[)）\]】”，。、；,;]|$)", follows):
            return None
    return f"{one_by_one(first)}{mark}至{one_by_one(last)}"


_TOLD_AFTER = re.compile(
    r"(?:日|号(?![楼院门])|上午|下午|早|晚|中午|起|截止|开[会始展班]|[(（](?:周|星期|农历)|召开|举行|放假|前(?:报|交|完)|之前)"
)
_TOLD_BEFORE = re.compile(r"(?:[将定]于|[时日]间?[:：]|日期[:：]?|截止[到至]?|截至|自|从|至|到|周[一二三四五六日])$")


def _month_day(match: re.Match[str]) -> Said:
    """12/5 and 11.23: a date where a word says so; 12/5 would be an odd fraction."""
    month, sign, day = match[1], match[2], match[3]
    said = f"{ordinal(month)}月{ordinal(day)}日"
    follows, near = after(match), before(match)
    if month[0] == "0" and len(day) == 2 and not re.match(COUNTED, follows):
        return said
    told = _TOLD_AFTER.match(follows) or _TOLD_BEFORE.search(near)
    if sign == "-":
        told = re.match(r"[(（](?:周|星期|农历)", follows)
    if sign == "/" and int(day) > 12:
        told = told or re.match("[前后止]", follows)
    fraction = f"{quantity(day)}分之{quantity(month)}"
    if told and not (sign == "." and re.match(COUNTED, follows)):
        other = fraction if sign == "/" else f"{ordinal(month)}点{one_by_one(day)}"
        return Unsure(
            reading=said.removesuffix("日") if follows[:1] in ("日", "号") else said,
            alternatives=(other,),
            why=_ASK_DATE,
        )
    return None


def _days(match: re.Match[str]) -> Said:
    """11/20-11/25, 12.1-12.7放假: two days with a dash between them."""
    month, sign, day, last_month, last_day = match.groups()
    if sign == "." and not re.search(
        r"放假|报名|举行|期间|活动|开放|公示|值班|日|调休|征集|收费", before(match, 20) + after(match, 10)
    ):
        return None
    end = f"{ordinal(last_month)}月" if last_month else ""
    stop = "" if after(match, 1) in ("日", "号") else "日"
    return f"{ordinal(month)}月{ordinal(day)}日到{end}{ordinal(last_day)}{stop}"


def _year_last(match: re.Match[str]) -> Said:
    """Month first, unless only the other way makes a date."""
    first, second = int(match[1]), int(match[3])
    if not 1 <= min(first, second) <= 12 or max(first, second) > 31:
        return None
    month, day = (match[3], match[1]) if first > 12 else (match[1], match[3])
    return _written(match[4], month, day)


def _known_day(match: re.Match[str]) -> str:
    """9·18 is 九一八, 12·4 is 十二四, 12·9 is 一二九: the way the day is called."""
    month, day = match[1], match[2]
    if month in ("11", "12") and day == "9":
        return "幺幺九" if month == "11" else "一二九"
    return (ordinal(month) if month != "11" else "一一") + one_by_one(day)


def _compact(match: re.Match[str]) -> Said:
    said = _written(match[1], match[2], match[3])
    return Unsure(reading=said, alternatives=(quantity(match[0]),), why=_ASK_DATE)


def _decade(match: re.Match[str]) -> str:
    return one_by_one(match[1])


RULES = (
    rule(
        "date and hour",
        rf"{_S}({_YEAR})-({_MONTH})-({_DAY})T(?=\d\d:\d\d)",
        lambda m: _written(m[1], m[2], m[3]),
        needs="T",
    ),
    rule("time zone", r"(?<=\d\d:\d\d)(?:\.\d{1,6})?(?:Z|\+0?8:?00)(?![\dA-Za-z])", "", needs="Z+"),
    rule(
        "season",
        rf"{_S}({_YEAR})/({_YEAR}|\d\d)(?=学年|年度|赛季|产季)",
        lambda m: f"{one_by_one(m[1])}至{one_by_one(m[2])}",
        needs="/",
    ),
    rule("span of years", rf"{_S}({_YEAR})(年?){_DASH}({_YEAR}){_E}", _years),
    rule("date", rf"{_S}({_YEAR}) ?([-/.]) ?({_MONTH}) ?\2 ?({_DAY})日?{_E}", lambda m: _written(m[1], m[3], m[4])),
    rule("date, year last", rf"{_S}(\d{{1,2}})([-/.])(\d{{1,2}})\2({_YEAR}){_E}", _year_last),
    rule(
        "year and month", rf"{_S}({_YEAR})[-/.](1[0-2]|0?[1-9]){_E}(?!{COUNTED}|[-/])", lambda m: _written(m[1], m[2])
    ),
    rule("month and year", rf"{_S}(1[0-2]|0[1-9])[-/.]({_YEAR}){_E}(?!{COUNTED})", lambda m: _written(m[2], m[1])),
    rule("date in one", rf"{_S}((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)(?!{COUNTED})", _compact),
    rule("known day", r"(?<![\d.·])(1[0-2]|[1-9])·(3[01]|[12]\d|[1-9])(?![\d·])", _known_day, needs="·"),
    rule(
        "known day with a stop",
        r"(?:(?<=[“\"])(1[0-2]|[1-9])\.(3[01]|[12]\d|[1-9])(?=[”\"])|(?<![\d.·])(1[0-2]|[1-9])\.(3[01]|[12]\d|[1-9])"
        rf"(?:(?=晚会|消费|国际|世界|全国|国家)|(?!{COUNTED})(?=[一-龥]{{0,5}}(?:节(?![约省水目])|事变|宪法|学雷锋|案|宣传|纪念|[^每]日))))",
        lambda m: _known_day_with_a_stop(m),
    ),
    rule(
        "called by its digits",
        r"(?<=[“\"])[1-9]\d[1-9](?=[”\"])|(?<!\d)(?:985|211|996|618|315|520)(?=高校|工程|大学|院校|工作制|大促|晚会|购物|活动|消费)",
        lambda m: one_by_one(m[0]),
    ),
    rule(
        "span of days",
        rf"{_S}(?<!/)({_MONTH})([/.])({_DAY}){_DASH}(?:({_MONTH})\2)?({_DAY}){_E}(?![/%])",
        _days,
        needs="/.",
    ),
    rule("month and day", rf"(?<![\d./:-])({_MONTH})([-/.])({_DAY}){_E}(?![/%‰:-]| ?[℃°])", _month_day),
    rule("year", rf"{_S}(\d{{4}})(?= ?年(?!级|产|薪))", _year),
    rule(
        "year of something",
        rf"{_S}((?:19|20)\d\d)(?=财年|学年|赛季|届|级(?!别)|版|款|[春夏秋冬]季?(?:招|学期|天|播|收))",
        lambda m: one_by_one(m[1]),
    ),
    rule("short year", r"(?<![\d.])(['’]?)(\d\d)(?=年(?!级|产|薪|代))", _short_year),
    rule("decade born", r"(?<![\d.第满过])([0-9][05])(?=后(?!的?[年月天日周期续来者面]|\d))", _decade),
    rule("month and day with zeros", rf"{_S}0([1-9])(?=[月日号](?!楼))", lambda m: ordinal(m[1])),
)


def _known_day_with_a_stop(match: re.Match[str]) -> str:
    month, day = match[1] or match[3], match[2] or match[4]
    return (ordinal(month) if month != "11" else "一一") + one_by_one(day)
