"""The timetable that comes with the station."""

from pathlib import Path

from broadcaster.schedule import parse_schedule

SHIPPED = Path(__file__).parents[2] / "schedule.toml"


def test_the_shipped_timetable_has_nothing_to_complain_of():
    parsed = parse_schedule(SHIPPED.read_text(encoding="utf-8"))

    assert parsed.complaints == ()
    assert parsed.schedule is not None
