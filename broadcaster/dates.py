"""A rule and a calendar → does it fall on this day? And what a day is: weekday, lunar date, festival, solar term. Pure.

Asked for every slot of every day of a year, so facts of a lunar year and of a day are worked out once and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import floor
from types import MappingProxyType

import chinese_calendar
from lunar_python import LunarYear

from broadcaster.model.days import (
    SOLAR_TERMS,
    Calendar,
    Daily,
    DateSpan,
    DayMarks,
    DayOff,
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

FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1900, 2199
"""Outside these years no day has a lunar date or a solar term."""

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
LUNAR_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")

_SOLAR_FESTIVALS = {
    (1, 1): "元旦",
    (3, 8): "妇女节",
    (3, 12): "植树节",
    (5, 1): "劳动节",
    (5, 4): "青年节",
    (6, 1): "儿童节",
    (7, 1): "建党节",
    (8, 1): "建军节",
    (9, 10): "教师节",
    (10, 1): "国庆节",
}
_LUNAR_FESTIVALS = {
    (1, 1): "春节",
    (1, 15): "元宵节",
    (2, 2): "龙抬头",
    (5, 5): "端午节",
    (7, 7): "七夕节",
    (8, 15): "中秋节",
    (9, 9): "重阳节",
    (12, 8): "腊八节",
}
_TERM_FESTIVALS = {"清明": "清明节", "秋分": "农民丰收节"}

_ORDINAL_OF_JULIAN_DAY_0 = -1_721_425
"""``date.toordinal`` of a day = its Julian day at noon + this."""


def falls_on(rule: DayRule, day: date, calendar: Calendar) -> bool:
    """Whether *rule* falls on *day*. Never raises; where holidays are not known, Monday to Friday are workdays."""
    match rule:
        case Daily():
            return True
        case Weekdays(days):
            return day.weekday() in days
        case DateSpan(first, last):
            return first <= day <= last
        case MonthDay(number, month):
            return day.day == number and (month is None or day.month == month)
        case NthWeekday(nth, weekday):
            return day.weekday() == weekday and _is_nth_of_month(nth, day)
        case Workdays():
            return _is_workday(day, calendar)
        case Holidays():
            return not _is_workday(day, calendar)
        case LunarDay(month, number, is_leap):
            lunar = lunar_date(day)
            if lunar is None or (month != 0 and (lunar.month != month or lunar.is_leap != is_leap)):
                return False
            return lunar.is_last if number == -1 else lunar.day == number
        case SolarTerm(name):
            return _solar_term(day) == name


def holidays_known(day: date) -> bool:
    """Whether public holidays and make-up days of the year of *day* are known."""
    return _is_official_workday(day) is not None


def unknown_holidays_note(year: int) -> Sentence:
    """What to tell people about workdays and holidays of a year that nobody has announced to this station."""
    return Sentence(
        f"还不知道 {year} 年的放假和调休安排，工作日先按星期一到星期五算。"
        "请照国务院的通知，把放假的日子写进 schedule.toml 的 [calendar] days_off，把补班的日子写进 workdays。",
        f"public holidays and make-up days of {year} are not known yet, so Monday to Friday count as workdays. "
        "Add the announced days off to days_off and the make-up days to workdays in [calendar] of schedule.toml.",
    )


def day_facts(day: date, calendar: Calendar) -> dict[str, object]:
    """What scripts may say of *day*: today, weekday and, where there is one, lunar, festival and solar_term.

    A day that *calendar* makes a workday keeps its festival: people work, and it is a festival all the same.
    """
    facts: dict[str, object] = {"today": f"{day.month}月{day.day}日", "weekday": WEEKDAYS[day.weekday()]}
    if (lunar := lunar_date(day)) is not None:
        facts["lunar"] = lunar.words
    if festivals := _festivals(day):
        facts["festival"] = "、".join(festivals)
    if term := _solar_term(day):
        facts["solar_term"] = term
    return facts


def day_marks(day: date, calendar: Calendar) -> DayMarks:
    """What a wall calendar prints on *day*."""
    lunar = lunar_date(day)
    return DayMarks(
        day=day,
        lunar=lunar.words if lunar else "",
        lunar_short=lunar.short if lunar else "",
        festivals=_festivals(day),
        solar_term=_solar_term(day),
        off=_day_off(day, calendar),
    )


# --- weekdays and holidays --------------------------------------------------------------------------------------


def _is_nth_of_month(nth: int, day: date) -> bool:
    if nth == -1:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == nth


def _is_workday(day: date, calendar: Calendar) -> bool:
    if day in calendar.days_off:
        return False
    if day in calendar.workdays:
        return True
    official = _is_official_workday(day)
    return day.weekday() < 5 if official is None else official


def _day_off(day: date, calendar: Calendar) -> DayOff | None:
    if _is_workday(day, calendar):
        return DayOff.MAKE_UP if day.weekday() >= 5 else None
    is_more_than_a_weekend = day.weekday() < 5 or day in calendar.days_off or _is_official_holiday(day)
    return DayOff.OFF if is_more_than_a_weekend else None


@lru_cache(maxsize=4096)
def _is_official_holiday(day: date) -> bool:
    """Whether *day* is off for a holiday with a name, weekends within it included."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(is_off and name)


