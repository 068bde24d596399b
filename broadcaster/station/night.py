"""Which quiet hours the owner agreed to, kept in a file of their own that outlives the database.

A schedule.toml that would make a quiet hour loud, by other hours or by another time zone, is in force but for that,
until the owner has agreed; more quiet is in force at once.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.people import Deed
from broadcaster.model.timetable import StationSettings
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.ports import Trail
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.night import Night, kept_quiet, night_of, opened, told
from broadcaster.written import read_written

log = logging.getLogger(__name__)

SOMETHING_ELSE = Sentence(
    "您看的时候，静音时段又被改过了，没有放开。请看看现在的样子，再同意一次。",
    "the quiet hours were changed while you were looking, so nothing was opened. Look at them as they are now.",
)
NOTHING_ASKED = Sentence(
    "节目表里的静音时段都已生效，没有要同意的。",
    "the quiet hours of the timetable are all in force; there is nothing to agree to.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightAsked:
    """schedule.toml wishes hours to be loud that are quiet; the owner has not agreed yet."""

    agreed: str
    """The quiet hours that stay in force: ``21:00-06:30 (Asia/Shanghai)``."""
    wished: str
    """Those of schedule.toml, in the same form: what an owner agrees to."""
    opens: str
    """The hours that would be loud, on the clocks of schedule.toml."""

    @property
    def what(self) -> Sentence:
        return Sentence(
            f"节目表要把夜里的 {self.opens} 放开，站长还没有同意，仍按 {self.agreed} 静音。"
            "站长同意：在网页的设置里按，或者运行 dalaba open-night。",
            f"the timetable would open {self.opens} at night, and no owner has agreed: {self.agreed} stays quiet. "
            "An owner agrees on the page under Settings, or with: dalaba open-night.",
        )

    @property
    def complaint(self) -> Complaint:
        return Complaint(file="schedule.toml", path="station.quiet_hours", what=self.what, severity=Severity.WARNING)


class NightKeeper:
    """Of one home folder."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._agreed: Night | None = None
        self._is_read = False
        self._unkept = ""
        self._wished: Night | None = None
        self.asked: NightAsked | None = None

    def see(self, written: StationSettings) -> None:
        """A schedule.toml without mistakes: what it wishes, before anything else is kept of it."""
        self._wished = wished = night_of(written)
        self._read(wished.timezone)
        opens = opened(self._agreed, wished) if self._agreed is not None else ()
        if not opens:
            self._agree(wished, "")
        self.asked = (
            NightAsked(agreed=str(self._agreed), wished=str(wished), opens=told(opens))
            if opens and self._agreed is not None
            else None
        )

    def in_force(self, settings: StationSettings) -> StationSettings:
        """*settings*, as quiet as was agreed at the least, wherever they come from."""
        self._read(settings.timezone)
        agreed = self._agreed
        return settings if agreed is None or not opened(agreed, night_of(settings)) else kept_quiet(settings, agreed)

    def accept(self, wished: str, *, who: str, now: datetime, trail: Trail) -> None:
        """The owner *who* agrees to *wished*, as ``NightAsked`` says it, and the trail of deeds says so.

        Raises Refused, or StoreFailed: nothing was opened then.
        """
        if self.asked is None or self._wished is None:
            raise Refused(NOTHING_ASKED)
        if wished != self.asked.wished:
            raise Refused(SOMETHING_ELSE)
        before, after = self.asked.agreed, self.asked.wished
        trail.note(Deed(at=now, who=who, what="night.open", subject="quiet_hours", before=before, after=after))
        log.warning("%s agreed to quiet hours %s; they were %s", who, after, before)
        self._agree(self._wished, who, now)
        self.asked = None

    def keep(self) -> None:
        """Write what could not be written before, if the disk lets us."""
        if not self._unkept:
            return
        try:
            self._home.var.mkdir(parents=True, exist_ok=True)
            write_durably(self._home.agreed_night, self._unkept.encode())
        except OSError as error:
            log.warning("the agreed quiet hours cannot be kept: %s", error)
        else:
            self._unkept = ""

    def _agree(self, night: Night, who: str, now: datetime | None = None) -> None:
        if night == self._agreed:
            return
        self._agreed = night
        hours = [[span.start.isoformat(), span.end.isoformat()] for span in night.hours]
        kept = {"quiet_hours": hours, "timezone": night.timezone, "who": who, "at": now.isoformat() if now else None}
        self._unkept = json.dumps(kept, ensure_ascii=False)
        self.keep()

    def _read(self, timezone: str) -> None:
        if self._is_read:
            return
        self._is_read = True
        try:
            kept = json.loads(self._home.agreed_night.read_text(encoding="utf-8"))
            self._agreed = _read_night(kept)
        except FileNotFoundError:
            self._agreed = self._night_of_old(timezone)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the agreed quiet hours cannot be read, the usual ones are kept: %s", error)
            self._agreed = Night(timezone=timezone)

    def _night_of_old(self, timezone: str) -> Night | None:
        """Of a station that ran before agreements were kept; None: it never ran, and its first timetable counts."""
        try:
            written = read_written(self._home.good_schedule.read_bytes())
        except FileNotFoundError:
            return None
        except OSError:
            written = None
        schedule = parse_schedule(written.text).schedule if written is not None else None
        return night_of(schedule.station) if schedule is not None else Night(timezone=timezone)


def _read_night(kept: Any) -> Night:
    """Raises ValueError, KeyError or TypeError where it is no such thing."""
    spans = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in kept["quiet_hours"]]
    hours = tuple(QuietHours(start, end) for start, end in spans)
    return Night(hours=hours or DEFAULT_QUIET_HOURS, timezone=ZoneInfo(str(kept["timezone"])).key)
