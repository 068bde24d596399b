"""What the store does when the disk does not obey, and that it comes back by itself."""

import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading

import pytest
from sqlalchemy import event

from broadcaster.errors import StoreFailed
from broadcaster.model.airing import Skip
from broadcaster.model.approval import Verdict
from broadcaster.model.words import Fate, Sentence
from broadcaster.store import Store, open_store
from broadcaster.store.database import Database, sqlite_engine
from broadcaster.store.migrations import STEPS
from tests.fakes_store import MemoryStore
from tests.store.contract import DAY, GBK, MORNING, READING, decision, entry


@pytest.fixture
def path(tmp_path):
    return tmp_path / "station.db"


@pytest.fixture
def store(path):
    store = open_store(path)
    yield store
    store.close()


class Disk:
    """A SQLite file on a disk whose manners can be spoiled, for connections that are open already as well."""

    def __init__(self, path):
        self.pragmas = HEALTHY
        engine = sqlite_engine(path, longest_wait_s=0.05)
        event.listen(engine, "checkout", self._spoil)
        self.store = Store(Database(engine, path))

    def _spoil(self, connection, _record, _proxy):
        for pragma in self.pragmas:
            connection.execute(f"PRAGMA {pragma}").close()


HEALTHY = ("query_only=OFF", "max_page_count=100000")
FULL = ("max_page_count=1",)
READ_ONLY = ("query_only=ON",)


@pytest.fixture
def disk(path):
    disk = Disk(path)
    yield disk
    disk.store.close()


def failure(call, *arguments):
    with pytest.raises(StoreFailed) as caught:
        call(*arguments)
    return caught.value.sentence


# --- troubles -------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_the_store_works_again_when_there_is_room(disk):
    disk.store.memory.remember("clock", "1")
    disk.pragmas = FULL

    assert failure(disk.store.memory.remember, "clock", "x" * 100_000) == Sentence(
        "磁盘满了，数据库写不进去。请腾出空间，比如删掉 var/clips 里的文件。",
        "the disk is full, so the database cannot be written. Free some space, for example in var/clips.",
    )
    assert disk.store.memory.recall("clock") == "1"

    disk.pragmas = HEALTHY
    disk.store.memory.remember("clock", "x" * 100_000)


def test_a_disk_that_turned_read_only_is_told(disk):
    disk.store.memory.remember("clock", "1")
    disk.pragmas = READ_ONLY

    assert failure(disk.store.log.write, entry()).zh == (
        "数据库只能读，写不进去。请看磁盘是不是变成了只读，文件的权限对不对。"
    )
    assert disk.store.memory.recall("clock") == "1"

    disk.pragmas = HEALTHY
    disk.store.log.write(entry())


def test_a_lock_held_by_another_program_is_told_and_reading_goes_on(disk, path):
    disk.store.memory.remember("clock", "1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert failure(disk.store.memory.remember, "clock", "2").zh == (
        "数据库正被别的程序占着，等了两秒也没等到。请关掉正在打开它的程序。"
    )
    assert disk.store.memory.recall("clock") == "1"

    other.execute("ROLLBACK")
    other.close()
    disk.store.memory.remember("clock", "2")


@pytest.mark.slow
def test_nobody_waits_for_a_lock_much_longer_than_two_seconds(store, path):
    store.memory.remember("clock", "1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Event()

    def write():
        with pytest.raises(StoreFailed):
            store.memory.remember("clock", "2")
        done.set()

    threading.Thread(target=write, daemon=True).start()
    assert done.wait(timeout=4.0)
    other.close()


def test_a_file_that_is_no_database_is_told_and_a_new_one_is_made_when_it_is_renamed(store, path):
    path.write_text("这不是数据库" * 100, encoding="utf-8")

    assert failure(store.memory.recall, "clock") == Sentence(
        "数据库坏了。请把它改个名字留着，程序会新建一个；有备份的，放回备份。",
        "the database is damaged. Rename it and keep it, and a new one is made; or put back a backup.",
    )

    path.rename(path.with_suffix(".broken"))
    store.memory.remember("clock", "1")


def test_a_damaged_page_is_told(store, path):
    for day in range(60):
        store.log.write(entry(MORNING + day * DAY, title="字" * 500))
    store.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096 * 8))

    assert failure(store.log.entries, MORNING).zh.startswith("数据库坏了。")