@lru_cache(maxsize=4096)
def _is_official_workday(day: date) -> bool | None:
    """As the State Council announced it. None: not known for this year."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


# --- the lunar calendar -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarDate:
    """A day of the lunar calendar."""

    month: int
    day: int
    is_leap: bool
    is_last: bool
    """Whether it is the last day of its month."""

    @property
    def words(self) -> str:
        """As people say it: 腊月二十三, 闰六月初一."""
        return self._month + self._number

    @property
    def short(self) -> str:
        """As a box of a wall calendar has room for: 廿三, and the month on its first day."""
        if self.day == 1:
            return self._month
        return "廿" + _DIGITS[self.day - 20] if 20 < self.day < 30 else self._number

    @property
    def _month(self) -> str:
        return ("闰" if self.is_leap else "") + LUNAR_MONTHS[self.month - 1]

    @property
    def _number(self) -> str:
        tens, ones = divmod(self.day, 10)
        if self.day <= 10:
            return "初" + _DIGITS[self.day]
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + _DIGITS[ones]


@lru_cache(maxsize=4096)
def lunar_date(day: date) -> LunarDate | None:
    """The lunar date of *day*; None outside the years that are known."""
    if not FIRST_LUNAR_YEAR < day.year <= LAST_LUNAR_YEAR:
        return None
    ordinal = day.toordinal()
    months = _lunar_months(day.year)
    if ordinal < months[0].first:
        months = _lunar_months(day.year - 1)
    month = months[bisect_right(months, ordinal, key=lambda month: month.first) - 1]
    number = ordinal - month.first + 1
    return LunarDate(month=month.number, day=number, is_leap=month.is_leap, is_last=number == month.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LunarMonth:
    first: int
    """Ordinal of its first day."""
    number: int
    is_leap: bool
    days: int


@lru_cache(maxsize=64)
def _lunar_months(year: int) -> tuple[_LunarMonth, ...]:
    """The months of a lunar year, 正月 first."""
    return tuple(
        _LunarMonth(
            first=floor(month.getFirstJulianDay()) + _ORDINAL_OF_JULIAN_DAY_0,
            number=abs(month.getMonth()),
            is_leap=month.getMonth() < 0,
            days=month.getDayCount(),
        )
        for month in LunarYear(year).getMonths()
        if month.getYear() == year
    )


def _solar_term(day: date) -> str:
    """The solar term that begins on *day*; empty for most days."""
    if not FIRST_LUNAR_YEAR < day.year <= LAST_LUNAR_YEAR:
        return ""
    return _solar_terms(day.year).get(day, "")


@lru_cache(maxsize=64)
def _solar_terms(year: int) -> MappingProxyType[date, str]:
    """The 24 solar terms of a calendar year, by their days in China."""
    # The library's list runs from 大雪 of the year before to 惊蛰 of the year after.
    instants = LunarYear(year).getJieQiJulianDays()[2:26]
    return MappingProxyType(
        {
            date.fromordinal(floor(instant + 0.5) + _ORDINAL_OF_JULIAN_DAY_0): name
            for name, instant in zip(SOLAR_TERMS, instants, strict=True)
        }
    )


def _festivals(day: date) -> tuple[str, ...]:
    """The day's festivals, the widest known first."""
    found = [_SOLAR_FESTIVALS.get((day.month, day.day), ""), _TERM_FESTIVALS.get(_solar_term(day), "")]
    lunar = lunar_date(day)
    if lunar is not None and not lunar.is_leap:
        found.append(_LUNAR_FESTIVALS.get((lunar.month, lunar.day), ""))
        if lunar.month == 12 and lunar.is_last:
            found.append("除夕")
    return tuple(festival for festival in found if festival)
