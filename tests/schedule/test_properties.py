"""Promises of the schedule that hold for files that nobody thought of."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadcaster.dates import falls_on
from broadcaster.model.words import Severity
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.crosscheck import cross_check
from broadcaster.schedule.keys import KEYS

SHIPPED = (Path(__file__).parents[2] / "schedule.toml").read_text(encoding="utf-8")

words = st.sampled_from(
    [
        *("daily", "mon-fri", "工作日", "1st sat", "15th", "正月十五", "除夕", "清明", "2026-12-01", "10-01", "02-30"),
        *("07:30", "7:5", "25:10", "22:00", "21:00-06:30", "10m", "90s", "500ms", "-1s", "1e9h"),
        *("next:study", "script:a/b", "latest:x", "leaderboard:top10", "recording:a.mp3", "script:../x", "all", "main"),
        *(
            "routine",
            "emergency",
            "resume",
            "default",
            "pyttsx3",
            "soundcard",
            "tape",
            "Asia/Shanghai",
            "Asia",
            "..",
            "",
        ),
    ]
)
values = st.recursive(
    words
    | st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.times()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def table(name):
    keys = st.sampled_from(KEYS[name]) if KEYS[name] else st.text(max_size=4)
    return st.dictionaries(keys | st.text(max_size=6), values, max_size=8)


def named(name):
    return st.dictionaries(st.sampled_from(["main", "all", "东", "a b", ""]), table(name) | values, max_size=3)


files = st.fixed_dictionaries(
    {},
    optional={
        "station": table("station") | values,
        "voice": table("voice") | named("voice"),
        "sound": table("sound"),
        "zone": named("zone"),
        "output": named("output"),
        "calendar": table("calendar"),
        "lexicon": st.dictionaries(st.text(max_size=4), st.sampled_from(["da4", "lv3 ma5", "", 3]), max_size=3),
        "slot": st.lists(table("slot"), max_size=4) | values,
        "other": values,
    },
)


def as_toml(value):
    """A value on one line of TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value).replace("\\ud", "\\uFFFD\\u00d").replace("\x7f", "\\u007F")
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{as_toml(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    return repr(value)


@given(file=files)
def test_a_file_is_either_usable_or_told_to_be_wrong(file):
    parsed = parse_schedule("\n".join(f"{key} = {as_toml(value)}" for key, value in file.items()))

    has_errors = any(complaint.severity is Severity.ERROR for complaint in parsed.complaints)
    assert (parsed.schedule is None) == has_errors
    for complaint in parsed.complaints:
        assert complaint.what.zh and complaint.what.en
        for language in ("zh", "en"):
            line = complaint.text(language)
            assert line.isprintable() and line.encode()
            assert len(line) < 700


@given(file=files)
def test_what_is_usable_is_never_planned_at_night(file):
    parsed = parse_schedule("\n".join(f"{key} = {as_toml(value)}" for key, value in file.items()))
    if parsed.schedule is None:
        return

    quiet_hours = parsed.schedule.station.quiet_hours
    assert quiet_hours
    assert not any(
        hours.contains(moment) for hours in quiet_hours for slot in parsed.schedule.slots for moment in slot.at
    )


@given(text=st.text() | st.text(alphabet='[]{}="\'\n\\.,#-_ab1T:z"""', max_size=60))
@example(text="\ud800")
@example(text="[a]\n[a.b]\n[[a]]")
@example(text="\ufeff[station]")
@example(text="x = 1979-05-27T07:32:00+25:00")
@example(text='"\\U0001F600" = 1')
@example(text="[[slot]]\n[[slot]]\nid = {a = 1}")
def test_any_text_is_read_without_an_exception(text):
    parsed = parse_schedule(text)

    assert parsed.schedule is not None or parsed.complaints


@given(cut=st.integers(0, len(SHIPPED)), drop=st.integers(0, 40), insert=st.text(max_size=5))
def test_a_slip_of_the_hand_in_the_shipped_file_is_read_without_an_exception(cut, drop, insert):
    parsed = parse_schedule(SHIPPED[:cut] + insert + SHIPPED[cut + drop :])

    assert parsed.schedule is not None or parsed.complaints


slots = st.lists(
    st.tuples(
        st.integers(6 * 60 + 30, 21 * 60 - 1),
        st.sampled_from(["daily", "mon", "tue-wed", "workdays", "1st sat", "15th", "正月十五", "2026-12-03"]),
        st.integers(1, 90),
    ),
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=50)
@given(slots=slots)
def test_two_slots_are_told_to_overlap_exactly_when_they_do(slots):
    """Against the plain way: every pair on every day."""
    text = "".join(
        f'[[slot]]\nid = "s{number}"\nat = "{minute // 60:02}:{minute % 60:02}"\ndays = "{days}"\nplay = "next:study"\n'
        for number, (minute, days, _) in enumerate(slots)
    )
    schedule = parse_schedule(text).schedule
    lengths = {f"s{number}": timedelta(minutes=length) for number, (_, _, length) in enumerate(slots)}
    today = date(2026, 11, 24)
    complaints = cross_check(
        schedule,
        scripts=["study/a"],
        chimes=["rise", "siren"],
        clip_lengths=lengths,
        today=today,
        falls_on=falls_on,
    )

    wanted = set()
    for number in range(367):
        day = today + timedelta(days=number)
        playing = [
            (slots[place][0], slots[place][0] + slots[place][2], slot.id)
            for place, slot in enumerate(schedule.slots)
            if any(falls_on(rule, day, schedule.calendar) for rule in slot.days)
        ]
        for start, _, one in playing:
            for begun, ended, other in playing:
                if one != other and (begun, other) < (start, one) and start < ended:
                    wanted.add((other, one))
    told = {
        (complaint.what.zh.split("'")[3], complaint.path.split(".")[1])
        for complaint in complaints
        if "还在" in complaint.what.zh
    }
    assert told == wanted
