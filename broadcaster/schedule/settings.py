"""[station], [backup] and [calendar] → the settings of the station."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import chain
from zoneinfo import ZoneInfo

from broadcaster.model.days import Calendar
from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.timetable import BackupSettings, StationSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import closest, shown
from broadcaster.schedule.days import dates
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import (
    choice,
    flag,
    plain,
    time_of_day,
    whole,
    words,
)

LANGUAGES = {language: language for language in ("zh-CN", "zh", "en")}
COMMON_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "UTC")
LEAST_QUIET_MINUTES = 6 * 60
NEVER_LOUD = Sentence(
    '合起来是一整天，什么都播不了。请写成 ["21:00-06:30"]。',
    'together they are the whole day; nothing could be heard. Write it like ["21:00-06:30"].',
)
NO_QUIET_HOURS = Sentence(
    "'[]' 是空的：夜里不能没有静音时段。请写 [\"21:00-06:30\"]，或者删掉这一行。",
    "'[]' is empty, and nights without quiet hours are not allowed. Write [\"21:00-06:30\"], or take the line out.",
)


def read_station(table: Table) -> StationSettings:
    table.only(KEYS["station"])
    usual = StationSettings()
    return StationSettings(
        name=table.read("name", words(60, may_be_empty=False), usual.name),
        timezone=table.read("timezone", _timezone, usual.timezone),
        language=table.read("language", choice(Sentence("语言", "language"), LANGUAGES), usual.language),
        quiet_hours=_quiet_hours(table),
        is_strict=table.read("strict", flag, usual.is_strict),
    )


def _timezone(value: object) -> str | Sentence:
    text = value.strip() if isinstance(value, str) else ""
    try:
        ZoneInfo(text)
    # Unknown names are KeyErrors; a folder's name, a path or a NUL ends in OSError or ValueError.
    except (KeyError, ValueError, OSError):
        close = closest(text, COMMON_ZONES)
        return Sentence(
            f"{shown(value)} 不是时区。" + (f"是不是 '{close}'？" if close else "") + "在中国请写 'Asia/Shanghai'。",
            f"{shown(value)} is no time zone."
            + (f" Did you mean '{close}'?" if close else "")
            + " In China write 'Asia/Shanghai'.",
        )
    return text


def _quiet_hours(table: Table) -> tuple[QuietHours, ...]:
    if table.values.get("quiet_hours") == []:
        table.complain("quiet_hours", NO_QUIET_HOURS)
        return DEFAULT_QUIET_HOURS
    found = table.read_each("quiet_hours", _quiet_span, DEFAULT_QUIET_HOURS)
    minutes = _minutes_of(found)
    if minutes == 24 * 60:
        table.complain("quiet_hours", NEVER_LOUD)
    if minutes < LEAST_QUIET_MINUTES:
        table.warn(
            "quiet_hours",
            Sentence(
                f'一天只有 {minutes} 分钟静音，夜里可能扰民。一般写 ["21:00-06:30"]。',
                f"only {minutes} minutes a day are quiet; people may be woken at night. "
                'Most stations write ["21:00-06:30"].',
            ),
        )
    return found


def _quiet_span(value: object) -> QuietHours | Sentence:
    ends = re.split(r"\s*(?:-|–|—+|~|至|到)\s*", plain(value)) if isinstance(value, str) else []
    match [time_of_day(end) for end in ends]:
        case [start, end] if not isinstance(start, Sentence) and not isinstance(end, Sentence):
            if start == end:
                return Sentence(
                    f"{shown(value)} 是一整天，什么都播不了。请写成 '21:00-06:30'。",
                    f"{shown(value)} is the whole day; nothing could be heard. Write it like '21:00-06:30'.",
                )
            return QuietHours(start, end)
    return Sentence(
        f"{shown(value)} 不是一段时间。请写成 '21:00-06:30'。",
        f"{shown(value)} is not a span of time. Write it like '21:00-06:30'.",
    )


def _minutes_of(spans: tuple[QuietHours, ...]) -> int:
    """How many minutes of a day are quiet."""
    minutes = (time(minute // 60, minute % 60) for minute in range(24 * 60))
    return sum(any(span.contains(minute) for span in spans) for minute in minutes)


def read_backup(table: Table) -> BackupSettings:
    table.only(KEYS["backup"])
    usual = BackupSettings()
    return BackupSettings(
        at=table.read("at", _time_or_never, usual.at),
        keep_days=table.read("keep_days", whole(1, 400), usual.keep_days),
    )


def _time_or_never(value: object) -> time | Sentence | None:
    return None if value == "" else time_of_day(value)


def read_calendar(table: Table) -> Calendar:
    table.only(KEYS["calendar"])
    days_off = frozenset(chain(*_dates(table, "days_off")))
    workdays = frozenset(chain(*_dates(table, "workdays")))
    for day in sorted(days_off & workdays):
        table.complain(
            "workdays",
            Sentence(
                f"'{day}' 又是放假又是上班。请从 days_off 或者 workdays 里去掉一个。",
                f"'{day}' is both a day off and a workday. Take it out of days_off or out of workdays.",
            ),
        )
    return Calendar(days_off=days_off, workdays=workdays)


def _dates(table: Table, key: str) -> tuple[tuple[date, ...], ...]:
    return () if table.values.get(key) == [] else table.read_each(key, dates, ())
