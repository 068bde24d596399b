"""Who is named over the horns, and in which words."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.study.leaderboard import place_of, point_facts
from broadcaster.study.roster import Person, PersonId, Roster, Total

MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def roster(points, silent=(), before=None, groups=None):
    """People called 甲, 乙 … with these points; those in *silent* did not agree to be named."""
    people, totals = [], []
    for number, total in enumerate(points):
        name = NAMES[number]
        group = groups[number] if groups else "一组"
        people.append(Person(id=PersonId(name), name=name, group=group, consents=name not in silent))
        totals.append(Total(person=PersonId(name), on=MONDAY, points=total))
        if before is not None:
            totals.append(Total(person=PersonId(name), on=MONDAY - WEEK, points=before[number]))
    return Roster(people=tuple(people), totals=tuple(totals))


def named(facts, fact):
    return [(one.place, one.name) for one in facts[fact]]


def test_without_points_there_are_no_facts():
    assert point_facts(Roster(), MONDAY) == {}
    assert point_facts(roster([5, 4, 3]), MONDAY - WEEK) == {}


def test_people_are_named_from_the_top_and_never_the_last():
    facts = point_facts(roster([50, 40, 30, 20, 10]), MONDAY)

    assert named(facts, "top") == [("第一名", "甲"), ("第二名", "乙"), ("第三名", "丙"), ("第四名", "丁")]


def test_a_tie_shares_its_rank_and_the_next_rank_is_left_out():
    facts = point_facts(roster([50, 40, 40, 30, 10]), MONDAY)

    assert named(facts, "top10") == [("第一名", "甲"), ("并列第二名", "丙"), ("并列第二名", "乙"), ("第四名", "丁")]
    assert [(one.place, one.points, [person.name for person in one.people]) for one in facts["top10_places"]] == [
        ("第一名", 50, ["甲"]),
        ("并列第二名", 40, ["丙", "乙"]),
        ("第四名", 30, ["丁"]),
    ]


def test_only_people_who_agreed_are_named_and_ranks_stay_true():
    facts = point_facts(roster([50, 40, 40, 30, 20, 10], silent="甲丙"), MONDAY)

    assert named(facts, "top") == [("并列第二名", "乙"), ("第四名", "丁"), ("第五名", "戊")]


def test_when_too_few_agreed_nobody_is_named_and_the_numbers_are_still_told():
    facts = point_facts(roster([50_000, 41_000, 30, 20], silent="甲乙"), MONDAY)

    assert not {"top", "top10", "top10_places", "over_threshold", "risers"} & facts.keys()
    assert (facts["over_count"], facts["people_count"], facts["average"]) == (2, 4, 22762)


def test_no_reading_names_more_than_the_cap_and_a_tie_is_not_cut_in_two():
    facts = point_facts(roster([50, 40, 30, 30, 10]), MONDAY, names=3, wanted=2)

    assert named(facts, "top") == [("第一名", "甲"), ("第二名", "乙")]


def test_a_tie_at_the_top_that_is_larger_than_the_cap_is_not_read():
    assert "top" not in point_facts(roster([50] * 12 + [10]), MONDAY)


def test_those_over_the_threshold_are_named_in_turn_over_the_weeks():
    many = roster([41_000 - number for number in range(15)] + [10])
    heard = set()
    for week in range(3):
        people = point_facts(many, MONDAY + week * WEEK)["over_threshold"]
        assert len(people) == 10
        heard |= {one.name for one in people}

    assert len(heard) == 15


def test_exactly_the_threshold_is_not_over_it():
    facts = point_facts(roster([41_000, 40_001, 40_000, 10]), MONDAY, wanted=1)

    assert [one.name for one in facts["over_threshold"]] == ["甲", "乙"]
    assert (facts["over_count"], facts["threshold"]) == (2, 40_000)


def test_risers_are_ranked_by_what_they_won_in_a_week():
    facts = point_facts(roster([90, 80, 75, 70, 60], before=[85, 60, 55, 69, 60]), MONDAY)

    assert [(one.place, one.name, one.gain) for one in facts["risers"]] == [
        ("并列第一名", "丙", 20),
        ("并列第一名", "乙", 20),
        ("第三名", "甲", 5),
    ]


@pytest.mark.parametrize(("days", "counts"), [(3, False), (4, True), (7, True), (10, True), (11, False)])
def test_about_a_week_is_four_to_ten_days(days, counts):
    people = roster([90, 80, 70, 60, 5])
    earlier = tuple(Total(person=one.id, on=MONDAY - timedelta(days=days), points=1) for one in people.people)

    facts = point_facts(Roster(people=people.people, totals=people.totals + earlier), MONDAY)
    assert ("risers" in facts) == counts


def test_namesakes_are_named_with_their_group():
    people = tuple(
        Person(id=PersonId(str(number)), name=name, group=f"{number}组", consents=True)
        for number, name in enumerate(["张伟", "张伟", "单丽", "解明"])
    )
    totals = tuple(Total(person=one.id, on=MONDAY, points=10 - number) for number, one in enumerate(people))

    assert [one.called for one in point_facts(Roster(people=people, totals=totals), MONDAY)["top"]] == [
        "0组的张伟",
        "1组的张伟",
        "单丽",
    ]


def test_groups_are_ranked_by_their_average_and_only_the_upper_half_is_read():
    groups = ["一组"] * 3 + ["二组"] * 3 + ["三组"] * 3 + ["四组"] * 3 + ["小组"] * 2
    facts = point_facts(roster([9, 9, 9, 30, 30, 30, 5, 5, 5, 30, 31, 29, 99, 99], groups=groups), MONDAY)

    assert [(one.place, one.name, one.average, one.people) for one in facts["groups"]] == [
        ("并列第一名", "二组", 30, 3),
        ("并列第一名", "四组", 30, 3),
    ]


def test_who_was_in_no_sheet_for_a_month_is_not_counted():
    people = roster([50, 40, 30, 20])
    gone = Person(id=PersonId("走"), name="走", group="一组", consents=True)
    old = Total(person=gone.id, on=MONDAY - timedelta(days=32), points=60_000)

    facts = point_facts(Roster(people=(*people.people, gone), totals=(*people.totals, old)), MONDAY)
    assert facts["people_count"] == 4
    assert facts["over_count"] == 0


def test_points_of_the_future_are_not_told_and_the_day_of_the_points_is():
    people = roster([50, 40, 30, 20])
    later = tuple(Total(person=one.id, on=MONDAY + WEEK, points=99_999) for one in people.people)

    facts = point_facts(Roster(people=people.people, totals=people.totals + later), MONDAY + timedelta(days=2))
    assert facts["as_of"] == "11月23日"
    assert facts["average"] == 35


@pytest.mark.parametrize(
    ("rank", "words"),
    [(1, "第一名"), (10, "第十名"), (11, "第十一名"), (20, "第二十名"), (35, "第三十五名"), (120, "第120名")],
)
def test_ranks_are_said_as_people_say_them(rank, words):
    assert place_of(rank, is_shared=False) == words
    assert place_of(rank, is_shared=True) == "并列" + words


@settings(deadline=None)
@given(points=st.lists(st.integers(0, 30), min_size=1, max_size=20), silent=st.sets(st.sampled_from(NAMES)))
def test_ranks_are_those_of_the_points_and_nobody_else_is_named(points, silent):
    facts = point_facts(roster(points, silent=silent), MONDAY, wanted=1)

    for one in facts.get("top", ()):
        assert one.name not in silent
        assert one.rank == 1 + sum(other > one.points for other in points)
        assert one.place.startswith("并列") == (points.count(one.points) > 1)
        assert one.points > min(points) or len(set(points)) == 1
    assert len(facts.get("top", ())) <= 10
