"""Words for days, Chinese or English → day rules. The table of what may be written is in ``docs/schedule.md``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from broadcaster.model.days import (
    SOLAR_TERMS,
    Daily,
    DateSpan,
    DayRule,
    Holidays,
    LunarDay,
    MonthDay,
    NthWeekday,
    SolarTerm,
    Weekdays,
    Workdays,
)
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import closest, shown
from broadcaster.schedule.values import date_in, looks_like_a_date, no_such_day, plain

NEW_YEARS_EVE = LunarDay(12, -1)
WORDS: Mapping[str, DayRule] = (
    dict.fromkeys(("daily", "every day", "everyday", "每天", "每日", "天天"), Daily())
    | dict.fromkeys(("weekdays", "weekday"), Weekdays(frozenset(range(5))))
    | dict.fromkeys(("weekends", "weekend", "周末", "双休日"), Weekdays(frozenset({5, 6})))
    | dict.fromkeys(("workdays", "workday", "工作日", "上班日"), Workdays())
    | dict.fromkeys(("holidays", "holiday", "节假日", "休息日", "放假"), Holidays())
    | dict.fromkeys(("除夕", "大年三十", "年三十"), NEW_YEARS_EVE)
    | dict.fromkeys(("春节", "大年初一"), LunarDay(1, 1))
    | dict.fromkeys(("元宵节", "元宵"), LunarDay(1, 15))
    | dict.fromkeys(("端午节", "端午"), LunarDay(5, 5))
    | dict.fromkeys(("七夕节", "七夕"), LunarDay(7, 7))
    | dict.fromkeys(("中秋节", "中秋"), LunarDay(8, 15))
    | dict.fromkeys(("重阳节", "重阳"), LunarDay(9, 9))
    | dict.fromkeys(("腊八节", "腊八"), LunarDay(12, 8))
    | {name: SolarTerm(name) for name in SOLAR_TERMS}
    | {"清明节": SolarTerm("清明")}
)

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: dict[str, int] = (
    {name[:3]: number for number, name in enumerate(_ENGLISH)}
    | {name: number for number, name in enumerate(_ENGLISH)}
    | {"tues": 1, "thur": 3, "thurs": 3}
    | {week + name: number for week in ("周", "星期", "礼拜") for number, name in enumerate("一二三四五六日")}
    | {week + "天": 6 for week in ("周", "星期", "礼拜")}
)
_ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1} | {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
}
_DIGITS = "一二三四五六七八九"
_CHINESE_NUMBERS = (
    {digit: number for number, digit in enumerate(_DIGITS, start=1)}
    | {"十": 10, "二十": 20, "三十": 30, "廿": 20, "卅": 30, "三十一": 31}
    | {"十" + digit: 10 + number for number, digit in enumerate(_DIGITS, start=1)}
    | {tens + digit: 20 + number for tens in ("二十", "廿") for number, digit in enumerate(_DIGITS, start=1)}
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12} | {
    name: number for name, number in _CHINESE_NUMBERS.items() if number <= 12
}
_LUNAR_DAYS = {"初" + _digit: number for number, _digit in enumerate((*_DIGITS, "十"), start=1)} | {
    name: number for name, number in _CHINESE_NUMBERS.items() if 10 < number <= 30
}

_NUMBER = r"(\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_TO = re.compile(r"\s*(?:\.\.\.?|至|到|~|—+|–)\s*")
_WEEKDAYS_TO = re.compile(r"\s*(?:\.\.\.?|至|到|~|—+|–|-)\s*")
_NTH = re.compile(r"(\d{1,2}(?:st|nd|rd|th)|[a-z]+)\s+([a-z]+)")
_CHINESE_NTH = re.compile(r"(?:每月|每个月)?(?:第([一二三四五六七八九十\d]{1,2})|最后一)个(.{2,3})")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)|(?:每月|每个月)?" + _NUMBER + "[日号]")
_YEARLY = re.compile(r"(\d{1,2})-(\d{1,2})|(?:每年)?" + _NUMBER + "月" + _NUMBER + "[日号]")
_EACH_LUNAR_MONTH = re.compile(
    r"(?:lunar|农历|阴历)?\s*每月(初[一二三四五六七八九十])|(?:lunar|农历|阴历)\s*每月([一二三四五六七八九十廿卅]{1,3})"
)
_LUNAR = re.compile(
    r"(?:lunar|农历|阴历)?\s*(闰)?\s*([正一二三四五六七八九十冬腊]{1,2})月([初一二三四五六七八九十廿卅]{2,3}|卅|廿)"
)
_SEPARATORS = re.compile(r"\s*[,;、]\s*")
_DAYS_IN_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days(value: object) -> tuple[DayRule, ...] | Sentence:
    """The rules that one value stands for; several when it lists them: ``周一、周三``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return (DateSpan(value, value),)
    if not isinstance(value, str):
        return _no_rule(value)
    rules: list[DayRule] = []
    for piece in _SEPARATORS.split(" ".join(plain(value).lower().split())):
        found = _rule(piece)
        if found is None:
            return _no_rule(value)
        if isinstance(found, Sentence):
            return found
        rules.append(found)
    return tuple(rules)


