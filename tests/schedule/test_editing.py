"""One slot of schedule.toml is changed; every other line, remark and blank stays as a person wrote it."""

import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import Refused
from broadcaster.model.timetable import PlayNext
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.editing import BY_HAND, NO_TOML, add_slot, change_slot, remove_slot, slot_lines, slot_values

SHIPPED = Path("schedule.toml").read_text(encoding="utf-8")
HAND_WRITTEN = '''# 王主任写的，别乱动
[station]
name = "试验村"   # 我们村

  [[slot]]   # 早上
id = "morning"
at = ["07:30",   # 大家起来了
      "08:00"]
# 先念学习
play = [
  "next:study",
]
title = """[[slot]]
不是时段"""

# ---- 中午 ----

[zone.all]
outputs = ["main"]

[["slot"]]
at = "12:00"
id = 'noon'
play = "script:policy/fire" # 只念这一篇

# [[slot]]
# id = "later"
'''


def changed_lines(before, after):
    """The lines that went, and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_changed_time_changes_one_line():
    after = change_slot(SHIPPED, "morning-study", {"at": "07:40"})

    assert changed_lines(SHIPPED, after) == (['at = "07:30"'], ['at = "07:40"'])
    assert len(after.splitlines()) == len(SHIPPED.splitlines())


def test_remarks_within_a_slot_stay_and_what_says_the_same_is_not_touched():
    after = change_slot(
        HAND_WRITTEN, "morning", {"at": ["07:30", "08:00"], "play": ["next:study", "next:policy"], "repeat": 2}
    )

    assert changed_lines(HAND_WRITTEN, after)[0] == ["play = [", '  "next:study",', "]"]
    assert 'at = ["07:30",   # 大家起来了\n      "08:00"]\n# 先念学习\n' in after
    assert '不是时段"""\n  repeat = 2\n\n# ---- 中午 ----' in after


def test_a_remark_behind_a_value_stays_with_the_new_value():
    assert 'play = "next:policy" # 只念这一篇\n' in change_slot(HAND_WRITTEN, "noon", {"play": "next:policy"})


def test_a_key_is_taken_out_by_none():
    after = change_slot(SHIPPED, "morning-study", {"repeat": None, "grace": None, "voice": None})

    assert slot_values(after, "morning-study").keys() == slot_values(SHIPPED, "morning-study").keys() - {
        "repeat",
        "grace",
    }


def test_a_new_slot_stands_behind_the_last_and_before_the_examples():
    after = add_slot(SHIPPED, {"id": "new", "at": "09:00", "play": ["next:study"], "from": date(2026, 12, 1)})

    assert (
        'play = ["script:season/080-cold"]\n\n[[slot]]\nid = "new"\nat = "09:00"\nplay = ["next:study"]\n'
        "from = 2026-12-01\n\n# ---- 用得着的例子" in after
    )
    assert remove_slot(after, "new") == SHIPPED


def test_a_copy_stands_behind_its_original():
    after = add_slot(SHIPPED, {"id": "copy", "at": "09:00", "play": ["next:study"]}, after="morning-study")
    ids = [slot["id"] for slot in tomllib.loads(after)["slot"]]

    assert ids[:3] == ["morning-study", "copy", "sunday-study"]
    assert "\n# 星期天让大家多睡一会儿。" in after


def test_the_first_slot_of_a_file_without_any():
    assert add_slot("", {"id": "a"}) == '[[slot]]\nid = "a"\n'
    assert add_slot("[station]\nname = '村'", {"id": "a"}) == "[station]\nname = '村'\n\n[[slot]]\nid = \"a\"\n"


def test_a_slot_goes_with_its_own_lines_only():
    after = remove_slot(SHIPPED, "morning-study")

    gone, came = changed_lines(SHIPPED, after)
    assert (gone, came) == (['id = "morning-study"', 'at = "07:30"', 'days = "mon-sat"'], [])
    assert "# ---- 早上 Morning" in after and "# 星期天让大家多睡一会儿。" in after


