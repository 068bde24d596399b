"""The quiet hours that the owner agreed to, and those that schedule.toml wishes → those in force, and what would open.

Whatever is written into the file may make more hours quiet at once, and none loud: that needs the owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.timetable import StationSettings

SEASONS = (date(2026, 1, 15), date(2026, 7, 15))
"""Two days on which every zone shows all the time that it ever keeps."""
A_DAY_OF_MINUTES = tuple(time(minute // 60, minute % 60) for minute in range(24 * 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Quiet hours, and the clocks that they are told by."""

    hours: tuple[QuietHours, ...] = DEFAULT_QUIET_HOURS
    timezone: str

    def is_quiet(self, moment: datetime) -> bool:
        zone = ZoneInfo(self.timezone)
        return any(hours.is_quiet(moment, zone) for hours in self.hours)

    def __str__(self) -> str:
        return f"{told(self.hours)} ({self.timezone})"


def night_of(settings: StationSettings) -> Night:
    """What the settings wish."""
    return Night(hours=settings.quiet_hours, timezone=settings.timezone)


def kept_quiet(settings: StationSettings, agreed: Night) -> StationSettings:
    """The settings with their own quiet hours and those of *agreed*, on the clocks of each."""
    kept = tuple(replace(hours, timezone=hours.timezone or agreed.timezone) for hours in agreed.hours)
    return replace(settings, quiet_hours=settings.quiet_hours + kept)


def opened(agreed: Night, wished: Night) -> tuple[QuietHours, ...]:
    """The hours, on the clocks of *wished*, that are quiet by *agreed* and would be loud; none: nothing opens."""
    if agreed == wished:
        return ()
    moments = sorted({*A_DAY_OF_MINUTES, *_edges(agreed, wished.timezone), *_edges(wished, wished.timezone)})
    days = SEASONS if agreed.timezone != wished.timezone else SEASONS[:1]
    zone = ZoneInfo(wished.timezone)

    def opens(moment: time) -> bool:
        instants = (datetime.combine(day, moment, zone) for day in days)
        return any(agreed.is_quiet(instant) and not wished.is_quiet(instant) for instant in instants)

    ends = dict(zip(moments, [*moments[1:], moments[0]], strict=True))
    spans = [
        [span[0], ends[span[-1]]]
        for is_opened, group in groupby(moments, key=opens)
        if is_opened and (span := list(group))
    ]
    if len(spans) > 1 and spans[0][0] == time() == spans[-1][1]:
        spans[0][0] = spans.pop()[0]
    return tuple(QuietHours(start, end) for start, end in spans)


def told(hours: Iterable[QuietHours]) -> str:
    """``21:00-06:30, 12:00-14:00``."""
    return ", ".join(f"{_short(span.start)}-{_short(span.end)}" for span in hours)


def _edges(night: Night, timezone: str) -> Iterable[time]:
    """Where something begins or ends, on the clocks of *timezone*."""
    for span in night.hours:
        for edge in (span.start, span.end):
            own = ZoneInfo(span.timezone or night.timezone)
            for day in SEASONS:
                yield datetime.combine(day, edge, own).astimezone(ZoneInfo(timezone)).time()


def _short(moment: time) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
