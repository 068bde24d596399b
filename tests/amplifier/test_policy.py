"""When an amplifier is on: the story of a day, and what holds whatever happens."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.amplifier.policy import LOOKED_AGAIN, Need, Power, decide
from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import AmplifierKind, AmplifierSettings
from broadcaster.model.timetable import StationSettings

ZONE = ZoneInfo("Asia/Shanghai")
HORNS = AmplifierSettings(
    name="horns",
    kind=AmplifierKind.COMMAND,
    outputs=("main",),
    lead=timedelta(seconds=3),
    tail=timedelta(seconds=5),
    longest=timedelta(hours=1),
)
is_quiet = StationSettings().is_quiet


def at(text):
    return datetime.fromisoformat(f"2026-11-24 {text}").replace(tzinfo=ZONE)


def seconds(moment):
    return moment.timestamp()


def armed(text, name="a", **more):
    return Need(airing=AiringId(name), starts_at=at(text), is_begun=False, **more)


def sounding(text, name="a", **more):
    return Need(airing=AiringId(name), starts_at=at(text), is_begun=True, **more)


def judge(power, needs, moment):
    return decide(power, needs, HORNS, wall=moment, monotonic_s=seconds(moment), is_quiet=is_quiet)


def follow(story):
    """On or off after each step of a story: (time, needs)."""
    power, told = Power(), []
    for text, needs in story:
        power = judge(power, needs, at(text))
        told.append(power.is_on)
    return told


def test_it_is_on_before_the_first_word_and_off_after_the_last():
    assert follow(
        [
            ("07:29:56", [armed("07:30:00")]),
            ("07:29:57", [armed("07:30:00")]),
            ("07:30:00", [sounding("07:30:00")]),
            ("07:30:59", [sounding("07:30:00")]),
            ("07:31:00", []),
            ("07:31:04", []),
            ("07:31:05", []),
        ]
    ) == [False, True, True, True, True, True, False]


def test_overlapping_airings_share_it():
    assert follow(
        [
            ("07:30:00", [sounding("07:30:00", "a"), armed("07:30:06", "b")]),
            ("07:30:01", [armed("07:30:06", "b")]),
            ("07:30:04", [armed("07:30:06", "b")]),
            ("07:30:06", [sounding("07:30:06", "b")]),
            ("07:30:30", []),
        ]
    ) == [True, True, True, True, True]


def test_between_airings_far_apart_it_rests():
    assert follow(
        [
            ("07:30:00", [sounding("07:30:00")]),
            ("07:30:10", [armed("07:31:00", "b")]),
            ("07:30:15", [armed("07:31:00", "b")]),
            ("07:30:57", [armed("07:31:00")]),
        ]
    ) == [True, True, False, True]


def test_in_quiet_hours_it_is_off_but_for_an_emergency():
    assert follow(
        [
            ("20:59:58", [sounding("20:50:00")]),
            ("21:00:00", [sounding("20:50:00")]),
            ("23:00:00", [sounding("23:00:00", "flood", is_emergency=True)]),
            ("23:01:00", [armed("23:01:02")]),
            ("23:01:05", [sounding("23:01:02")]),
        ]
    ) == [True, False, True, True, False]


def test_the_tail_of_an_emergency_reaches_into_quiet_hours():
    assert follow([("20:59:59", [sounding("20:59:59", is_emergency=True)]), ("21:00:00", []), ("21:00:05", [])]) == [
        True,
        True,
        False,
    ]


def test_it_warms_up_for_an_airing_right_after_quiet_hours():
    assert follow([("06:29:57", [armed("06:30:00")]), ("06:29:58", [armed("06:29:59")])]) == [True, False]


def test_an_airing_that_never_ends_has_it_for_the_longest_and_not_again():
    assert follow(
        [
            ("08:00:00", [sounding("08:00:00")]),
            ("08:59:59", [sounding("08:00:00")]),
            ("09:00:00", [sounding("08:00:00")]),
            ("09:30:00", [sounding("08:00:00")]),
            ("10:00:00", [sounding("08:00:00"), sounding("10:00:00", "b")]),
        ]
    ) == [True, True, False, False, True]


def test_an_emergency_has_it_as_long_as_it_lasts():
    power, moment = Power(), at("12:00:00")
    flood = [sounding("12:00:00", "flood", is_emergency=True)]

    for hour in range(30):
        power = judge(power, flood, moment + timedelta(hours=hour))
        assert power.is_on and not power.overdue


def test_after_a_long_emergency_an_ordinary_airing_has_its_own_time():
    power = Power()
    for text, needs in [
        ("08:00:00", [sounding("08:00:00", "flood", is_emergency=True)]),
        ("10:00:00", [sounding("08:00:00", "flood", is_emergency=True)]),
        ("10:00:01", [sounding("10:00:01", "b")]),
    ]:
        power = judge(power, needs, at(text))

    assert power.is_on


needs = st.builds(
    Need,
    airing=st.sampled_from([AiringId(name) for name in "abcd"]),
    starts_at=st.integers(0, 86_400).map(lambda s: at("00:00:00") + timedelta(seconds=s)),
    is_begun=st.booleans(),
    is_emergency=st.sampled_from([False, False, False, True]),
)
steps = st.lists(st.tuples(st.floats(0.1, 900), st.integers(-7200, 7200), st.lists(needs, max_size=4)), max_size=60)


@settings(deadline=None, max_examples=150)
@given(start=st.integers(0, 86_400), steps=steps)
def test_whatever_happens_the_promises_hold(start, steps):
    """Over any needs, any jumps of the wall clock, any hour."""
    power, monotonic_s, wall = Power(), 1000.0, at("00:00:00") + timedelta(seconds=start)
    on_since_s = None
    emergency_free_s = float("-inf")
    """When nothing was an emergency any more; None while something is."""
    for passed_s, jump_s, present in steps:
        monotonic_s += passed_s
        wall += timedelta(seconds=passed_s + (jump_s if abs(jump_s) > 6000 else 0))
        power = decide(power, present, HORNS, wall=wall, monotonic_s=monotonic_s, is_quiet=is_quiet)
        emergencies = [need for need in present if need.is_emergency and (need.is_begun or need.starts_at <= wall)]

        if emergencies:
            emergency_free_s = None
            assert power.is_on, "an emergency is heard"
        elif emergency_free_s is None:
            emergency_free_s = monotonic_s
        if power.is_on and is_quiet(wall):
            is_due_after_them = any(
                not is_quiet(need.starts_at) and need.starts_at - HORNS.lead - LOOKED_AGAIN <= wall < need.starts_at
                for need in present
            )
            is_tail = emergency_free_s is None or monotonic_s - emergency_free_s < HORNS.tail.total_seconds()
            has_emergency = any(need.is_emergency for need in present)
            assert has_emergency or is_tail or is_due_after_them, "the night is quiet"
        if not present:
            assert not power.is_on or monotonic_s - power.free_since_s < HORNS.tail.total_seconds()
        if not power.is_on or any(need.is_emergency for need in present):
            on_since_s = None
        elif on_since_s is None:
            on_since_s = monotonic_s
        if on_since_s is not None:
            longest_step = 900 + HORNS.longest.total_seconds() + HORNS.tail.total_seconds()
            assert monotonic_s - on_since_s <= longest_step, "nothing has it for ever"
