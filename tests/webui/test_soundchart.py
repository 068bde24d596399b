"""The bars of the chart are as tall as the minutes, and stay on the paper."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.logbook import DayOfSound
from webui.soundchart import MOST_ZONES_DRAWN, chart

DAY = date(2026, 11, 20)


def days(*minutes):
    return [
        DayOfSound(day=DAY + timedelta(days=number), by_zone={"all": timedelta(minutes=one)})
        for number, one in enumerate(minutes)
    ]


def test_twice_the_minutes_is_twice_as_tall():
    found = chart(days(4, 2, 0), ["all"])

    assert [bar.height for bar in found.bars] == [found.bars[1].height * 2, found.bars[1].height, 0]
    assert [words for _, words in found.lines] == ["0", "1", "2", "3", "4"]
    assert [words for _, words in found.labels] == ["11/20", "11/21", "11/22"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1440), max_size=31), st.integers(1, 6))
def test_every_bar_stands_on_the_floor_and_within_the_paper(minutes, count):
    zones = [f"z{number}" for number in range(count)]
    those = [
        DayOfSound(day=DAY + timedelta(days=n), by_zone=dict.fromkeys(zones, timedelta(minutes=one)))
        for n, one in enumerate(minutes)
    ]
    found = chart(those, zones)

    assert len(found.bars) == len(minutes) * min(count, MOST_ZONES_DRAWN)
    assert len(found.lines) <= 8
    for bar in found.bars:
        assert abs(bar.y + bar.height - found.floor) <= 0.2
        assert bar.y >= 0 and found.left <= bar.x and bar.x + bar.width <= found.width
