"""What was found before is given again only while it is true, whoever writes and whatever becomes of the file."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from broadcaster.errors import StoreFailed
from broadcaster.model.airing import AiringId
from broadcaster.store import open_store
from broadcaster.store.database import sqlite_at
from broadcaster.store.freshness import Freshness
from tests.store.contract import DAY, MORNING, entry
from tests.store.people_contract import PHONE, WANG


@pytest.fixture
def path(tmp_path):
    return tmp_path / "station.db"


@pytest.fixture
def store(path):
    store = open_store(path)
    yield store
    store.close()


@pytest.fixture
def other(path):
    """As the page has one beside the planner's."""
    store = open_store(path)
    yield store
    store.close()


def test_nothing_is_asked_twice_while_nobody_writes(path):
    database, asked = sqlite_at(path), []

    def work(connection):
        asked.append(connection)
        return ("answer",)

    assert database.ask("question", work) == ("answer",)
    assert database.ask("question", work) is database.ask("question", work)
    asked_before = len(asked)
    database.ask("question", work)
    assert len(asked) == asked_before

    database.ask("another question", work)
    assert len(asked) == asked_before + 1
    database.reset()


def test_what_another_store_writes_is_told_at_once(store, other):
    store.accounts.save_account(WANG)
    store.devices.save_device(PHONE)
    assert other.devices.device(PHONE.token) == PHONE
    assert other.accounts.accounts() == [WANG]

    store.devices.forget_devices([PHONE.id])
    store.accounts.save_account(replace(WANG, roles=frozenset()))
    assert other.devices.device(PHONE.token) is None
    assert other.devices.devices(WANG.id) == []
    assert other.accounts.accounts() == [replace(WANG, roles=frozenset())]


def test_what_another_program_writes_is_told_at_once(store, path):
    store.log.write(entry())
    assert [one.title for one in store.log.entries(MORNING, MORNING + DAY)] == ["每天学一点"]

    lines = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE airing SET title = 1'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", lines, path], check=True)
    assert [one.title for one in store.log.entries(MORNING, MORNING + DAY)] == ["1"]


def test_what_is_not_committed_yet_is_not_told_and_then_is(store, path):
    store.log.write(entry())
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE airing SET title = '改了'")
        assert store.logbook.entry(entry().airing).title == "每天学一点"
        assert store.log.entries(MORNING, MORNING + DAY)[0].title == "每天学一点"
        writer.execute("COMMIT")

    assert store.log.entries(MORNING, MORNING + DAY)[0].title == "改了"


def test_another_file_in_its_place_gives_its_own_answers(store, path, tmp_path):
    store.log.write(entry())
    assert len(store.log.entries(MORNING, MORNING + DAY)) == 1
    fresh = open_store(tmp_path / "fresh.db")
    fresh.log.write(entry(slot="other"))
    fresh.close()
    for name in ("station.db-wal", "station.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)

    (tmp_path / "fresh.db").replace(path)
    assert [one.slot for one in store.log.entries(MORNING, MORNING + DAY)] == ["other"]

    path.unlink()
    assert store.log.entries(MORNING, MORNING + DAY) == []


def test_what_was_found_is_nobodys_to_change(store):
    store.log.write(entry())
    store.log.entries(MORNING, MORNING + DAY).clear()
    store.logbook.sound_by_day([MORNING, MORNING + DAY])[0]["all"] = DAY

    assert len(store.log.entries(MORNING, MORNING + DAY)) == 1
    assert store.logbook.sound_by_day([MORNING, MORNING + DAY]) == [{}]


def test_a_broken_file_is_told_and_not_covered_by_what_was_known(store, path):
    store.log.write(entry())
    store.log.entries(MORNING, MORNING + DAY)
    store.close()
    path.write_bytes(b"this was a database " * 400)

    with pytest.raises(StoreFailed):
        store.log.entries(MORNING, MORNING + DAY)


def test_many_questions_are_not_kept_for_ever(store):
    for number in range(1_000):
        store.revisions.steps(AiringId(f"study/{number}"))

    assert len(store._database._answers) <= 200


def test_the_rows_of_a_season_are_not_kept(store):
    store.log.write(entry())
    for days in range(2, 12):
        assert len(store.log.entries(MORNING, MORNING + days * DAY)) == 1
    assert store._database._answers == {}

    store.log.entries(MORNING, MORNING + DAY)
    assert len(store._database._answers) == 1


def test_where_there_is_no_file_nothing_can_be_told(path):
    assert Freshness(path).stamp() is None


def test_a_stamp_differs_after_it_was_closed(store, path):
    store.log.write(entry())
    watch = Freshness(path)
    before = watch.stamp()
    assert watch.stamp() == before

    watch.close()
    watch.close()
    assert watch.stamp() != before
    watch.close()
