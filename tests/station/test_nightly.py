"""The backup of every night: once, at its time, when the clock can be trusted; and it is said when it fails."""

from datetime import time, timedelta

import pytest

from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.timetable import BackupSettings
from broadcaster.model.words import Sentence
from broadcaster.station.backupdesk import BY_HAND, MOST_KEPT, NIGHTLY, BackupDesk
from broadcaster.station.faults import Faults
from broadcaster.station.nightly import Nightly
from tests.station.conftest import at, write_station

SETTINGS = BackupSettings()


class Desk:
    """A desk whose backups end when the test says so."""

    def __init__(self):
        self.begun, self.made, self.failed, self.busy, self.cleared = [], [], None, False, []

    def all(self):
        return tuple(self.made)

    def is_busy(self):
        return self.busy

    def clear(self, days):
        self.cleared.append(days)


class Night:
    def __init__(self, moment, settings=SETTINGS):
        self.now, self.settings = at(moment), settings
        self.desk, self.faults = Desk(), Faults()
        self.nightly = Nightly(self.desk, self.faults, lambda: self.desk.begun.append(self.now))

    def until(self, moment, *, is_trusted=True):
        end = at(moment)
        while self.now < end:
            self.nightly.turn(self.settings, self.now, is_trusted=is_trusted)
            self.now += timedelta(minutes=1)
        return [f"{one:%d %H:%M}" for one in self.desk.begun]


def test_once_a_night_at_its_time():
    night = Night("2026-11-24 00:00")
    assert night.until("2026-11-24 00:10") == []
    night.nightly._done = at("2026-11-23 03:10")

    assert night.until("2026-11-27 12:00") == ["24 03:10", "25 03:10", "26 03:10", "27 03:10"]
    assert night.desk.cleared == [14] * 4


def test_what_was_missed_is_made_ten_minutes_after_the_start():
    assert Night("2026-11-24 08:00").until("2026-11-24 23:00") == ["24 08:10"]


def test_not_while_the_clock_is_not_trusted_and_not_when_nobody_wants_it():
    night = Night("2026-11-24 08:00")
    assert night.until("2026-11-24 09:00", is_trusted=False) == []
    assert night.until("2026-11-24 09:05") == ["24 09:00"]
    assert Night("2026-11-24 00:00", BackupSettings(at=None)).until("2026-11-25 12:00") == []
    late = BackupSettings(at=time(13, 30))
    assert Night("2026-11-24 13:00", late).until("2026-11-25 13:00") == ["24 13:10", "24 13:30"]


def test_a_backup_that_fails_is_a_fault_and_is_tried_again_in_an_hour():
    night = Night("2026-11-24 08:00")
    night.desk.failed = Sentence("磁盘满了。", "the disk is full.")
    assert night.until("2026-11-24 09:15") == ["24 08:10", "24 09:10"]
    [fault] = night.faults.all()
    assert fault.what == Sentence(
        "夜里的备份没有做成：磁盘满了。", "the backup of the night was not made: the disk is full."
    )

    night.desk.failed = None
    night.until("2026-11-24 10:15")
    assert night.faults.all() == () and len(night.desk.begun) == 3


@pytest.fixture
def desk(tmp_path):
    write_station(tmp_path)
    desk = BackupDesk(Home(tmp_path), name=lambda: "试验村", now=lambda: at("2026-11-24 03:10"), restored=lambda: None)
    yield desk
    desk.close()


def lay(desk, *names):
    folder = desk._folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")


def test_old_ones_go_and_what_is_not_ours_stays(desk):
    days = [f"dalaba-2026-11-{day:02}-031000-nightly.zip" for day in range(1, 25)]
    byhand = [f"dalaba-2026-10-{day:02}-120000-by-hand.zip" for day in range(1, 15)]
    lay(desk, *days, *byhand, "mine.zip")
    desk.clear(14)

    assert [one.name for one in desk.all() if one.kind == NIGHTLY] == days[9:][::-1]
    assert [one.name for one in desk.all() if one.kind == BY_HAND] == byhand[-MOST_KEPT:][::-1]
    assert (desk._folder / "mine.zip").exists()


@pytest.mark.slow
def test_a_process_of_its_own_makes_it_and_nobody_else_may_meanwhile(desk):
    name = desk.begin(NIGHTLY)
    with pytest.raises(Refused):
        desk.begin()
    assert desk.wait(timedelta(minutes=2))
    assert [one.name for one in desk.all()] == [name] == ["dalaba-2026-11-24-031000-nightly.zip"]
    assert not desk.is_busy() and desk.failed is None


@pytest.mark.slow
def test_why_a_process_could_not_make_it_is_told(desk):
    desk._home.var.mkdir(exist_ok=True)
    desk._folder.write_text("a file in the place of the folder")
    desk.begin()
    with pytest.raises(Refused) as refused:
        desk.wait(timedelta(minutes=2))

    assert refused.value.sentence.zh.startswith("备份没有做成：")
