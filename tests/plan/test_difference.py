"""Two schedules, and what people will hear otherwise: added, moved, gone."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.days import Daily, Weekdays
from broadcaster.plan.difference import difference
from broadcaster.plan.due import timetable
from tests.plan.test_plan import ZONE, at, falls_on, slot, station

EIGHT, NOON, SIX = time(8), time(12), time(18)


def told(before, after, since=None, days=1):
    def said(instant):
        return instant and f"{instant:%d %H:%M}"

    found = difference(before, after, since or at(7), days, falls_on=falls_on)
    return [(one.slot.id, said(one.before), said(one.after)) for one in found]


def test_what_stays_is_not_told():
    assert told(station(slot("a", (EIGHT, NOON))), station(slot("a", (EIGHT, NOON), repeat=3)), days=14) == []


def test_added_gone_and_moved_in_order_of_time():
    before = station(slot("a", (EIGHT,)), slot("b", (NOON,)))
    after = station(slot("c", (SIX,)), slot("a", (time(9),)))

    assert told(before, after) == [("a", "24 08:00", "24 09:00"), ("b", "24 12:00", None), ("c", None, "24 18:00")]


def test_of_several_times_the_others_stay():
    before, after = station(slot("a", (EIGHT, NOON, SIX))), station(slot("a", (EIGHT, time(13))))

    assert told(before, after) == [("a", "24 12:00", "24 13:00"), ("a", "24 18:00", None)]


def test_what_lies_behind_is_not_told():
    assert told(station(slot("a", (EIGHT, SIX))), station(), since=at(12)) == [("a", "24 18:00", None)]


def test_a_paused_slot_is_gone_for_all_its_days():
    before = station(slot("a", (EIGHT,), days=(Weekdays(frozenset({1, 2})),)))
    after = station(slot("a", (EIGHT,), days=(Weekdays(frozenset({1, 2})),), is_paused=True))

    assert told(before, after, days=8) == [
        ("a", "24 08:00", None),
        ("a", "25 08:00", None),
        ("a", "01 08:00", None),
    ]


times = st.sets(st.sampled_from([EIGHT, time(9), NOON, SIX]), min_size=1).map(lambda those: tuple(sorted(those)))
rules = st.sampled_from([Daily(), Weekdays(frozenset({1, 4})), Weekdays(frozenset({0, 2, 6}))])
schedules = st.dictionaries(st.sampled_from("abc"), st.tuples(times, rules)).map(
    lambda those: station(*(slot(name, when, days=(rule,)) for name, (when, rule) in those.items()))
)


def heard(schedule, since, days):
    all_days = [since.date() + timedelta(days=number) for number in range(days)]
    return {
        (due.slot.id, due.planned_at)
        for day in all_days
        for due in timetable(schedule, day, falls_on)
        if due.starts_at > since
    }


@settings(max_examples=80, deadline=None)
@given(schedules, schedules, st.integers(0, 20))
def test_the_old_with_its_differences_is_the_new(before, after, hour):
    since = datetime.combine(date(2026, 11, 24), time(hour), ZONE)
    found = difference(before, after, since, 5, falls_on=falls_on)
    gone = {(one.slot.id, one.before) for one in found if one.before}
    came = {(one.slot.id, one.after) for one in found if one.after}
    old, new = heard(before, since, 5), heard(after, since, 5)

    assert gone <= old and not came & old
    assert (old - gone) | came == new
    assert [one.at for one in found] == sorted(one.at for one in found)