def test_a_folder_that_cannot_be_made_is_told_and_opening_raises_nothing(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    store = open_store(tmp_path / "var" / "station.db")

    assert failure(store.log.entries, MORNING).zh == "数据库打不开。请看文件夹在不在，有没有权限。"

    (tmp_path / "var").unlink()
    assert store.log.entries(MORNING) == []
    store.close()


def test_a_file_that_was_moved_away_is_not_written_to_unseen(store, path):
    store.memory.remember("clock", "1")
    path.rename(path.with_suffix(".old"))
    store.memory.remember("clock", "2")

    assert path.exists()
    assert store.memory.recall("clock") == "2"


def test_a_database_of_a_newer_version_is_left_alone(store, path):
    store.memory.remember("clock", "1")
    other = sqlite3.connect(path)
    other.execute(f"INSERT INTO migration (step) VALUES ({len(STEPS) + 1})")
    other.commit()
    other.close()
    store.close()

    assert failure(store.memory.recall, "clock").zh == (
        f"数据库是更新的版本写的（第 {len(STEPS) + 1} 步，这里只认到第 {len(STEPS)} 步）。请把程序升级到原来的版本。"
    )


def test_a_row_that_nobody_can_read_does_not_hide_the_others(store, path, caplog):
    store.log.write(entry(fate=Fate.AIRED))
    store.log.write(entry(MORNING + DAY))
    store.changes.add_change(Skip(airing="a", who="李会计"), MORNING)
    store.changes.add_change(Skip(airing="b", who="李会计"), MORNING)
    other = sqlite3.connect(path)
    other.execute("UPDATE airing SET fate = 'sung' WHERE fate = 'aired'")
    other.execute('UPDATE change SET body = \'{"change": "dance"}\' WHERE seq = 1')
    other.commit()
    other.close()

    with caplog.at_level(logging.ERROR):
        assert [one.planned_at for one in store.log.entries(MORNING)] == [MORNING + DAY]
        assert [change.airing for change in store.changes.changes(MORNING)] == ["b"]
    assert len(caplog.records) == 2


def test_a_character_that_no_database_takes_does_not_cost_the_row(store):
    store.log.write(entry(title="坏\ud800字\x00"))

    assert [one.title for one in store.log.entries(MORNING)] == ["坏?字"]


def test_a_naive_instant_is_our_own_mistake(store):
    with pytest.raises(ValueError, match="aware"):
        store.log.write(entry(MORNING.replace(tzinfo=None)))


def test_the_fake_can_fail_like_the_disk():
    fake = MemoryStore()
    fake.fail_with(Sentence("满了", "full"))

    assert failure(fake.log.write, entry()).zh == "满了"
    fake.fail_with(None)
    fake.log.write(entry())


# --- promises of this database --------------------------------------------------------------------------------


def test_opening_touches_no_disk(path):
    open_store(path).close()

    assert not path.exists()


def test_only_the_owner_may_read_the_file(store, path):
    store.memory.remember("clock", "1")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_commit_reaches_the_disk_in_a_log_that_survives_power_cuts(store):
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = store._database.read(
        lambda connection: [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() for pragma in pragmas]
    )

    assert found == ["wal", 2, 1, 2000]


def test_a_store_opened_again_finds_what_was_written(store, path):
    store.log.write(entry(fate=Fate.AIRED, scripts=("a",)))
    store.close()
    again = open_store(path)

    assert [one.fate for one in again.log.entries(MORNING)] == [Fate.AIRED]
    assert set(again.log.last_uses()) == {"a"}
    again.close()


def test_half_a_migration_is_no_migration(path, monkeypatch):
    """The power fails between two statements of a step."""
    steps = (*STEPS, ("CREATE TABLE half (a TEXT)", "NONSENSE"))
    monkeypatch.setattr("broadcaster.store.migrations.STEPS", steps)
    monkeypatch.setattr("broadcaster.store.database.STEPS", steps)
    store = open_store(path)
    failure(store.memory.recall, "clock")
    monkeypatch.undo()

    assert store.memory.recall("clock") is None
    tables = store._database.read(
        lambda connection: connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    )
    assert "half" not in tables
    store.close()


def test_half_a_piece_of_work_is_undone(store):
    def work(connection):
        connection.exec_driver_sql("INSERT INTO memory (name, value) VALUES ('clock', '1')")
        connection.exec_driver_sql("INSERT INTO nowhere (name) VALUES ('x')")

    failure(store._database.write, work)

    assert store.memory.recall("clock") is None


@pytest.mark.slow
def test_many_threads_may_write_at_once(path):
    """With a plain BEGIN most of them failed at once, however long they would have waited."""
    store = Store(Database(sqlite_engine(path, longest_wait_s=100), path))
    store.memory.remember("clock", "1")
    troubles = []

    def write(slot):
        try:
            for day in range(20):
                store.log.write(entry(MORNING + day * DAY, slot=slot, scripts=(slot,), fate=Fate.AIRED))
                store.log.last_uses()
        except StoreFailed as error:
            troubles.append(error)

    threads = [threading.Thread(target=write, args=(f"slot-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert len(store.log.entries(MORNING)) == 160
    assert len(set(store.log.last_uses().values())) == 8
    store.close()


WRITER = """
import sys
from pathlib import Path
from broadcaster.store import open_store
store = open_store(Path(sys.argv[1]))
for number in range(100_000):
    store.memory.remember(str(number), "written")
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.real
def test_what_was_acknowledged_is_there_after_a_kill(path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(writer.stdout.readline()) for _ in range(200)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().splitlines() if line]
    writer.stdout.close()
    writer.wait()

    store = open_store(path)
    assert all(store.memory.recall(str(number)) == "written" for number in acknowledged)
    store.close()


# --- approvals ------------------------------------------------------------------------------------------------


def changed_by_hand(path, *statements):
    other = sqlite3.connect(path)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


def test_approved_content_that_was_changed_in_the_database_is_not_used(store, path, caplog):
    """Somebody with a database tool rewrote an approved notice; its hash gives it away."""
    store.approvals.decide(decision(), GBK)
    changed_by_hand(path, "UPDATE revision SET content = '5LuK5aSp5YGc55S144CC'")

    with caplog.at_level(logging.ERROR):
        assert store.approvals.content(decision().sha256) is None
    changed_by_hand(path, "UPDATE revision SET content = 'no base64!'")
    assert store.approvals.content(decision().sha256) is None


def test_a_decision_that_nobody_can_read_takes_its_script_off_the_air(store, path, caplog):
    """Left out, a withdrawal that rotted would have put the withdrawn text back on the air."""
    store.approvals.decide(decision(), GBK)
    store.approvals.decide(decision(verdict=Verdict.WITHDRAWN))
    changed_by_hand(path, "UPDATE approval SET verdict = 'perhaps', made_at = 'noon' WHERE seq = 2")

    with caplog.at_level(logging.ERROR):
        found = store.approvals.decisions()

    assert [(one.script, one.verdict) for one in found] == [
        ("event/water-off", Verdict.APPROVED),
        ("event/water-off", Verdict.WITHDRAWN),
    ]


def test_an_approved_reading_that_rotted_costs_the_reading_and_not_the_approval(store, path, caplog):
    store.approvals.decide(decision(reading=READING), GBK)
    changed_by_hand(path, "UPDATE approval SET reading = 'spoken = 1'")

    with caplog.at_level(logging.ERROR):
        assert store.approvals.decisions() == [decision()]


def test_a_database_from_before_the_paper_trail_keeps_its_log_and_takes_approvals(path):
    engine = sqlite_engine(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE migration (step INTEGER NOT NULL PRIMARY KEY)")
        for number, step in enumerate(STEPS[:2], start=1):
            for statement in step:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"INSERT INTO migration (step) VALUES ({number})")
        connection.exec_driver_sql("INSERT INTO memory (name, value) VALUES ('clock', '1')")
    engine.dispose()

    store = open_store(path)
    store.approvals.decide(decision(), GBK)

    assert store.approvals.decisions() == [decision()]
    assert store.memory.recall("clock") == "1"
    store.close()


def test_a_full_disk_takes_neither_decision_nor_content(disk):
    disk.store.memory.remember("clock", "1")
    disk.pragmas = FULL

    failure(disk.store.approvals.decide, decision(b"x" * 200_000), b"x" * 200_000)

    disk.pragmas = HEALTHY
    assert disk.store.approvals.decisions() == []
    assert disk.store.approvals.content(decision(b"x" * 200_000).sha256) is None