def dates(value: object) -> tuple[date, ...] | Sentence:
    """The days of one date or of a range of at most a year, for ``[calendar]``."""
    found = days(value)
    match found:
        case (DateSpan(first, last),) if (last - first).days < 366:
            return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
        case Sentence() if isinstance(value, str) and looks_like_a_date(plain(value)):
            return found
    return Sentence(
        f"{shown(value)} 不是日期。请写年-月-日，例如 2026-10-01；一段日子写成 '2026-10-01..2026-10-07'。",
        f"{shown(value)} is not a date. Write year-month-day, for example 2026-10-01, "
        "and some days in a row as '2026-10-01..2026-10-07'.",
    )


def _rule(text: str) -> DayRule | Sentence | None:
    """None: this is no way to write days. A Sentence: it is, but there are no such days."""
    if text in WORDS:
        return WORDS[text]
    readers: tuple[Callable[[str], DayRule | Sentence | None], ...] = (
        _weekdays,
        _nth_weekday,
        _date_span,
        _month_day,
        _yearly,
        _lunar,
    )
    for reader in readers:
        if (found := reader(text)) is not None:
            return found
    bare = text.removeprefix("lunar").removeprefix("农历").strip()
    return WORDS.get(bare) if bare != text else None


def _weekdays(text: str) -> DayRule | None:
    ends = [WEEKDAYS.get(end) for end in _WEEKDAYS_TO.split(text.removeprefix("every ").removeprefix("每"))]
    match ends:
        case [int(only)]:
            return Weekdays(frozenset({only}))
        case [int(first), int(last)]:
            return Weekdays(frozenset((first + step) % 7 for step in range((last - first) % 7 + 1)))
    return None


def _nth_weekday(text: str) -> DayRule | Sentence | None:
    nth: int | None
    if (found := _NTH.fullmatch(text)) is not None:
        nth, is_counted = _ORDINALS.get(found[1]), found[1][0].isdigit()
    elif (found := _CHINESE_NTH.fullmatch(text)) is not None:
        nth, is_counted = _count(found[1]) if found[1] else -1, True
    else:
        return None
    weekday = WEEKDAYS.get(found[2])
    if weekday is None or (nth is None and not is_counted):
        return None
    return NthWeekday(nth, weekday) if nth in (1, 2, 3, 4, 5, -1) else _no_nth(text)


def _date_span(text: str) -> DayRule | Sentence | None:
    ends = _TO.split(text)
    if len(ends) > 2 or not all(looks_like_a_date(end) for end in ends):
        return None
    first, last = date_in(ends[0]), date_in(ends[-1])
    if first is None or last is None:
        return no_such_day(ends[0] if first is None else ends[-1])
    if first > last:
        return Sentence(
            f"{shown(text)} 写反了：开始的日子在结束的后面。请写成 '{last}..{first}'。",
            f"{shown(text)} ends before it begins. Write '{last}..{first}'.",
        )
    return DateSpan(first, last)


def _month_day(text: str) -> DayRule | Sentence | None:
    found = _MONTH_DAY.fullmatch(text)
    if found is None:
        return None
    number = _count(found[1] or found[2])
    return MonthDay(number) if number is not None and 1 <= number <= 31 else no_such_day(text)


def _yearly(text: str) -> DayRule | Sentence | None:
    found = _YEARLY.fullmatch(text)
    if found is None:
        return None
    month, number = (_count(part) for part in found.groups() if part is not None)
    if month is None or number is None or not 1 <= month <= 12 or not 1 <= number <= _DAYS_IN_MONTHS[month - 1]:
        return no_such_day(text)
    return MonthDay(number, month)


def _lunar(text: str) -> DayRule | Sentence | None:
    if (each := _EACH_LUNAR_MONTH.fullmatch(text)) is not None:
        number = _LUNAR_DAYS.get(each[1] or each[2])
        return no_such_day(text) if number is None else LunarDay(0, number)
    found = _LUNAR.fullmatch(text)
    if found is None:
        return None
    month, number = _LUNAR_MONTHS.get(found[2]), _LUNAR_DAYS.get(found[3])
    if month is None or number is None:
        return no_such_day(text)
    return LunarDay(month, number, is_leap=found[1] is not None)


def _count(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else _CHINESE_NUMBERS.get(digits)


def _no_nth(text: str) -> Sentence:
    return Sentence(
        f"{shown(text)}：一个月里没有这一天。请写 '第一个周六' 到 '第五个周六'，或 '最后一个周六'。",
        f"{shown(text)} is in no month. Write '1st sat' to '5th sat', or 'last sat'.",
    )


def _no_rule(value: object) -> Sentence:
    close = closest(value, (*WORDS, *WEEKDAYS)) if isinstance(value, str) else ""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31:
        close = f"每月{value}日"
    return Sentence(
        f"{shown(value)} 不是日子的写法。"
        + (f"是不是 '{close}'？" if close else "")
        + "可以写 '每天'、'周一至周五'、'工作日'、'第一个周六'、'每月15日'、'2026-12-01'、'正月十五'、'清明' 等。",
        f"{shown(value)} is no way to write days."
        + (f" Did you mean '{close}'?" if close else "")
        + " Write for example 'daily', 'mon-fri', 'workdays', '1st sat', '15th', '2026-12-01', '正月十五' or '清明'.",
    )
