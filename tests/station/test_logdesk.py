"""Looking up the log: what only memory knows is found, and what memory knows better is told."""

from datetime import timedelta
from pathlib import Path

from broadcaster.model.logbook import LogQuestion
from broadcaster.model.words import Fate
from broadcaster.station.logdesk import LogDesk
from tests.fakes_store import MemoryStore
from tests.store.contract import DAY, MORNING, entry

WEEK = LogQuestion(since=MORNING - DAY, until=MORNING + 7 * DAY)


def desk(store, *unwritten):
    return LogDesk(None, store.logbook, store.revisions, store.approvals, Path, lambda: unwritten, lambda _key: None)


def test_what_waits_for_the_disk_is_told_on_the_first_page_only():
    store = MemoryStore()
    store.log.write(entry(slot="a", fate=Fate.CLAIMED))
    store.log.write(entry(slot="b"))
    waiting = desk(store, entry(slot="a", fate=Fate.AIRED), entry(MORNING + DAY, slot="c"))

    page = waiting.page(WEEK, 1)
    assert [(one.slot, one.fate) for one in page.entries] == [
        ("c", Fate.PLANNED),
        ("b", Fate.PLANNED),
        ("a", Fate.AIRED),
    ]
    following = LogQuestion(since=WEEK.since, until=WEEK.until, behind=page.behind)
    assert [(one.slot, one.fate) for one in waiting.page(following, 1).entries] == [("a", Fate.AIRED)]


def test_what_does_not_fit_the_question_is_not_told():
    store = MemoryStore()
    question = LogQuestion(since=MORNING, until=MORNING + timedelta(hours=1), text="停水")

    assert desk(store, entry(title="停电")).page(question, 5).entries == ()
    assert len(desk(store, entry(title="停水")).page(question, 5).entries) == 1


def test_one_entry_is_what_memory_knows_of_it():
    store = MemoryStore()
    store.log.write(entry(fate=Fate.CLAIMED))

    assert desk(store, entry(fate=Fate.AIRED)).entry(entry().airing).fate is Fate.AIRED
    assert desk(store).entry(entry().airing).fate is Fate.CLAIMED
    assert desk(store).entry("nobody@2026-11-24T07:30:00") is None
