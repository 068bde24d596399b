"""Hours of the day in which something holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of local time in which only an emergency may sound; wraps midnight when end <= start."""

    start: time
    end: time
    timezone: str = ""
    """On whose clocks; empty: the station's own."""

    def is_quiet(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the aware *moment* falls into it, at a station of *zone*."""
        return self.contains(moment.astimezone(ZoneInfo(self.timezone) if self.timezone else zone).time())

    def contains(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


DEFAULT_QUIET_HOURS = (QuietHours(time(21, 0), time(6, 30)),)
