"""What looking something up in the log promises, in the real store and in the fake."""

from datetime import timedelta

import pytest

from broadcaster.model.logbook import LogQuestion
from broadcaster.model.words import Fate, Sentence
from tests.store.contract import DAY, FULL, MORNING, entry

WEEK = {"since": MORNING - DAY, "until": MORNING + 7 * DAY}


def asked(store, limit=50, **wanted):
    """All answers, page after page."""
    found, behind = [], None
    while True:
        page = store.logbook.page(LogQuestion(**WEEK | wanted, behind=behind), limit)
        assert len(page.entries) <= limit
        found += page.entries
        behind = page.behind
        if behind is None:
            return [one.airing for one in found]


class LogBookContract:
    def test_pages_join_to_the_whole_newest_first_also_where_instants_are_equal(self, store):
        for days in range(5):
            for slot in "abc":
                store.log.write(entry(MORNING + days * DAY, slot=slot))
        whole = [f"{slot}@2026-11-{24 + days}T07:30:00" for days in (4, 3, 2, 1, 0) for slot in "cba"]

        for limit in (1, 2, 3, 15, 16):
            assert asked(store, limit) == whole

    def test_a_day_range_has_its_first_instant_and_not_its_last(self, store):
        for days in range(4):
            store.log.write(entry(MORNING + days * DAY))

        found = asked(store, since=MORNING + DAY, until=MORNING + 3 * DAY)
        assert [one[-19:-9] for one in found] == ["2026-11-26", "2026-11-25"]

    @pytest.mark.parametrize(
        ("wanted", "slots"),
        [
            ({"fates": frozenset({Fate.MISSED})}, "b"),
            ({"fates": frozenset({Fate.MISSED, Fate.INTERRUPTED})}, "cb"),
            ({"fates": frozenset({Fate.FAILED})}, ""),
            ({"zone": "east"}, "ca"),
            ({"zone": "eas"}, ""),
            ({"zone": '西"头%'}, "b"),
            ({"text": "停水"}, "b"),
            ({"text": "停电"}, "b"),
            ({"text": "NO POWER"}, "b"),
            ({"text": "李会计"}, "c"),
            ({"text": "study/010"}, "c"),
            ({"text": "100%"}, "a"),
            ({"text": "%"}, "a"),
            ({"text": "_"}, ""),
            ({"zone": "east", "fates": frozenset({Fate.INTERRUPTED}), "text": "李"}, "c"),
        ],
    )
    def test_answers_are_what_was_asked_for(self, store, wanted, slots):
        store.log.write(entry(slot="a", title="补贴100%到位", zones=("all", "east"), fate=Fate.AIRED))
        why = Sentence("因为停电", "there was no power")
        store.log.write(entry(slot="b", title="停水通知", zones=('西"头%',), fate=Fate.MISSED, reason=why))
        store.log.write(
            entry(
                slot="c", title="盐", zones=("east",), fate=Fate.INTERRUPTED, who="李会计", scripts=("study/010-salt",)
            )
        )

        assert asked(store, **wanted) == [f"{slot}@2026-11-24T07:30:00" for slot in slots]
        assert asked(store, 1, **wanted) == [f"{slot}@2026-11-24T07:30:00" for slot in slots]

    def test_one_entry_is_found_by_its_name(self, store):
        store.log.write(FULL)

        assert store.logbook.entry(FULL.airing) == FULL
        assert store.logbook.entry("nobody@2026-11-24T07:30:00") is None

    def test_sound_is_summed_by_the_day_on_which_it_began_and_by_its_zones(self, store):
        def sounded(slot, at, seconds, **more):
            ends = at + timedelta(seconds=seconds)
            store.log.write(entry(at, slot=slot, started_at=at, finished_at=ends, **more))

        midnight = MORNING.replace(hour=0, minute=0)
        sounded("a", MORNING, 40, zones=("east",))
        sounded("b", MORNING + timedelta(hours=1), 25.5, zones=("east",))
        sounded("c", MORNING + timedelta(hours=2), 7)
        sounded("d", midnight + DAY, 3)
        sounded("late", midnight + DAY - timedelta(seconds=10), 20)
        sounded("before", midnight - timedelta(seconds=1), 20)
        sounded("after", midnight + 2 * DAY, 20)
        store.log.write(entry(slot="open", started_at=MORNING))
        store.log.write(entry(slot="missed", fate=Fate.MISSED))
        store.log.write(entry(slot="set back", started_at=MORNING, finished_at=MORNING - DAY))

        found = store.logbook.sound_by_day([midnight, midnight + DAY, midnight + 2 * DAY])
        assert found == [
            {("east",): timedelta(seconds=65.5), (): timedelta(seconds=27)},
            {(): timedelta(seconds=3)},
        ]

    def test_what_is_written_shows_at_once_in_what_was_asked_before(self, store):
        midnights = [MORNING.replace(hour=0, minute=0), MORNING.replace(hour=0, minute=0) + DAY]
        assert store.logbook.sound_by_day(midnights) == [{}]
        assert asked(store) == []

        ends = MORNING + timedelta(seconds=40)
        store.log.write(entry(slot="a", started_at=MORNING, finished_at=ends))
        assert store.logbook.sound_by_day(midnights) == [{(): timedelta(seconds=40)}]
        assert asked(store) == ["a@2026-11-24T07:30:00"]

        store.log.void([entry(slot="a").airing])
        assert asked(store) == ["a@2026-11-24T07:30:00~void1"]
