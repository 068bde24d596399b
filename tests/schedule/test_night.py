from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.timetable import StationSettings
from broadcaster.schedule.night import Night, kept_quiet, night_of, opened, told

SHANGHAI = "Asia/Shanghai"
AGREED = Night(hours=DEFAULT_QUIET_HOURS, timezone=SHANGHAI)


def night(*spans, timezone=SHANGHAI):
    ends = [[time.fromisoformat(end) for end in span.split("-")] for span in spans]
    return Night(hours=tuple(QuietHours(start, end) for start, end in ends), timezone=timezone)


@pytest.mark.parametrize(
    ("wished", "opens"),
    [
        (night("21:00-06:30"), ""),
        (night("20:00-07:00"), ""),
        (night("21:00-00:00", "00:00-06:30"), ""),
        (night("22:00-06:30"), "21:00-22:00"),
        (night("21:00-06:00"), "06:00-06:30"),
        (night("22:00-07:00"), "21:00-22:00"),
        (night("22:00-05:00"), "05:00-06:30, 21:00-22:00"),
        (night("21:00:30-06:30"), "21:00-21:00:30"),
        (night("12:00-14:00"), "21:00-06:30"),
        (night("21:00-23:00", "01:00-06:30"), "23:00-01:00"),
        (night("21:00-06:30", timezone="Asia/Hong_Kong"), ""),
        (night("21:00-06:30", timezone="Asia/Urumqi"), "19:00-21:00"),
        (night("21:00-06:30", timezone="UTC"), "13:00-21:00"),
        (night("13:00-22:30", timezone="UTC"), ""),
    ],
)
def test_the_hours_that_would_become_loud(wished, opens):
    assert told(opened(AGREED, wished)) == opens


def test_a_zone_that_changes_its_clocks_in_summer_opens_an_hour():
    agreed = night("21:00-06:30", timezone="Europe/Berlin")

    assert told(opened(agreed, night("20:00-05:30", timezone="UTC"))) == "19:00-20:00"


def test_hours_of_two_zones_are_both_kept_on_their_own_clocks():
    wished = StationSettings(timezone="UTC", quiet_hours=(QuietHours(time(12), time(13)),))

    kept = kept_quiet(wished, AGREED)

    assert kept.timezone == "UTC"
    assert kept.is_quiet(datetime(2026, 11, 24, 12, 30, tzinfo=UTC))
    assert kept.is_quiet(datetime(2026, 11, 24, 13, 0, tzinfo=UTC)), "21:00 in Shanghai"
    assert not kept.is_quiet(datetime(2026, 11, 24, 22, 30, tzinfo=UTC)), "06:30 in Shanghai"


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
spans = st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: QuietHours(*ends))
nights = st.builds(
    Night,
    hours=st.lists(spans, min_size=1, max_size=3).map(tuple),
    timezone=st.sampled_from([SHANGHAI, "UTC", "Asia/Kolkata", "America/New_York"]),
)


@settings(max_examples=60, deadline=None)
@given(agreed=nights, wished=nights, minute=st.integers(0, 24 * 60 - 1), day=st.sampled_from([(1, 15), (7, 15)]))
def test_nothing_opens_that_is_not_named_and_the_stricter_of_both_is_kept(agreed, wished, minute, day):
    moment = datetime(2026, *day, tzinfo=UTC) + timedelta(minutes=minute)
    settings_ = StationSettings(timezone=wished.timezone, quiet_hours=wished.hours)
    opens = Night(hours=opened(agreed, wished), timezone=wished.timezone)

    if agreed.is_quiet(moment) and not wished.is_quiet(moment):
        assert opens.is_quiet(moment)
    assert kept_quiet(settings_, agreed).is_quiet(moment) == (agreed.is_quiet(moment) or wished.is_quiet(moment))
    assert opened(agreed, night_of(kept_quiet(settings_, agreed))) == ()
