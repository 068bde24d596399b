"""The timetable that comes with the station."""

import re
from pathlib import Path

from broadcaster.schedule import parse_schedule

SHIPPED = Path(__file__).parents[2] / "schedule.toml"


def test_the_shipped_timetable_has_nothing_to_complain_of():
    parsed = parse_schedule(SHIPPED.read_text(encoding="utf-8"))

    assert parsed.complaints == ()
    assert parsed.schedule is not None


def test_the_examples_in_its_comments_can_be_used_as_they_stand():
    text = SHIPPED.read_text(encoding="utf-8")
    with_examples = re.sub(r"^# (?=\[\[slot\]\]|\[page\]|[a-z]+ = )", "", text, flags=re.MULTILINE)
    parsed = parse_schedule(with_examples)

    assert parsed.complaints == ()
    assert len(parsed.schedule.slots) == len(parse_schedule(text).schedule.slots) + 5
