"""One table of schedule.toml is changed; every other line, remark and blank stays as a person wrote it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import Refused
from broadcaster.schedule.editing import NO_TOML
from broadcaster.schedule.table_editing import by_hand, change_table, remove_table, table_lines, table_values

SHIPPED = Path("schedule.toml").read_text(encoding="utf-8")
HAND_WRITTEN = """# 王主任写的
[ "station" ]   # 我们村
quiet_hours = [ "21:00-06:30",  # 夜里
                "12:30-13:30" ] # 午睡
name = "试验村"

[output.main]
kind = "tape"
# 东头的
level_db = -3 # 小一点

[output."east 东"]
kind = "tape"
[[slot]]
id = "morning"
"""
INLINE = 'station = { name = "试验村" }\noutput.main.kind = "tape"\n'


def changed_lines(before, after):
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_one_key_changes_one_line_and_its_remark_stays():
    after = change_table(HAND_WRITTEN, ("output", "main"), {"level_db": -6})

    assert changed_lines(HAND_WRITTEN, after) == (["level_db = -3 # 小一点"], ["level_db = -6 # 小一点"])


def test_what_says_the_same_is_not_touched_and_none_takes_a_key_out():
    same = change_table(HAND_WRITTEN, ("station",), {"quiet_hours": ["21:00-06:30", "12:30-13:30"]})
    without = change_table(HAND_WRITTEN, ("output", "main"), {"level_db": None})

    assert same == HAND_WRITTEN
    assert changed_lines(HAND_WRITTEN, without) == (["level_db = -3 # 小一点"], [])


def test_a_new_table_stands_behind_its_own_kind_and_not_among_the_slots():
    after = change_table(HAND_WRITTEN, ("output", "west"), {"kind": "tape", "levels": ["07:00-08:00 -6"]})
    zone = change_table(SHIPPED, ("zone", "east"), {"outputs": ["main"]})

    assert after.index('[output."east 东"]') < after.index("[output.west]") < after.index("[[slot]]")
    assert zone.index("[zone.all]") < zone.index("[zone.east]") < zone.index("[output.main]")
    assert change_table('[[slot]]\nid = "a"\n', ("voice",), {"rate": 150}).startswith("[voice]\nrate = 150\n\n[[slot]]")
    assert change_table("", ("station",), {"name": "村"}) == '[station]\nname = "村"\n'


def test_a_table_is_taken_out_with_its_own_lines_only():
    after = remove_table(HAND_WRITTEN, ("output", "main"))

    assert changed_lines(HAND_WRITTEN, after)[1] == []
    assert tomllib.loads(after)["output"] == {"east 东": {"kind": "tape"}}
    assert table_lines(after, ("output", "main")) == "" and table_lines(after, ("output", "east 东")) != ""


def test_the_keys_of_a_table_do_not_hold_the_tables_below_it():
    text = "[voice]\nrate = 150\n[voice.mei]\nrate = 160\n"

    assert table_values(text, ("voice",)) == {"rate": 150}
    assert table_values(text, ("voice", "mei")) == {"rate": 160}
    assert table_values(text, ("voice", "tao")) is None


@pytest.mark.parametrize("table", [("station",), ("output", "main")])
def test_what_cannot_be_edited_line_by_line_is_refused_and_nothing_is_guessed(table):
    with pytest.raises(Refused) as refused:
        change_table(INLINE, table, {"name": "别的"})
    assert refused.value.sentence == by_hand(table)


def test_broken_files_and_missing_tables_are_refused_in_words():
    with pytest.raises(Refused) as broken:
        change_table("[station\n", ("station",), {"name": "x"})
    with pytest.raises(Refused) as missing:
        remove_table(SHIPPED, ("zone", "west"))

    assert broken.value.sentence == NO_TOML
    assert missing.value.sentence.zh == "schedule.toml 里没有 [zone.west]，可能别人刚删掉。请再看一看。"
    assert missing.value.sentence.en == (
        "there is no [zone.west] in schedule.toml; somebody may have removed it. Look again."
    )


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(name=WORDS.filter(bool), values=st.dictionaries(WORDS.filter(bool), WORDS | st.integers() | st.lists(WORDS)))
def test_whatever_is_written_is_read_back_and_all_else_is_as_before(name, values):
    after = change_table(SHIPPED, ("output", name), values)
    tables, old = tomllib.loads(after), tomllib.loads(SHIPPED)

    written = tables["output"].pop(name)
    before = old["output"].pop(name, {})
    assert written == before | values
    assert tables == old
    assert change_table(after, ("output", name), values) == after
