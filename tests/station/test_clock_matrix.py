"""The clock matrix: whatever happens to the clock, each airing is heard once in time or written down as missed."""

from datetime import timedelta

import pytest

from broadcaster.errors import Refused
from broadcaster.model.words import Fate
from tests.fakes_store import MemoryStore
from tests.station.conftest import at

MORNING = "morning@2026-11-24T07:30:00"
NOON = "noon@2026-11-24T12:00:00"


def starts(village, airing=MORNING):
    return [when for name, when, _ in village.heard if name == airing]


def set_by(village, **span):
    village.clock.set(village.clock.now() + timedelta(**span))


@pytest.mark.parametrize("seconds", [20, -20])
def test_20_seconds_either_way_just_before_a_slot_are_heard_once(found, seconds):
    village = found("07:25")
    village.until(at("07:29:35"))

    set_by(village, seconds=seconds)
    village.advance(120)

    assert starts(village) == [at("07:30")]
    assert village.fates()[MORNING] == "aired"


def test_20_seconds_back_just_after_a_slot_do_not_repeat_it(found):
    village = found("07:25")
    village.until(at("07:30:10"))

    set_by(village, seconds=-20)
    village.advance(120)

    assert starts(village) == [at("07:30")]


def test_an_hour_ahead_over_a_slot_is_a_miss_with_its_reason(found):
    village = found("07:00")
    village.advance(10)

    set_by(village, hours=1)
    village.advance(10)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.MISSED, "因为时钟从 11-24 07:00 拨到了 11-24 08:00")


def test_an_hour_ahead_and_back_again_and_the_slot_is_heard(found):
    village = found("07:00")
    village.advance(10)

    set_by(village, hours=1)
    village.advance(10)
    set_by(village, hours=-1)
    village.until(at("07:31"))

    assert starts(village) == [at("07:30")]
    assert village.fates()[MORNING] == "aired"


def test_an_hour_ahead_into_the_grace_of_a_slot_is_heard_late_and_says_so(found):
    village = found("06:35")
    village.advance(10)

    set_by(village, hours=1)
    village.advance(60)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "晚了 311 秒开始")


def test_an_hour_back_after_a_slot_does_not_repeat_it_and_the_next_is_heard(found):
    village = found("07:25")
    village.until(at("07:45"), step=5)

    set_by(village, hours=-1)
    village.until(at("12:01"), step=5)

    assert starts(village) == [at("07:30")]
    assert starts(village, NOON) == [at("12:00")]


def test_an_armed_slot_waits_when_the_clock_goes_back_an_hour(found):
    village = found("07:25")
    village.until(at("07:29:50"))

    set_by(village, hours=-1)
    village.until(at("07:31"), step=2)

    assert starts(village) == [at("07:30")]


def test_66_frozen_seconds_over_a_slot_are_heard_late_within_its_grace(found):
    village = found("07:20")
    village.until(at("07:29:40"))

    village.clock.advance(66)
    village.advance(60)

    assert starts(village) == [at("07:30:47")]
    assert village.log()[MORNING].reason.zh == "晚了 47 秒开始"


def test_20_frozen_minutes_over_a_slot_are_a_miss_with_the_reason(found):
    village = found("07:20")
    village.until(at("07:25"))

    village.clock.advance(20 * 60)
    village.advance(5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.MISSED, "因为电脑停顿了 1201 秒")


def test_a_boot_in_2020_holds_and_a_correction_right_before_a_slot_is_in_time(found):
    store = MemoryStore()
    found("2026-11-23 20:00", store=store).advance(10)
    village = found("2020-01-01 00:00", store=store)
    village.advance(30)

    status = village.station.status()
    assert not status.is_clock_trusted
    assert status.why_clock_is_not_trusted.zh.startswith("时钟不可信：现在显示 2019-12-31 16:00")
    assert village.heard == []

    village.clock.set(at("07:29:50"))
    village.advance(60)

    assert starts(village) == [at("07:30")]


def test_scheduled_sound_holds_and_an_emergency_works_while_the_clock_is_not_trusted(found):
    store = MemoryStore()
    found("2026-11-23 20:00", store=store).advance(10)
    village = found("2026-11-20 07:29", store=store)
    village.advance(120)
    assert village.heard == []
    with pytest.raises(Refused):
        village.station.play("noon", who="王")

    village.station.emergency("河水涨了", who="王", reason="洪水")
    village.advance(2)

    assert len(village.heard) == 1


def test_the_owners_word_is_believed(found):
    store = MemoryStore()
    found("2026-11-25 20:00", store=store).advance(10)
    village = found("07:25", store=store)
    assert not village.station.status().is_clock_trusted

    village.station.trust_clock(who="站长")
    village.until(at("07:31"))

    assert starts(village) == [at("07:30")]


