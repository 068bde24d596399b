"""The leaderboards of the shipped station, filled from its made-up points: what the village would hear."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from broadcaster.errors import ScriptUnusable
from broadcaster.library import read_library
from broadcaster.scripts import fill
from broadcaster.study.importing import imported, preview
from broadcaster.study.leaderboard import point_facts
from broadcaster.study.roster import Roster
from broadcaster.study.sheet import read_points

HOME = Path(__file__).parents[2]
FOLDER = HOME / "scripts" / "leaderboard"
TUESDAY = date(2026, 11, 24)
LONGEST_BREATH = 20
LONGEST_READING = 350
"""Characters; at 165 a minute and with its pauses it stays under three minutes."""

LIBRARY = read_library(HOME / "scripts")
SCRIPTS = {script.name.partition("/")[2]: script for script in LIBRARY.scripts if script.folder == "leaderboard"}
SHEETS = [read_points((FOLDER / f"points-example-2026-11-{day}.csv").read_bytes()) for day in (16, 23)]


def _roster():
    roster = Roster()
    for sheet in SHEETS:
        roster = imported(roster, preview(sheet, roster))
    return roster


ROSTER = _roster()
FACTS = point_facts(ROSTER, TUESDAY)
each_script = pytest.mark.parametrize("name", sorted(SCRIPTS))


def test_every_shipped_script_can_be_read():
    assert LIBRARY.complaints == ()


def test_there_are_the_leaderboards_that_the_timetable_asks_for_and_more():
    slots = tomllib.loads((HOME / "schedule.toml").read_text(encoding="utf-8"))["slot"]
    asked = {source for slot in slots for source in slot["play"] if source.startswith("leaderboard:")}

    assert {name.removeprefix("leaderboard:") for name in asked} <= SCRIPTS.keys()
    assert len(SCRIPTS) >= 6


def test_the_example_is_a_village_of_its_own():
    people, latest = ROSTER.people, ROSTER.latest()
    points = [total.points for total in latest.values()]

    assert all(sheet.complaints == () for sheet in SHEETS)
    assert len(people) == 120
    assert len({person.group for person in people}) == 14
    assert 75 <= sum(person.consents for person in people) <= 95
    assert 14 <= sum(total > 40_000 for total in points) <= 17
    assert 3_000 <= min(points) < max(points) <= 52_000
    assert len(set(sorted(points)[-5:])) < 5, "there is a tie among the first five"
    assert {name[0] for name, _ in ROSTER.readings()} >= set("单解查仇任曾华")


def test_the_first_ten_as_they_are_heard():
    assert (
        fill(SCRIPTS["top10"], FACTS).text
        == """\
乡亲们，学习光荣榜来了。积分算到11月23日。
前十名里，愿意念名字的，有8位。
第一名，华才梅，51880分。
并列第二名，查田、王军英，都是50595分。
并列第五名，林国、查明，都是48705分。
第七名，罗生仓，47283分。
第八名，高有新，46508分。
第十名，林山，45280分。
这些分，是一天一天学出来的。
祝贺上榜的乡亲。天天学，人人都有机会上榜。"""
    )


def test_those_who_won_most_as_they_are_heard():
    assert (
        fill(SCRIPTS["risers"], FACTS).text
        == """\
乡亲们，学习进步榜来了。积分算到11月23日。
这一个星期，学习最勤的，有这几位。
第一名，林连贵，多了412分。
并列第二名，杨志丰、孙禾花，都多了398分。
第四名，黄建英，多了371分。
第五名，胡梅石，多了327分。
并列第六名，查田、王军英，都多了315分。
第十名，王禾平，多了305分。
不跟别人比高低，只跟昨天的自己比。
往前走一步，就值得夸一夸。"""
    )


@each_script
def test_a_leaderboard_names_only_people_who_agreed_and_at_most_ten(name):
    text = fill(SCRIPTS[name], FACTS).text
    heard = {person.name for person in ROSTER.people if re.search(f"[，、有]{person.name}[，、。]", text)}

    assert heard <= {person.name for person in ROSTER.people if person.consents}
    assert len(heard) <= 10


@each_script
def test_a_leaderboard_is_said_in_short_breaths_and_under_three_minutes(name):
    text = fill(SCRIPTS[name], FACTS).text

    assert text.startswith("乡亲们，")
    assert all(line.endswith("。") for line in text.splitlines())
    assert [clause for clause in re.split("[，。、\n]", text) if len(clause) > LONGEST_BREATH] == []
    assert len(text) <= LONGEST_READING


@each_script
def test_without_points_a_leaderboard_is_left_out_and_says_why(name):
    with pytest.raises(ScriptUnusable) as caught:
        fill(SCRIPTS[name], {"today": TUESDAY, "station": "大营村广播站"})

    assert caught.value.sentence.zh.endswith("还没有导入积分。请先用 dalaba points 导入积分表。")


def test_when_nobody_agreed_only_the_readings_without_names_are_left():
    roster = Roster(people=(), totals=ROSTER.totals)
    silent = Roster(
        people=tuple(type(one)(id=one.id, name=one.name, group=one.group) for one in ROSTER.people),
        totals=ROSTER.totals,
    )
    facts = point_facts(silent, TUESDAY)

    assert point_facts(roster, TUESDAY) == {}
    assert {name for name, script in SCRIPTS.items() if script.blanks <= facts.keys()} == {
        "encouragement",
        "groups",
        "weekly",
    }
    assert "走在前面的" not in fill(SCRIPTS["weekly"], facts).text
