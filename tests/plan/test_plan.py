"""The plan of days: the same inputs give the same plan, an airing sounds once, folders go round."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.airing import LogEntry, Move, PlayNow, Skip, airing_id
from broadcaster.model.days import Daily, DateSpan, Weekdays
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Schedule,
    Slot,
    SlotId,
    StationSettings,
)
from broadcaster.model.words import Fate, Sentence
from broadcaster.plan import from_a_wrong_clock, overdue, plan_days, upcoming
from broadcaster.plan.rounds import Facts

ZONE = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 11, 24)


def falls_on(rule, day, calendar):
    match rule:
        case Daily():
            return True
        case Weekdays(days):
            return day.weekday() in days
        case DateSpan(first, last):
            return first <= day <= last


def at(hour, minute=0, second=0, day=TUESDAY):
    return datetime.combine(day, time(hour, minute, second), ZONE)


NEXT_STUDY = (PlayNext("study"),)


def slot(name="morning", when=(time(7, 30),), play=NEXT_STUDY, **more):
    return Slot(id=SlotId(name), at=when, play=play, **more)


def station(*slots, **more):
    return Schedule(slots=slots, **more)


def scripts(*names):
    return tuple(Script(name=ScriptName(name), title=name.upper(), body="话") for name in sorted(names))


def facts(*names, uses=None, unfit=None):
    more = {} if unfit is None else {"unfit": unfit}
    return Facts(library=Library(scripts=scripts(*names)), uses=uses or {}, **more)


def entry(name, planned, fate, **more):
    return LogEntry(airing=airing_id(name, planned), slot=name, title="t", planned_at=planned, fate=fate, **more)


def plan(schedule, first=TUESDAY, days=1, **more):
    return plan_days(schedule, first, days, falls_on=falls_on, **more)


def airings(plans):
    return [airing for one in plans for airing in one.airings]


def said(plans):
    return [airing.scripts for airing in airings(plans)]


def test_a_day_is_in_the_order_of_its_hours():
    [day] = plan(station(slot("evening", (time(17, 40), time(12, 0))), slot("morning")))

    assert [airing.id for airing in day.airings] == [
        "morning@2026-11-24T07:30:00",
        "evening@2026-11-24T12:00:00",
        "evening@2026-11-24T17:40:00",
    ]


def test_a_slot_keeps_to_its_first_day_its_last_day_and_its_exceptions():
    except_thursday = slot(
        first_day=date(2026, 11, 25), last_day=date(2026, 11, 28), except_days=(Weekdays(frozenset({3})),)
    )

    plans = plan(station(except_thursday), days=7)

    assert [one.day.day for one in plans if one.airings] == [25, 27, 28]


def test_a_folder_goes_round_without_repeating_until_all_were_used():
    plans = plan(station(slot()), days=5, facts=facts("study/a", "study/b", "study/c"))

    assert said(plans) == [("study/a",), ("study/b",), ("study/c",), ("study/a",), ("study/b",)]


def test_a_folder_goes_on_where_it_was_before_the_restart():
    heard = {ScriptName("study/a"): 7, ScriptName("study/b"): 9, ScriptName("study/c"): 8}

    assert said(plan(station(slot()), days=3, facts=facts("study/a", "study/b", "study/c", uses=heard))) == [
        ("study/a",),
        ("study/c",),
        ("study/b",),
    ]


def test_two_slots_share_one_round():
    both = station(slot("early", (time(7),)), slot("late", (time(8),)))

    assert said(plan(both, facts=facts("study/a", "study/b"))) == [("study/a",), ("study/b",)]


def test_the_latest_script_is_the_last_by_name():
    latest = station(slot(play=(PlayLatest("notice"),)))

    assert said(plan(latest, facts=facts("notice/2026-11-01", "notice/2026-11-20", "study/z"))) == [
        ("notice/2026-11-20",)
    ]


def test_a_script_that_cannot_be_said_is_left_out_with_its_reason_and_the_slot_goes_on():
    why = Sentence("过期", "expired")
    mixed = station(slot(play=(PlayScript("notice/old"), PlayLeaderboard("top10"), PlayRecording("song.mp3"))))

    [airing] = airings(
        plan(
            mixed,
            facts=facts(
                "notice/old", "leaderboard/top10", unfit=lambda s, day: why if s.name == "notice/old" else None
            ),
        )
    )

    assert airing.scripts == ("leaderboard/top10", "recording:song.mp3")
    assert [(left.script, left.reason) for left in airing.left_out] == [("notice/old", why)]
    assert airing.title == "LEADERBOARD/TOP10、song.mp3"


def test_what_was_missed_takes_no_turn_and_its_text_comes_next():
    plans = plan(station(slot()), days=3, facts=facts("study/a", "study/b"), now=at(7, 40, 1))

    assert said(plans) == [(), ("study/a",), ("study/b",)]


def test_an_unfit_script_does_not_use_up_its_turn():
    def unfit(script, day):
        return Sentence("还不行", "not yet") if script.name == "study/a" and day == TUESDAY else None

    assert said(plan(station(slot()), days=3, facts=facts("study/a", "study/b", unfit=unfit))) == [
        ("study/b",),
        ("study/a",),
        ("study/b",),
    ]


def test_an_empty_folder_and_an_unknown_script_are_said_in_words():
    empty = station(slot(play=(PlayNext("study"), PlayScript("nothing"))))

    [airing] = airings(plan(empty))

    assert [left.reason.en for left in airing.left_out] == [
        "there is no script in folder 'study'",
        "there is no script 'nothing'",
    ]
    assert airing.scripts == ()


def test_a_script_is_found_by_its_stem_only_where_one_has_it():
    by_stem = station(slot(play=(PlayScript("flood"),)))

    assert said(plan(by_stem, facts=facts("emergency/flood"))) == [("emergency/flood",)]
    assert said(plan(by_stem, facts=facts("emergency/flood", "notice/flood"))) == [()]


def test_a_skipped_airing_says_who_left_it_out_and_takes_no_turn():
    skip = Skip(airing=airing_id("morning", at(7, 30)), who="王书记", why="考试")

    first, second = airings(plan(station(slot()), days=2, facts=facts("study/a"), changes=[skip]))

    assert (first.fate, first.reason.zh, first.scripts) == (Fate.SKIPPED, "王书记 取消了这一次：考试", ())
    assert second.scripts == ("study/a",)


def test_an_airing_that_was_claimed_and_not_heard_can_still_be_skipped():
    skip = Skip(airing=airing_id("morning", at(7, 30)), who="王书记")
    claimed = entry("morning", at(7, 30), Fate.CLAIMED)

    assert airings(plan(station(slot()), changes=[skip], log=[claimed]))[0].fate is Fate.SKIPPED


def test_a_moved_airing_keeps_its_identity():
    move = Move(airing=airing_id("morning", at(7, 30)), to=at(9, 15).astimezone(UTC), who="李")

    [airing] = airings(plan(station(slot()), changes=[move]))

    assert (airing.id, airing.planned_at, airing.starts_at) == ("morning@2026-11-24T07:30:00", at(7, 30), at(9, 15))


def test_the_last_move_holds():
    identity = airing_id("morning", at(7, 30))
    moves = [Move(airing=identity, to=at(hour), who="李") for hour in (9, 10)]

    assert airings(plan(station(slot()), changes=moves))[0].starts_at == at(10)


def test_what_a_person_asked_for_is_in_the_plan_of_its_day():
    extra = PlayNow(slot=slot("now", play=(PlayScript("study/a"),)), at=at(9, 3, 2), who="李")

    [airing] = airings(plan(station(), facts=facts("study/a"), changes=[extra]))

    assert (airing.id, airing.who, airing.scripts) == ("now@2026-11-24T09:03:02", "李", ("study/a",))
    assert airings(plan(station(), first=date(2026, 11, 25), changes=[extra])) == []


def test_what_the_log_says_of_an_airing_is_what_the_plan_says():
    aired = entry("morning", at(7, 30), Fate.AIRED, scripts=(ScriptName("study/x"),))

    [airing] = airings(plan(station(slot()), facts=facts("study/a"), log=[aired]))

    assert (airing.fate, airing.scripts, airing.title) == (Fate.AIRED, ("study/x",), "t")


@pytest.mark.parametrize("fate", [Fate.CLAIMED, Fate.ON_AIR, Fate.AIRED, Fate.INTERRUPTED, Fate.REFUSED, Fate.FAILED])
def test_an_airing_in_the_log_is_never_started_again(fate):
    planned = airings(plan(station(slot()), log=[entry("morning", at(7, 30), fate)]))

    assert upcoming(planned, at(7, 30), timedelta(seconds=90)) == []
    assert overdue(planned, at(23)) == []


def test_an_airing_past_its_grace_is_overdue_and_not_upcoming():
    planned = airings(plan(station(slot(grace=timedelta(minutes=10)))))

    assert upcoming(planned, at(7, 40), timedelta()) == planned
    assert overdue(planned, at(7, 40)) == []
    assert upcoming(planned, at(7, 40, 1), timedelta()) == []
    assert overdue(planned, at(7, 40, 1)) == planned


def test_an_airing_is_upcoming_only_so_far_ahead():
    planned = airings(plan(station(slot())))

    assert upcoming(planned, at(7, 28, 29), timedelta(seconds=90)) == []
    assert upcoming(planned, at(7, 28, 30), timedelta(seconds=90)) == planned


def test_a_missed_airing_may_sound_when_the_clock_goes_back_before_its_time():
    """A clock that jumped an hour ahead and back must not silence that hour for good."""
    planned = airings(plan(station(slot()), log=[entry("morning", at(7, 30), Fate.MISSED)]))

    assert upcoming(planned, at(7, 29), timedelta(seconds=90)) == planned
    assert overdue(planned, at(9)) == []


def test_entries_of_a_clock_that_ran_ahead_are_found():
    log = [
        entry("morning", at(7, 30), Fate.AIRED),
        entry("morning", at(7, 30, day=date(2028, 11, 24)), Fate.AIRED),
    ]

    assert from_a_wrong_clock(log, at(12)) == ["morning@2028-11-24T07:30:00"]


def test_a_time_that_summer_time_skips_is_moved_on_and_one_that_comes_twice_is_heard_once():
    berlin = station(
        slot("gap", (time(2, 30),)), slot("twice", (time(2, 45),)), station=StationSettings(timezone="Europe/Berlin")
    )

    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    assert [a.starts_at.isoformat() for a in airings(plan(berlin, first=spring))] == [
        "2026-03-29T03:30:00+02:00",
        "2026-03-29T03:45:00+02:00",
    ]
    assert [a.starts_at.isoformat() for a in airings(plan(berlin, first=autumn))] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:45:00+02:00",
    ]


slots = st.lists(
    st.tuples(st.integers(0, 23), st.integers(0, 59), st.sets(st.integers(0, 6), min_size=1)), max_size=6
).map(
    lambda rows: tuple(
        slot(f"s{number}", (time(hour, minute),), days=(Weekdays(frozenset(days)),))
        for number, (hour, minute, days) in enumerate(rows)
    )
)


@given(slots=slots, days=st.integers(1, 10))
def test_a_plan_is_ordered_the_same_for_the_same_inputs_and_names_each_airing_once(slots, days):
    given_facts = facts("study/a", "study/b")
    first = plan(station(*slots), days=days, facts=given_facts)

    assert first == plan(station(*slots), days=days, facts=given_facts)
    for one in first:
        assert list(one.airings) == sorted(one.airings, key=lambda airing: airing.starts_at)
    names = [airing.id for airing in airings(first)]
    assert len(names) == len(set(names))


@given(slots=slots, now=st.datetimes(datetime(2026, 11, 24), datetime(2026, 11, 26)), days=st.integers(1, 3))
def test_no_airing_is_both_overdue_and_upcoming(slots, now, days):
    planned, moment = airings(plan(station(*slots), days=days)), now.replace(tzinfo=ZONE)

    late, soon = overdue(planned, moment), upcoming(planned, moment, timedelta(days=4))

    assert {a.id for a in late} | {a.id for a in soon} == {a.id for a in planned}
    assert not {a.id for a in late} & {a.id for a in soon}
