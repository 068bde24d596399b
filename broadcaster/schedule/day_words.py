"""Day rules → words for people; the days of a slot ⇄ boxes to tick, and words for the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from broadcaster.model.days import (
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
from broadcaster.schedule.days import days

WEEKDAY_TICKS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS: tuple[str, ...] = ("", *"一二三四五六七八九十")
_MONTHS = ("每月", "正月", *(f"{number}月" for number in "二三四五六七八九十"), "冬月", "腊月")
_NTH = {
    1: ("第一个", "1st"),
    2: ("第二个", "2nd"),
    3: ("第三个", "3rd"),
    4: ("第四个", "4th"),
    5: ("第五个", "5th"),
} | {-1: ("最后一个", "last")}


def said(rules: Iterable[DayRule]) -> Sentence:
    """When a slot is heard: 每周一、周三."""
    each = [_said(rule) for rule in merged(rules)]
    return Sentence("、".join(one.zh for one in each), ", ".join(one.en for one in each))


def merged(rules: Iterable[DayRule]) -> tuple[DayRule, ...]:
    """The same days, with all weekdays in one rule, at the place of the first."""
    rules = tuple(dict.fromkeys(rules))
    weekdays = frozenset[int]().union(*(rule.days for rule in rules if isinstance(rule, Weekdays)))
    together: DayRule = Weekdays(weekdays)
    return tuple(dict.fromkeys(together if isinstance(rule, Weekdays) else rule for rule in rules))


def split_days(value: object) -> tuple[frozenset[str], tuple[str, ...]]:
    """The days as they are written → boxes to tick, and the words that have none."""
    ticks: set[str] = set()
    words: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        found = days(each)
        boxes = [_boxes(rule) for rule in found] if isinstance(found, tuple) else [None]
        if all(box is not None for box in boxes):
            ticks.update(tick for box in boxes if box is not None for tick in box)
        else:
            words.append(each.isoformat() if isinstance(each, date) else str(each))
    return frozenset(ticks), tuple(words)


def _boxes(rule: DayRule) -> tuple[str, ...] | None:
    match rule:
        case Daily():
            return ("daily",)
        case Workdays():
            return ("workdays",)
        case Holidays():
            return ("holidays",)
        case Weekdays(numbers):
            return tuple(WEEKDAY_TICKS[number] for number in sorted(numbers))
    return None


def _said(rule: DayRule) -> Sentence:
    match rule:
        case Daily():
            return Sentence("每天", "every day")
        case Workdays():
            return Sentence("工作日", "workdays")
        case Holidays():
            return Sentence("节假日", "days off")
        case Weekdays(numbers):
            return _said_weekdays(sorted(numbers))
        case NthWeekday(nth, weekday):
            return Sentence(f"每月{_NTH[nth][0]}{_ZH[weekday]}", f"the {_NTH[nth][1]} {_EN[weekday]} of the month")
        case MonthDay(number, None):
            return Sentence(f"每月{number}日", f"day {number} of each month")
        case MonthDay(number, month):
            return Sentence(f"每年{month}月{number}日", f"each year on {month:02}-{number:02}")
        case DateSpan(first, last):
            return (
                Sentence(f"{first}", f"{first}") if first == last else Sentence(f"{first}至{last}", f"{first}..{last}")
            )
        case LunarDay(month, number, is_leap):
            return _said_lunar(month, number, is_leap=is_leap)
        case SolarTerm(name):
            return Sentence(f"{name}当天", f"the day of {name}")


def _said_weekdays(numbers: list[int]) -> Sentence:
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return Sentence(f"{_ZH[numbers[0]]}至{_ZH[numbers[-1]]}", f"{_EN[numbers[0]]} to {_EN[numbers[-1]]}")
    return Sentence("、".join(_ZH[number] for number in numbers), ", ".join(_EN[number] for number in numbers))


def _said_lunar(month: int, number: int, *, is_leap: bool) -> Sentence:
    if (month, number) == (12, -1):
        return Sentence("除夕", "the eve of the lunar new year")
    words = f"农历{'闰' if is_leap else ''}{_MONTHS[month]}{lunar_day(number)}"
    return Sentence(words, words)


def lunar_day(number: int) -> str:
    """初一 … 三十."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return "初" + _NUMBERS[number]
    return ("" if tens == 1 else _NUMBERS[tens]) + "十" + _NUMBERS[ones]
