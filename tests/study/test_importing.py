"""What an import changes, told before it is done."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.study.importing import imported, preview
from broadcaster.study.roster import Person, PersonId, Roster, Total, person_id
from broadcaster.study.sheet import PointsRow, PointsSheet, read_points

FIRST = """姓名,小组,总积分,日期,同意点名
单丽,一组,41200,2026-11-16,是
解明,一组,3000,2026-11-16,否
查红,二组,800,2026-11-16,是
仇海,二组,700,2026-11-16,是
"""
SECOND = """姓名,小组,总积分,日期,同意点名
单丽,一组,41900,2026-11-23,是
解明,一组,3000,2026-11-23,是
查红,二组,750,2026-11-23,否
任远,二组,50,2026-11-23,
张伟,二组,1,2026-11-23,是
张伟,二组,2,2026-11-23,是
曾静,二组,很多,2026-11-23,是
"""


def sheet(text):
    return read_points(text.encode())


ROSTER = imported(Roster(), preview(sheet(FIRST), Roster()))


def test_the_preview_tells_everything_in_chinese():
    assert (
        preview(sheet(SECOND), ROSTER).text("zh-CN")
        == """\
积分表：2026-11-23，4 行能导入。
新的人 1 位：任远（二组）。
积分有变化 2 位。
其中比上次少的 1 位，请看一看对不对：查红（二组）800 → 750
积分没有变 1 位。
同意点名的多了 1 位。
不再同意点名 1 位：查红（二组）。
'二组' 里有两个 '张伟'（第 6、7 行），分不清，都没有导入。请写成 '张伟（东）' 这样。
第 8 行：积分 '很多' 不是整数。请写成 41200 这样。"""
    )


def test_the_preview_tells_everything_in_english():
    assert (
        preview(sheet(SECOND), ROSTER).text("en")
        == """\
Sheet of 2026-11-23: 4 row(s) can be imported.
New people, 1: 任远（二组）.
Totals that change: 2.
Fewer points than before, 1; please check: 查红（二组）800 → 750
Unchanged totals: 1.
Agree to be named: 1 more.
No longer agree to be named, 1: 查红（二组）.
'二组' has two people called '张伟' (lines 6, 7); neither is imported. Tell them apart, for example '张伟（东）'.
line 8: the points '很多' are not a whole number. Write them like 41200."""
    )


def test_the_same_file_again_says_so_and_changes_nothing():
    change = preview(sheet(FIRST), ROSTER)

    assert change.text("zh") == "积分表：2026-11-16，4 行能导入。\n这个文件以前导入过，什么都不会变。"
    assert imported(ROSTER, change) == ROSTER


def test_another_file_of_the_same_contents_changes_nothing_either():
    change = preview(sheet(FIRST + "\n"), ROSTER)

    assert not change.is_same_file
    assert change.changes_nothing
    assert change.text("zh").endswith("都和已有的一样，什么都不会变。")


def test_a_correction_of_the_same_day_replaces_the_total():
    change = preview(sheet("姓名,小组,总积分,日期\n单丽,一组,41300,2026-11-16\n"), ROSTER)

    assert [(one.before, one.after) for one in change.changed] == [(41200, 41300)]
    assert imported(ROSTER, change).latest()[person_id("单丽", "一组")].points == 41300


def test_an_earlier_sheet_adds_history_and_touches_neither_standing_nor_consent():
    change = preview(sheet("姓名,小组,总积分,日期,同意点名\n单丽,一组,9,2026-11-01,否\n"), ROSTER)
    after = imported(ROSTER, change)

    assert (change.older, change.changed, change.people) == (1, (), ())
    assert change.text("zh") == "积分表：2026-11-01，1 行能导入。\n比已有的积分早的 1 行，只当作历史记下。"
    assert after.latest() == ROSTER.latest()
    assert len(after.totals) == len(ROSTER.totals) + 1


def test_people_of_one_name_in_two_groups_are_two_people():
    change = preview(sheet("姓名,小组,总积分,日期\n张伟,一组,1,2026-11-16\n张伟,二组,2,2026-11-16\n"), Roster())

    assert len(change.new) == 2
    assert change.namesakes == ()


def test_a_person_whom_no_sheet_asked_does_not_consent():
    change = preview(sheet("姓名,小组,总积分,日期\n张伟,一组,1,2026-11-16\n"), Roster())

    assert [person.consents for person in change.new] == [False]


def test_a_sheet_that_does_not_say_keeps_the_consent():
    change = preview(sheet("姓名,小组,总积分,日期\n单丽,一组,50000,2026-11-23\n"), ROSTER)

    assert change.people == ()


def test_many_new_people_are_counted_and_only_ten_are_listed():
    names = [f"人{chr(0x4E00 + number)}" for number in range(12)]
    lines = "".join(f"{name},一组,1,2026-11-16\n" for name in names)

    assert preview(sheet("姓名,小组,总积分,日期\n" + lines), Roster()).text("zh").splitlines()[1] == (
        "新的人 12 位：" + "、".join(f"{name}（一组）" for name in names[:10]) + "，还有 2 位。"
    )


def test_readings_are_given_unless_namesakes_differ():
    def person(number, name, pinyin):
        return Person(id=PersonId(str(number)), name=name, group=str(number), pinyin=pinyin)

    roster = Roster(
        people=(person(1, "单丽", "shan4 li4"), person(2, "乐天", "le4 tian1"), person(3, "乐天", "yue4 tian1"))
    )

    assert roster.readings() == (("单丽", "shan4 li4"),)


days = st.integers(0, 20).map(lambda number: date(2026, 11, 1) + timedelta(days=number))
rows = st.builds(
    PointsRow,
    line=st.integers(1, 99),
    name=st.sampled_from(["单丽", "解明", "查红"]),
    group=st.sampled_from(["一组", "二组"]),
    points=st.integers(0, 50_000),
    on=days,
    consents=st.sampled_from([True, False, None]),
    pinyin=st.sampled_from(["", "a1"]),
)
sheets = st.builds(PointsSheet, sha256=st.uuids().map(str), rows=st.lists(rows, max_size=12).map(tuple))


@settings(deadline=None, max_examples=60)
@given(first=sheets, second=sheets)
def test_importing_twice_changes_nothing(first, second):
    roster = imported(Roster(), preview(first, Roster()))
    once = imported(roster, preview(second, roster))

    assert preview(second, once).changes_nothing
    assert imported(once, preview(second, once)) == once


@settings(deadline=None, max_examples=60)
@given(first=sheets, second=sheets)
def test_an_earlier_day_never_overwrites_a_later_one(first, second):
    roster = imported(Roster(), preview(first, Roster()))
    after = imported(roster, preview(second, roster))

    for id_, total in roster.latest().items():
        assert after.latest()[id_].on >= total.on
    assert {(one.person, one.on) for one in roster.totals} <= {(one.person, one.on) for one in after.totals}


def test_the_newest_total_until_a_day_is_the_latest():
    totals = tuple(Total(person=PersonId("a"), on=date(2026, 11, day), points=day) for day in (3, 1, 9))

    assert Roster(totals=totals).latest(date(2026, 11, 5))[PersonId("a")].points == 3
