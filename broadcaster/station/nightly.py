"""The backup of every night: begun once a day when its time has come and the clock can be trusted, off the air path."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from broadcaster.errors import Refused
from broadcaster.model.timetable import BackupSettings
from broadcaster.model.words import Sentence
from broadcaster.station.backupdesk import NIGHTLY, BackupDesk
from broadcaster.station.faults import Faults

log = logging.getLogger(__name__)

FAULT = "backup"
FIRST_AFTER = timedelta(minutes=10)
"""After a start: what was missed while the station was off waits until all else is done."""
AGAIN_AFTER = timedelta(hours=1)
"""A backup that failed is tried again then."""


class Nightly:
    """Looked at in every turn; costs nothing until something is due."""

    def __init__(self, desk: BackupDesk, faults: Faults, begin: Callable[[], object] | None = None) -> None:
        self._desk = desk
        self._faults = faults
        self._begin = begin or (lambda: desk.begin(NIGHTLY))
        self._done: datetime | None = None
        self._next_try: datetime | None = None
        self._is_on_the_way = False

    def turn(self, settings: BackupSettings, now: datetime, *, is_trusted: bool) -> None:
        """*now*: on the station's own clock. Never raises."""
        if self._is_on_the_way:
            self._look(settings, now)
        if self._next_try is None:
            self._next_try = now + FIRST_AFTER
        if not is_trusted or settings.at is None or now < self._next_try:
            return
        due = datetime.combine(now.date(), settings.at, tzinfo=now.tzinfo)
        due = due if due <= now else due - timedelta(days=1)
        last = self._last()
        if last is not None and last >= due:
            self._next_try = due + timedelta(days=1)
            return
        self._next_try = now + AGAIN_AFTER
        try:
            self._begin()
            self._is_on_the_way = True
        except Refused as error:
            log.warning("the backup of the night waits: %s", error.sentence.en)

    def _look(self, settings: BackupSettings, now: datetime) -> None:
        if self._desk.is_busy():
            return
        self._is_on_the_way = False
        failed = self._desk.failed
        if failed is not None:
            self._faults.tell(
                FAULT,
                Sentence(f"夜里的备份没有做成：{failed.zh}", f"the backup of the night was not made: {failed.en}"),
                now,
            )
            return
        self._faults.mend(FAULT)
        self._done = self._next_try = now
        self._desk.clear(settings.keep_days)

    def _last(self) -> datetime | None:
        """When the last one was made, also by an earlier run of the station."""
        made = [one.made_at for one in self._desk.all() if one.kind == NIGHTLY]
        return max((*made, *((self._done,) if self._done else ())), default=None)
