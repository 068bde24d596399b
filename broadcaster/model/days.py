"""Which days a slot falls on, as rules, and what the owner knows of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Daily:
    pass


@dataclass(frozen=True, slots=True)
class Weekdays:
    days: frozenset[int]
    """Monday is 0, as in ``date.weekday``."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Days on which people work, make-up days (调休) included."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off: public holidays and weekends that are not make-up days."""


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """``1st sat``, ``last fri`` of each month."""

    nth: int
    """1 to 5, or -1 for the last."""
    weekday: int


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every month, ``1st`` or ``15th``, or of one month each year, ``10-01``."""

    day: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """From one date to another, both included; one date when they are equal."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar year, for example 正月十五."""

    month: int
    """0: every month, leap months included (每月初一)."""
    day: int
    """1 to 30; -1 is the month's last day, so 除夕 is month 12, day -1."""
    is_leap: bool = False
    """True: only in the leap month of that number (闰四月). False: only in the ordinary one."""


@dataclass(frozen=True, slots=True)
class SolarTerm:
    name: str
    """Chinese, for example 清明."""


SOLAR_TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)
"""In the order of the calendar year, two in each month."""


DayRule = Daily | Weekdays | Workdays | Holidays | NthWeekday | MonthDay | DateSpan | LunarDay | SolarTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the owner knows of days better than any library: extra days off, extra make-up workdays."""

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


class DayOff(StrEnum):
    """What the holidays make of a day, where it is not as its weekday says."""

    OFF = "off"
    """休: people have it off for a holiday."""
    MAKE_UP = "make_up"
    """班: a weekend day on which people work (调休)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarks:
    """What a wall calendar prints on one day."""

    day: date
    lunar: str = ""
    """腊月二十三; empty where it is not known."""
    lunar_short: str = ""
    """As in a box of a month: 廿三, and 腊月 on its first day."""
    festivals: tuple[str, ...] = ()
    solar_term: str = ""
    off: DayOff | None = None
