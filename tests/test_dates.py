"""Days: every rule against a calendar that people hang on the wall, and what scripts may say of a day."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Solar

from broadcaster.dates import (
    day_facts,
    day_marks,
    falls_on,
    holidays_known,
    lunar_date,
    unknown_holidays_note,
)
from broadcaster.model.days import (
    SOLAR_TERMS,
    Calendar,
    Daily,
    DateSpan,
    DayMarks,
    DayOff,
    Holidays,
    LunarDay,
    MonthDay,
    NthWeekday,
    SolarTerm,
    Weekdays,
    Workdays,
)

NOBODYS = Calendar()
TUESDAY = date(2026, 11, 24)


def days_of(rule, year, calendar=NOBODYS):
    day, found = date(year, 1, 1), []
    while day.year == year:
        if falls_on(rule, day, calendar):
            found.append(day)
        day += timedelta(days=1)
    return found


def test_daily_falls_on_every_day():
    assert len(days_of(Daily(), 2026)) == 365
    assert falls_on(Daily(), date.min, NOBODYS) and falls_on(Daily(), date.max, NOBODYS)


def test_weekdays_fall_on_their_days_of_the_week():
    assert falls_on(Weekdays(frozenset({1})), TUESDAY, NOBODYS)
    assert not falls_on(Weekdays(frozenset({0, 2})), TUESDAY, NOBODYS)


def test_a_span_holds_both_its_ends():
    span = DateSpan(date(2026, 12, 1), date(2026, 12, 20))

    assert days_of(span, 2026) == [date(2026, 12, number) for number in range(1, 21)]


def test_the_first_and_the_last_weekday_of_a_month():
    assert days_of(NthWeekday(1, 5), 2026)[:3] == [date(2026, 1, 3), date(2026, 2, 7), date(2026, 3, 7)]
    assert days_of(NthWeekday(-1, 4), 2026)[:3] == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)]
    assert len(days_of(NthWeekday(5, 6), 2026)) == 4


def test_the_last_weekday_of_the_last_month_of_all_is_found_without_overflow():
    assert falls_on(NthWeekday(-1, date.max.weekday()), date.max, NOBODYS)


def test_a_day_of_the_month_is_left_out_in_months_that_are_too_short():
    assert len(days_of(MonthDay(31), 2026)) == 7
    assert days_of(MonthDay(1, 10), 2026) == [date(2026, 10, 1)]
    assert days_of(MonthDay(29, 2), 2026) == []
    assert days_of(MonthDay(29, 2), 2028) == [date(2028, 2, 29)]


# --- workdays and holidays ---------------------------------------------------------------------------------------


def test_make_up_days_are_workdays_and_holidays_are_not():
    """Spring Festival 2025: off from 28 January to 4 February, made up on two weekends."""
    sunday_to_make_up, wednesday_off = date(2025, 1, 26), date(2025, 1, 29)

    assert falls_on(Workdays(), sunday_to_make_up, NOBODYS)
    assert not falls_on(Holidays(), sunday_to_make_up, NOBODYS)
    assert falls_on(Holidays(), wednesday_off, NOBODYS)
    assert not falls_on(Workdays(), wednesday_off, NOBODYS)


def test_an_ordinary_weekend_is_a_day_off():
    assert falls_on(Holidays(), date(2026, 11, 28), NOBODYS)


def test_the_owner_knows_days_better_than_any_library():
    calendar = Calendar(days_off=frozenset({TUESDAY}), workdays=frozenset({date(2026, 10, 1)}))

    assert falls_on(Holidays(), TUESDAY, calendar)
    assert falls_on(Workdays(), date(2026, 10, 1), calendar)


def test_beyond_the_known_years_monday_to_friday_are_workdays_and_a_note_says_so():
    assert holidays_known(date(2026, 12, 31))
    assert holidays_known(date(2004, 1, 1))
    assert not holidays_known(date(2003, 12, 31))
    assert not holidays_known(date(2150, 1, 1))
    assert falls_on(Workdays(), date(2150, 10, 1), NOBODYS)
    assert falls_on(Holidays(), date(2150, 10, 3), NOBODYS)
    note = unknown_holidays_note(2027)
    assert note.zh == (
        "还不知道 2027 年的放假和调休安排，工作日先按星期一到星期五算。"
        "请照国务院的通知，把放假的日子写进 schedule.toml 的 [calendar] days_off，把补班的日子写进 workdays。"
    )
    assert note.en == (
        "public holidays and make-up days of 2027 are not known yet, so Monday to Friday count as workdays. "
        "Add the announced days off to days_off and the make-up days to workdays in [calendar] of schedule.toml."
    )


def test_the_owners_days_count_in_unknown_years_too():
    off, makes_up = date(2150, 10, 1), date(2150, 10, 3)
    calendar = Calendar(days_off=frozenset({off}), workdays=frozenset({makes_up}))

    assert falls_on(Holidays(), off, calendar)
    assert falls_on(Workdays(), makes_up, calendar)


@given(day=st.dates(), off=st.booleans(), makes_up=st.booleans())
def test_every_day_is_either_a_workday_or_a_day_off(day, off, makes_up):
    calendar = Calendar(days_off=frozenset({day} if off else ()), workdays=frozenset({day} if makes_up else ()))

    assert falls_on(Workdays(), day, calendar) != falls_on(Holidays(), day, calendar)


# --- the lunar calendar ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (LunarDay(1, 1), [date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26)]),
        (LunarDay(1, 15), [date(2026, 3, 3), date(2027, 2, 20), date(2028, 2, 9)]),
        (LunarDay(8, 15), [date(2026, 9, 25), date(2027, 9, 15), date(2028, 10, 3)]),
        (LunarDay(5, 5), [date(2026, 6, 19), date(2027, 6, 9), date(2028, 5, 28)]),
        (LunarDay(9, 9), [date(2026, 10, 18), date(2027, 10, 8), date(2028, 10, 26)]),
    ],
)
def test_festivals_of_the_lunar_year_fall_where_the_almanac_has_them(rule, days):
    assert [day for year in (2026, 2027, 2028) for day in days_of(rule, year)] == days


def test_new_years_eve_is_the_last_day_of_the_year_whether_it_has_29_or_30_days():
    eve = LunarDay(12, -1)

    assert days_of(eve, 2026) == [date(2026, 2, 16)]
    assert not falls_on(LunarDay(12, 30), date(2026, 2, 16), NOBODYS)
    assert days_of(eve, 2024) == [date(2024, 2, 9)]
    assert falls_on(LunarDay(12, 30), date(2024, 2, 9), NOBODYS)


def test_a_leap_month_is_not_the_ordinary_one():
    assert days_of(LunarDay(6, 1), 2025) == [date(2025, 6, 25)]
    assert days_of(LunarDay(6, 1, is_leap=True), 2025) == [date(2025, 7, 25)]
    assert days_of(LunarDay(6, -1, is_leap=True), 2025) == [date(2025, 8, 22)]
    assert days_of(LunarDay(6, 1, is_leap=True), 2026) == []
    assert days_of(LunarDay(4, 1, is_leap=True), 2020) == [date(2020, 5, 23)]


def test_a_day_of_every_lunar_month_falls_in_leap_months_too():
    assert len(days_of(LunarDay(0, 1), 2025)) == 12
    assert {date(2025, 6, 25), date(2025, 7, 25)} <= set(days_of(LunarDay(0, 1), 2025))


def test_the_leap_eleventh_month_of_2033_is_where_it_was_hard_to_compute():
    assert days_of(LunarDay(11, 1, is_leap=True), 2033) == [date(2033, 12, 22)]
    assert days_of(LunarDay(1, 1), 2034) == [date(2034, 2, 19)]


def test_solar_terms_fall_where_the_almanac_has_them():
    assert days_of(SolarTerm("清明"), 2026) == [date(2026, 4, 5)]
    assert days_of(SolarTerm("小雪"), 2026) == [date(2026, 11, 22)]
    assert days_of(SolarTerm("冬至"), 2026) == [date(2026, 12, 22)]
    assert days_of(SolarTerm("小寒"), 2026) == [date(2026, 1, 5)]


def test_each_year_has_each_solar_term_once():
    for year in (1901, 2000, 2026, 2199):
        assert [len(days_of(SolarTerm(name), year)) for name in SOLAR_TERMS] == [1] * 24


@pytest.mark.parametrize("day", [date.min, date(1582, 10, 10), date(1900, 12, 31), date(2200, 1, 1), date.max])
def test_outside_the_known_years_nothing_lunar_falls_on_a_day(day):
    assert lunar_date(day) is None
    assert not falls_on(LunarDay(1, 1), day, NOBODYS)
    assert not falls_on(SolarTerm("冬至"), day, NOBODYS)
    assert set(day_facts(day, NOBODYS)) <= {"today", "weekday", "festival"}


@pytest.mark.slow
@given(day=st.dates(min_value=date(1901, 1, 1), max_value=date(2199, 12, 31)))
def test_lunar_dates_and_terms_agree_with_the_library_day_by_day(day):
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    ours = lunar_date(day)

    assert (ours.month, ours.day, ours.is_leap) == (abs(lunar.getMonth()), lunar.getDay(), lunar.getMonth() < 0)
    assert day_facts(day, NOBODYS).get("solar_term", "") == lunar.getJieQi()


# --- agreement with brute force ----------------------------------------------------------------------------------


@given(day=st.dates(), nth=st.sampled_from([1, 2, 3, 4, 5, -1]), weekday=st.integers(0, 6))
def test_the_nth_weekday_is_the_nth_of_its_list(day, nth, weekday):
    length = monthrange(day.year, day.month)[1]
    all_of_them = [number for number in range(1, length + 1) if day.replace(day=number).weekday() == weekday]
    wanted = all_of_them[-1:] if nth == -1 else all_of_them[nth - 1 : nth]

    assert falls_on(NthWeekday(nth, weekday), day, NOBODYS) == (day.day in wanted)


@pytest.mark.slow
@given(day=st.dates(min_value=date(1902, 1, 1), max_value=date(2198, 12, 31)))
def test_the_day_after_new_years_eve_is_the_first_of_the_year(day):
    tomorrow = day + timedelta(days=1)

    assert falls_on(LunarDay(12, -1), day, NOBODYS) == falls_on(LunarDay(1, 1), tomorrow, NOBODYS)


rules = st.one_of(
    st.just(Daily()),
    st.builds(Weekdays, st.frozensets(st.integers(0, 6))),
    st.just(Workdays()),
    st.just(Holidays()),
    st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6)),
    st.builds(MonthDay, st.integers(1, 31), st.none() | st.integers(1, 12)),
    st.builds(DateSpan, st.dates(), st.dates()),
    st.builds(LunarDay, st.integers(0, 12), st.integers(1, 30) | st.just(-1), st.booleans()),
    st.builds(SolarTerm, st.sampled_from(SOLAR_TERMS)),
)


@given(rule=rules, day=st.dates())
def test_every_rule_says_yes_or_no_for_every_day_there_is(rule, day):
    assert falls_on(rule, day, NOBODYS) in (True, False)


# --- what scripts may say of a day -------------------------------------------------------------------------------


def test_a_plain_day_has_date_weekday_and_lunar_date():
    assert day_facts(TUESDAY, NOBODYS) == {"today": "11月24日", "weekday": "星期二", "lunar": "十月十六"}


def test_a_solar_term_is_a_fact_of_its_day_only():
    assert day_facts(date(2026, 11, 22), NOBODYS)["solar_term"] == "小雪"
    assert "solar_term" not in day_facts(date(2026, 11, 23), NOBODYS)


@pytest.mark.parametrize(
    ("day", "festival"),
    [
        (date(2026, 2, 17), "春节"),
        (date(2026, 2, 16), "除夕"),
        (date(2026, 3, 3), "元宵节"),
        (date(2026, 4, 5), "清明节"),
        (date(2026, 5, 1), "劳动节"),
        (date(2026, 9, 23), "农民丰收节"),
        (date(2020, 10, 1), "国庆节、中秋节"),
    ],
)
def test_a_festival_is_a_fact_of_its_day(day, festival):
    assert day_facts(day, NOBODYS)["festival"] == festival


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 17), "正月初一"),
        (date(2026, 2, 10), "腊月二十三"),
        (date(2025, 7, 25), "闰六月初一"),
        (date(2026, 2, 16), "腊月二十九"),
        (date(2026, 3, 3), "正月十五"),
        (date(2024, 2, 9), "腊月三十"),
        (date(2026, 12, 28), "冬月二十"),
    ],
)
def test_a_lunar_date_is_written_as_people_say_it(day, words):
    assert day_facts(day, NOBODYS)["lunar"] == words


@pytest.mark.parametrize(
    ("day", "marks"),
    [
        (
            "2026-10-01",
            DayMarks(
                day=date(2026, 10, 1), lunar="八月二十一", lunar_short="廿一", festivals=("国庆节",), off=DayOff.OFF
            ),
        ),
        ("2026-10-03", DayMarks(day=date(2026, 10, 3), lunar="八月二十三", lunar_short="廿三", off=DayOff.OFF)),
        ("2026-10-10", DayMarks(day=date(2026, 10, 10), lunar="九月初一", lunar_short="九月", off=DayOff.MAKE_UP)),
        ("2026-11-28", DayMarks(day=date(2026, 11, 28), lunar="十月二十", lunar_short="二十")),
        ("2026-12-22", DayMarks(day=date(2026, 12, 22), lunar="冬月十四", lunar_short="十四", solar_term="冬至")),
    ],
)
def test_a_wall_calendar_prints_lunar_day_festival_and_what_the_holidays_make_of_a_day(day, marks):
    assert day_marks(date.fromisoformat(day), Calendar()) == marks


def test_the_owner_knows_days_off_better():
    own = Calendar(
        days_off=frozenset({date(2026, 11, 24), date(2026, 11, 28)}), workdays=frozenset({date(2026, 11, 29)})
    )

    assert [day_marks(date(2026, 11, number), own).off for number in (24, 25, 28, 29)] == [
        DayOff.OFF,
        None,
        DayOff.OFF,
        DayOff.MAKE_UP,
    ]
