"""Every way of writing days that docs/schedule.md promises, and what is said about the others."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.days import (
    SOLAR_TERMS,
    Daily,
    DateSpan,
    Holidays,
    LunarDay,
    MonthDay,
    NthWeekday,
    SolarTerm,
    Weekdays,
    Workdays,
)
from broadcaster.model.words import Sentence
from broadcaster.schedule.days import dates, days

MON_TO_FRI = Weekdays(frozenset(range(5)))


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("daily", Daily()),
        ("Every Day", Daily()),
        ("每天", Daily()),
        ("mon", Weekdays(frozenset({0}))),
        ("Sunday", Weekdays(frozenset({6}))),
        ("every friday", Weekdays(frozenset({4}))),
        ("mon-fri", MON_TO_FRI),
        ("fri-mon", Weekdays(frozenset({4, 5, 6, 0}))),
        ("weekdays", MON_TO_FRI),
        ("weekends", Weekdays(frozenset({5, 6}))),
        ("周末", Weekdays(frozenset({5, 6}))),
        ("周一", Weekdays(frozenset({0}))),
        ("星期天", Weekdays(frozenset({6}))),
        ("礼拜日", Weekdays(frozenset({6}))),
        ("每周五", Weekdays(frozenset({4}))),
        ("周一至周五", MON_TO_FRI),
        ("星期一到星期五", MON_TO_FRI),
        ("周一-周五", MON_TO_FRI),
        ("周一～周五", MON_TO_FRI),
        ("workdays", Workdays()),
        ("工作日", Workdays()),
        ("holidays", Holidays()),
        ("节假日", Holidays()),
        ("1st sat", NthWeekday(1, 5)),
        ("2nd  FRI", NthWeekday(2, 4)),
        ("last fri", NthWeekday(-1, 4)),
        ("third wednesday", NthWeekday(3, 2)),
        ("第一个周六", NthWeekday(1, 5)),
        ("每月第2个星期三", NthWeekday(2, 2)),
        ("最后一个周五", NthWeekday(-1, 4)),
        ("每月最后一个星期天", NthWeekday(-1, 6)),
        ("1st", MonthDay(1)),
        ("15th", MonthDay(15)),
        ("每月15日", MonthDay(15)),
        ("15号", MonthDay(15)),
        ("每月十五日", MonthDay(15)),
        ("每月二十三号", MonthDay(23)),
        ("10-01", MonthDay(1, 10)),
        ("02-29", MonthDay(29, 2)),
        ("10月1日", MonthDay(1, 10)),
        ("每年十月一日", MonthDay(1, 10)),
        ("2026-12-01", DateSpan(date(2026, 12, 1), date(2026, 12, 1))),
        ("2026年12月1日", DateSpan(date(2026, 12, 1), date(2026, 12, 1))),
        ("2026/12/1", DateSpan(date(2026, 12, 1), date(2026, 12, 1))),
        ("2026-12-01..2026-12-20", DateSpan(date(2026, 12, 1), date(2026, 12, 20))),
        ("2026-12-01 至 2026-12-20", DateSpan(date(2026, 12, 1), date(2026, 12, 20))),
        ("2026年12月1日到2026年12月20日", DateSpan(date(2026, 12, 1), date(2026, 12, 20))),
        ("正月十五", LunarDay(1, 15)),
        ("lunar 正月十五", LunarDay(1, 15)),
        ("农历八月十五", LunarDay(8, 15)),
        ("腊月廿三", LunarDay(12, 23)),
        ("腊月二十三", LunarDay(12, 23)),
        ("腊月三十", LunarDay(12, 30)),
        ("冬月初十", LunarDay(11, 10)),
        ("十一月初十", LunarDay(11, 10)),
        ("十月初一", LunarDay(10, 1)),
        ("闰四月初一", LunarDay(4, 1, is_leap=True)),
        ("每月初一", LunarDay(0, 1)),
        ("农历每月十五", LunarDay(0, 15)),
        ("lunar 每月廿三", LunarDay(0, 23)),
        ("除夕", LunarDay(12, -1)),
        ("lunar 除夕", LunarDay(12, -1)),
        ("春节", LunarDay(1, 1)),
        ("清明", SolarTerm("清明")),
        ("清明节", SolarTerm("清明")),
    ],
)
def test_days_are_written_in_chinese_or_english(written, rule):
    assert days(written) == (rule,)


@pytest.mark.parametrize("name", SOLAR_TERMS)
def test_each_solar_term_is_known_by_its_name(name):
    assert days(name) == (SolarTerm(name),)


def test_a_date_of_toml_is_that_one_day():
    assert days(date(2026, 12, 1)) == (DateSpan(date(2026, 12, 1), date(2026, 12, 1)),)


@pytest.mark.parametrize("written", ["周一、周三、周五", "mon, wed, fri", "周一，周三，周五", "周一；周三; fri"])
def test_one_text_may_list_several(written):
    assert days(written) == tuple(Weekdays(frozenset({number})) for number in (0, 2, 4))


def test_what_is_no_day_is_told_with_the_word_that_was_meant():
    assert days("dayly") == Sentence(
        "'dayly' 不是日子的写法。是不是 'daily'？"
        "可以写 '每天'、'周一至周五'、'工作日'、'第一个周六'、'每月15日'、'2026-12-01'、'正月十五'、'清明' 等。",
        "'dayly' is no way to write days. Did you mean 'daily'? "
        "Write for example 'daily', 'mon-fri', 'workdays', '1st sat', '15th', '2026-12-01', '正月十五' or '清明'.",
    )


def test_a_bare_number_is_taken_for_a_day_of_the_month_that_wants_its_word():
    assert days(15).zh.startswith("'15' 不是日子的写法。是不是 '每月15日'？")


@pytest.mark.parametrize(
    "written",
    ["2026-02-30", "2026-13-01", "02-30", "13-01", "32nd", "0th", "每月三十二日", "2月30日", "十三月初一", "正月初"],
)
def test_a_day_that_is_on_no_calendar_is_told(written):
    found = days(written)

    assert isinstance(found, Sentence)
    assert "没有这一天" in found.zh or "不是日子的写法" in found.zh


def test_a_range_that_ends_before_it_begins_is_told_the_right_way_round():
    assert days("2026-12-20..2026-12-01") == Sentence(
        "'2026-12-20..2026-12-01' 写反了：开始的日子在结束的后面。请写成 '2026-12-01..2026-12-20'。",
        "'2026-12-20..2026-12-01' ends before it begins. Write '2026-12-01..2026-12-20'.",
    )


def test_no_month_has_a_sixth_monday():
    sentence = Sentence(
        "'6th mon'：一个月里没有这一天。请写 '第一个周六' 到 '第五个周六'，或 '最后一个周六'。",
        "'6th mon' is in no month. Write '1st sat' to '5th sat', or 'last sat'.",
    )

    assert days("6th mon") == sentence
    assert isinstance(days("第六个周一"), Sentence)


@pytest.mark.parametrize(
    "value", ["", " ", "周八", "mon-", "mon-fun", "..", "2026-12-01..", ",", True, 1.5, [], {}, None]
)
def test_other_things_are_no_days(value):
    assert isinstance(days(value), Sentence)


def test_a_moment_is_no_day():
    assert isinstance(days(datetime(2026, 12, 1, 7, 30)), Sentence)


@given(
    text=st.text(max_size=30)
    | st.text(alphabet="初一二三十廿月日号周星期第个最后闰正腊0123456789-. stndrdfrimon", max_size=12)
)
def test_any_text_is_either_days_or_a_sentence(text):
    found = days(text)

    assert isinstance(found, Sentence) or (found and all(hash(rule) is not None for rule in found))


def test_dates_of_the_calendar_are_days_or_ranges():
    assert dates("2027-02-05..2027-02-07") == (date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7))
    assert dates(date(2027, 1, 1)) == (date(2027, 1, 1),)
    assert dates("mon") == Sentence(
        "'mon' 不是日期。请写年-月-日，例如 2026-10-01；一段日子写成 '2026-10-01..2026-10-07'。",
        "'mon' is not a date. Write year-month-day, for example 2026-10-01, "
        "and some days in a row as '2026-10-01..2026-10-07'.",
    )
    assert dates("2027-02-30").zh == "'2027-02-30'：日历上没有这一天。请对照日历改正。"
    assert isinstance(dates("0001-01-01..9999-12-31"), Sentence)
