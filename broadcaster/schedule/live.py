"""[live] → how long people may speak live, how unevenly it may come, and what is kept of it."""

from __future__ import annotations

from broadcaster.model.timetable import LiveSettings
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import length, whole


def read_live(table: Table) -> LiveSettings:
    table.only(KEYS["live"])
    usual = LiveSettings()
    return LiveSettings(
        longest=table.read("longest", length("10s", "4h"), usual.longest),
        jitter=table.read("jitter", length("20ms", "1s"), usual.jitter),
        silence=table.read("silence", length("1s", "60s"), usual.silence),
        keep_days=table.read("keep_days", whole(1, 3650), usual.keep_days),
        keep_gb=table.read("keep_gb", whole(1, 1000), usual.keep_gb),
    )
