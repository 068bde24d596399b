"""A station that is killed a moment after an emergency was called or stopped, before its log is on the disk."""

import os
import threading
from datetime import timedelta

from broadcaster.home import Home
from broadcaster.model.words import Fate, Sentence
from tests.fakes_store import MemoryStore
from tests.station.conftest import at


def journal(village):
    return village.home.emergency_journal


def test_what_was_called_a_moment_before_the_station_was_killed_goes_on(found):
    store = MemoryStore()
    airing = found("10:00", store=store).station.emergency("河水涨了", who="王", reason="洪水", zones=("all",))

    second = found("10:01", store=store)
    second.advance(2)

    assert second.heard[0][0].startswith(airing)
    entry = second.log()[airing]
    assert (entry.fate, entry.who, entry.zones) == (Fate.ON_AIR, "王", ("all",))
    assert entry.reason.zh == "原因：洪水"


def test_its_end_time_and_its_plays_are_kept(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    ended = first.station.emergency("河水涨了", who="王", reason="洪水", until=at("10:05"))
    counted = first.station.emergency("河水退了", who="王", reason="洪水", plays=1)

    second = found("10:06", store=store)
    second.advance(120)

    assert second.log()[ended].fate is Fate.MISSED
    assert "到了结束时间" in second.log()[ended].reason.zh
    assert second.log()[counted].fate is Fate.AIRED


def test_what_was_stopped_a_moment_before_stays_silent_and_says_who(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.advance(3)
    first.station.stop(None, who="李")

    second = found("10:01", store=store)
    second.advance(60)

    assert second.heard == []
    entry = second.log()[airing]
    assert entry.fate is Fate.INTERRUPTED
    assert entry.reason.zh == "原因：洪水；李 停止"


def test_called_and_stopped_within_one_moment(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.station.stop(airing, who="李")

    second = found("10:01", store=store)
    second.advance(60)

    assert second.heard == []
    assert "李 停止" in second.log()[airing].reason.zh


def test_the_journal_is_empty_as_soon_as_the_store_knows(found):
    village = found("10:00")
    village.station.emergency("河水涨了", who="王", reason="洪水")
    assert journal(village).stat().st_size > 0

    village.advance(1)
    assert journal(village).stat().st_size == 0

    village.station.stop(None, who="李")
    assert journal(village).stat().st_size > 0
    village.advance(2)
    assert journal(village).stat().st_size == 0


def test_while_the_store_fails_the_journal_keeps_it_and_the_next_station_goes_on(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    store.fail_with(Sentence("磁盘满了", "the disk is full"))
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.advance(30)
    assert journal(first).stat().st_size > 0
    store.fail_with(None)

    second = found("10:02", store=store)
    second.advance(2)

    assert second.log()[airing].fate is Fate.ON_AIR
    assert journal(second).stat().st_size == 0


def test_half_a_line_and_strange_lines_lose_nothing_else(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    good = journal(first).read_bytes()
    strange = (
        b'\xff\n[1]\n"x"\n{"stopped": 3}\n{"called": "emergency@x"}\n{"stopped": "x@2026-11-24T10:00:00", "who": "x"}\n'
    )
    journal(first).write_bytes(strange + good + good[: len(good) // 2])

    second = found("10:01", store=store)
    second.advance(2)

    assert second.log()[airing].fate is Fate.ON_AIR
    assert journal(second).stat().st_size == 0


def test_what_has_its_end_in_the_log_does_not_begin_again(found):
    """The power went after the row was written and before the journal was emptied."""
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水", plays=1)
    kept = journal(first).read_bytes()
    first.advance(120)
    assert first.log()[airing].fate is Fate.AIRED
    journal(first).write_bytes(kept)

    for moment in ("10:03", "2026-11-29 10:00"):  # days later the log in memory does not know it any more
        later = found(moment, store=store)
        later.advance(5)
        assert later.heard == []
        assert later.log()[airing].fate is Fate.AIRED
        journal(later).write_bytes(kept)


def test_a_disk_that_takes_nothing_holds_up_no_emergency(found):
    village = found("10:00")
    journal(village).unlink(missing_ok=True)
    journal(village).mkdir()

    airing = village.station.emergency("河水涨了", who="王", reason="洪水")
    village.advance(2)

    assert village.heard[0][0].startswith(airing)


def test_a_disk_that_hangs_holds_up_no_emergency(found, monkeypatch):
    works = threading.Event()
    monkeypatch.setattr("broadcaster.station.emergency.journal.PATIENCE_S", 0.01)
    monkeypatch.setattr("broadcaster.station.emergency.journal.append_durably", lambda path, line: works.wait(30))
    village = found("10:00")

    airing = village.station.emergency("河水涨了", who="王", reason="洪水")
    village.station.stop(airing, who="李")
    again = village.station.emergency("水又涨了", who="王", reason="洪水")
    village.advance(2)
    works.set()

    assert village.log()[again].fate is Fate.ON_AIR
    assert village.heard


def test_the_caller_hears_that_it_worked_only_when_it_is_on_the_disk(found, monkeypatch):
    village, synced, fsync = found("10:00"), [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (fsync(descriptor), synced.append(descriptor)))

    airing = village.station.emergency(
        "河水涨了", who="王", reason="洪水", until=village.clock.now() + timedelta(hours=1)
    )

    assert synced
    assert airing in Home(village.home.root).emergency_journal.read_text(encoding="utf-8")