def test_a_synchronised_clock_is_believed_after_one_that_ran_two_years_ahead(found):
    """The log holds airings of 2028; they must not silence 2028 when it really comes, nor today."""
    store = MemoryStore()
    ahead = found("2028-11-24 07:25", store=store)
    ahead.until(at("2028-11-24 07:32"))
    assert store.log.entries(at("2028-11-24 00:00"))

    village = found("07:25", store=store, is_synchronised=True)
    village.until(at("07:32"))

    assert starts(village) == [at("07:30")]
    voided = [entry.airing for entry in store.log.entries(at("2028-11-24 00:00"))]
    assert voided == ["morning@2028-11-24T07:30:00~void1"]


def test_a_clock_two_years_ahead_is_corrected_while_the_station_runs(found):
    village = found("2028-11-24 07:25")
    village.until(at("2028-11-24 07:31"))

    village.clock.set(at("07:25"))
    village.until(at("07:31"))
    village.until(at("12:01"), step=5)

    assert starts(village) == [at("07:30")]
    assert starts(village, NOON) == [at("12:00")]
    assert village.station.status().is_clock_trusted


def test_a_power_cut_over_a_slot_is_a_miss_with_its_reason(found):
    store = MemoryStore()
    found("06:50", store=store).advance(10)

    village = found("09:00", store=store)
    village.advance(5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (
        Fate.MISSED,
        "因为停电或者站没有运行（11-24 06:50 最后一次记录，11-24 09:00 恢复）",
    )


def test_a_week_without_power_does_not_fill_the_register(found):
    store = MemoryStore()
    found("2026-11-17 06:50", store=store).advance(10)

    village = found("09:00", store=store)
    village.advance(5)

    assert len(village.fates()) <= 7
    assert set(village.fates().values()) == {"missed"}


def test_a_clock_that_falls_into_2020_for_minutes_is_not_believed_and_nothing_is_heard_twice(found):
    """A time source gave 2020 for three minutes. All that was heard that day lay far ahead of such a clock, was taken
    for the work of a clock that ran ahead, and was freed to be heard once more as soon as the clock was right."""
    village = found("07:25")
    village.until(at("07:32"))

    set_by(village, days=-2300)
    village.advance(180)
    assert not village.station.status().is_clock_trusted
    set_by(village, days=2300)
    village.until(at("07:45"))

    assert starts(village) == [at("07:30")]
    assert village.fates() == {MORNING: "aired"}
    assert village.station.status().is_clock_trusted


def test_what_falls_into_the_minutes_of_a_clock_in_2020_is_missed_for_that_reason(found):
    village = found("07:25")
    village.until(at("07:28"))

    set_by(village, days=-2300)
    village.advance(900, step=5)
    set_by(village, days=2300)
    village.advance(5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (
        Fate.MISSED,
        "因为时钟不可信，节目暂停（11-24 07:28 到 11-24 07:43）",
    )


def test_two_days_back_for_minutes_free_no_airing_to_be_heard_again(found):
    village = found("07:25")
    village.until(at("07:32"))

    set_by(village, days=-2)
    village.advance(180)
    set_by(village, days=2)
    village.until(at("07:45"))

    assert starts(village) == [at("07:30")]
    assert village.fates()[MORNING] == "aired"


def test_a_station_that_dies_while_its_clock_is_days_back_frees_no_airing_to_be_heard_again(found):
    """The clock was two days back for minutes, the station died in between, and the next one, which found a log that
    lay ahead of its clock, took all of it for the work of a clock that ran ahead."""
    store = MemoryStore()
    village = found("07:25", store=store)
    village.until(at("07:32"))
    set_by(village, days=-2)
    village.advance(60)

    later = found("2026-11-22 07:34", store=store, clips=village.clips)
    later.advance(60)
    set_by(later, days=2)
    later.until(at("07:45"))

    assert starts(later) == []
    assert later.fates()[MORNING] == "aired"


def test_what_a_station_knew_before_it_died_is_explained_whatever_its_clock_was_by_then(found):
    """Its clock ran an hour ahead when it was killed; the next station took the airing back, found that all of that
    lay before its own time, and left it without a fate."""
    store = MemoryStore()
    village = found("07:25", store=store)
    village.until(at("07:29:20"))
    set_by(village, hours=1)
    village.station._time._see(village.clock.now(), village.clock.monotonic())
    store.memory.remember("last_seen", village.clock.now().isoformat())

    later = found("07:50", store=store, is_synchronised=True)
    later.advance(5)

    assert later.fates()[MORNING] == "missed"