def test_the_lines_of_a_slot():
    assert slot_lines(HAND_WRITTEN, "noon") == (
        '[["slot"]]\nat = "12:00"\nid = \'noon\'\nplay = "script:policy/fire" # 只念这一篇'
    )
    assert slot_lines(HAND_WRITTEN, "nobody") == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('slot = [{id = "a", at = "07:30", play = "next:study"}]', BY_HAND.en),
        ("[[slot]]\nid = “a”", NO_TOML.en),
        (
            '[[slot]]\nid = "b"',
            "there is no slot 'a' in the timetable; somebody may have removed it. Look again.",
        ),
        (
            '[[slot]]\nid = "a"\n[[slot]]\nid = "a"',
            "several slots are called 'a'. Give each an id of its own in schedule.toml first.",
        ),
        ('[[slot]]\nid = "a"\n[slot.more]\nx = 1', None),
    ],
)
def test_what_cannot_be_edited_is_refused_and_left(text, sentence):
    if sentence is None:  # a table within a slot is the parser's to complain of; the slot itself can be edited
        assert "[slot.more]\nx = 1" in change_slot(text, "a", {"at": "07:30"})
        return
    with pytest.raises(Refused) as refused:
        change_slot(text, "a", {"at": "07:30"})
    assert refused.value.sentence.en == sentence


def test_words_that_look_like_toml_are_only_words():
    nasty = 'x"\n[[slot]]\nid = "y'
    after = change_slot(SHIPPED, "morning-study", {"title": nasty})

    assert slot_values(after, "morning-study")["title"] == nasty
    assert len(tomllib.loads(after)["slot"]) == len(tomllib.loads(SHIPPED)["slot"])


# --- promises ---------------------------------------------------------------------------------------------------

remarks = st.sampled_from(["", "# 说明", '# [[slot]] "', "   ", "# it's '''"])
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=12)
ids = st.sampled_from(["a", "b", "早上", "x-1"])
values = st.fixed_dictionaries(
    {},
    optional={
        "title": words | st.text(max_size=8),
        "at": st.lists(st.sampled_from(["07:30", "12:00", "17:40"]), min_size=1, max_size=3, unique=True),
        "days": st.lists(st.sampled_from(["mon-fri", "正月十五", "1st sat"]), min_size=1, max_size=2),
        "play": st.lists(st.sampled_from(["next:study", "script:a/b"]), min_size=1, max_size=3),
        "repeat": st.integers(1, 10),
        "from": st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        "paused": st.booleans(),
    },
)


@st.composite
def files(draw):
    """A file as people write it: slots and other tables in any order, remarks anywhere."""
    parts = [draw(remarks)]
    for id_ in draw(st.lists(ids, min_size=1, max_size=4, unique=True)):
        own = draw(values)
        body = add_slot("", {"id": id_} | own).removesuffix("\n").split("\n")
        for place in draw(st.lists(st.integers(1, len(body)), max_size=2)):
            if '"""' not in "".join(body):
                body.insert(place, draw(remarks))
        parts += [*body, draw(remarks)]
        if draw(st.booleans()):
            parts += [f"[zone.z{id_ if id_.isascii() else 'q'}]", 'outputs = ["main"]', draw(remarks)]
    return "\n".join(parts) + draw(st.sampled_from(["", "\n", "\n\n"]))


def without(tables, id_):
    return {**tables, "slot": [slot for slot in tables.get("slot", []) if slot["id"] != id_]}


@settings(max_examples=120, deadline=None)
@given(files(), values, st.data())
def test_only_the_touched_slot_changes_and_the_file_says_what_was_wanted(text, wanted, data):
    before = tomllib.loads(text)
    id_ = data.draw(st.sampled_from([slot["id"] for slot in before["slot"]]))
    after = change_slot(text, id_, wanted)
    now = tomllib.loads(after)

    assert next(slot for slot in now["slot"] if slot["id"] == id_) == slot_values(text, id_) | wanted
    assert without(now, id_) == without(before, id_)
    assert [slot["id"] for slot in now["slot"]] == [slot["id"] for slot in before["slot"]]
    own = slot_lines(text, id_)
    start = text.index(own)
    assert after.startswith(text[:start]) and after.endswith(text[start + len(own) :])
    assert change_slot(after, id_, wanted) == after


@settings(max_examples=80, deadline=None)
@given(files(), values)
def test_what_is_added_and_removed_again_leaves_no_trace(text, wanted):
    after = add_slot(text, {"id": "new"} | wanted)
    again = remove_slot(after, "new")

    assert [line for line in again.splitlines() if line.strip()] == [line for line in text.splitlines() if line.strip()]


@given(st.times().map(lambda one: one.replace(microsecond=0, second=0)), st.integers(1, 10))
@settings(max_examples=30, deadline=None)
def test_the_parser_reads_what_was_meant(at, repeat):
    if at < time(6, 30) or at >= time(21, 0):
        return
    text = change_slot(SHIPPED, "morning-study", {"at": at.isoformat("minutes"), "repeat": repeat})
    parsed = parse_schedule(text).schedule

    assert parsed is not None
    slot = next(slot for slot in parsed.slots if slot.id == "morning-study")
    assert (slot.at, slot.repeat, slot.play) == ((at,), repeat, (PlayNext("study"),))
