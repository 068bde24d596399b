"""Days in words for people, and days as boxes to tick."""

from datetime import date

import pytest

from broadcaster.model.words import Sentence
from broadcaster.schedule.day_words import lunar_day, said, split_days
from broadcaster.schedule.days import days


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("daily", "每天", "every day"),
        ("周一、周三", "周一、周三", "Monday, Wednesday"),
        ("mon-fri", "周一至周五", "Monday to Friday"),
        ("fri-mon", "周一、周五、周六、周日", "Monday, Friday, Saturday, Sunday"),
        ("workdays, holidays", "工作日、节假日", "workdays, days off"),
        ("1st sat", "每月第一个周六", "the 1st Saturday of the month"),
        ("last fri", "每月最后一个周五", "the last Friday of the month"),
        ("15th", "每月15日", "day 15 of each month"),
        ("10-01", "每年10月1日", "each year on 10-01"),
        ("2026-12-05", "2026-12-05", "2026-12-05"),
        ("2026-12-01..2026-12-20", "2026-12-01至2026-12-20", "2026-12-01..2026-12-20"),
        ("除夕", "除夕", "the eve of the lunar new year"),
        ("正月十五", "农历正月十五", "农历正月十五"),
        ("每月初一", "农历每月初一", "农历每月初一"),
        ("闰四月初一", "农历闰四月初一", "农历闰四月初一"),
        ("清明", "清明当天", "the day of 清明"),
    ],
)
def test_days_are_told_in_words(written, zh, en):
    assert said(days(written)) == Sentence(zh, en)


@pytest.mark.parametrize("number", range(1, 31))
def test_a_lunar_day_is_told_as_it_is_written(number):
    (rule,) = days(f"正月{lunar_day(number)}")
    assert rule.day == number


def test_days_of_the_week_are_boxes_and_the_rest_stays_as_people_wrote_it():
    assert split_days(["mon-wed", "1st fri", date(2026, 12, 5), "工作日"]) == (
        {"mon", "tue", "wed", "workdays"},
        ("1st fri", "2026-12-05"),
    )
    assert split_days("daily") == ({"daily"}, ())
    assert split_days("周一、正月十五") == (set(), ("周一、正月十五",))
    assert split_days(["nonsense"]) == (set(), ("nonsense",))
