"""The timetable: a calendar to look at, and slots that change only after a person has seen what that means."""

import re
import tomllib

import pytest

from broadcaster.model.people import Role
from broadcaster.station.timetabledesk import HAS_MISTAKES, NOT_AT_NIGHT, SOMEBODY_ELSE
from tests.webui.conftest import OFFICE, House

ADD = "看看会变什么"
YES = "就这样，生效"
MARKET = {"title": "赶集提醒", "at": "09:00", "tick": "sat", "play": "next:study", "zone": "east"}


def file_of(house):
    return (house.village.home.schedule).read_text(encoding="utf-8")


def slots_of(house):
    return {slot["id"]: slot for slot in tomllib.loads(file_of(house))["slot"]}


def add(person, **typed):
    return person.open("/timetable/slots/new").press(ADD, **(MARKET | typed))


# --- looking ----------------------------------------------------------------------------------------------------


def test_a_week_shows_what_is_heard_and_what_day_it_is(owner):
    words = owner.open("/timetable").words

    assert "11月23日 到 11月29日" in words
    assert "周二 11/24 今天 十月十六 07:30 每天学一点 12:00 午间政策 18:00 傍晚学习" in words
    assert "全部时段（3 个）" in words and "12:00 · 每天 稿子 policy/fire · 全村 · 念 2 遍" in words


def test_a_week_with_a_holiday_and_a_weekend_to_work_on(owner):
    assert "周四 10/1 休 放假 八月二十一 国庆节" in owner.open("/timetable?day=2026-10-01").words
    assert "周六 10/10 班 调休上班 九月初一" in owner.open("/timetable?day=2026-10-10").words


def test_a_month_has_whole_weeks_with_lunar_days_and_counts(owner):
    words = owner.open("/timetable/month?day=2026-10-15").words

    assert "2026年10月" in words
    assert "1 休 放假 国庆节 3 条" in words
    assert "10 班 调休上班 九月 3 条" in words
    assert words.count("3 条") == 35


def test_in_english(owner):
    owner.open("/timetable").press("就这样", language="en")
    words = owner.open("/timetable").words

    assert "Timetable 11/23 to 11/29" in words and "All slots (3)" in words
    assert "said 2 times" in words and "12:00 · Every day" in words


@pytest.mark.parametrize(
    "path", ["/timetable?day=yesterday", "/timetable?day=0001-01-01", "/timetable/month?day=9999-12-31"]
)
def test_days_that_make_no_sense_are_refused(owner, path):
    assert owner.open(path).code == 400


def test_a_slot_that_is_not_there(owner):
    assert owner.open("/timetable/slots/nobody").code == 404
    assert owner.open("/timetable/slots/new?like=nobody").code == 404


# --- changing ---------------------------------------------------------------------------------------------------


def test_a_slot_is_added_after_a_look_at_two_weeks(house, owner):
    before = file_of(house)
    words = add(owner).words
    assert file_of(house) == before
    assert "加了“赶集提醒”" in words
    assert "11月28日 星期六 多播 09:00 赶集提醒 12月5日 星期六 多播 09:00 赶集提醒 节目表里改了这些" in words
    assert "在哪里播 east" in words

    owner.press(YES)

    assert file_of(house) == before + (
        '\n[[slot]]\nid = "赶集提醒"\ntitle = "赶集提醒"\nat = "09:00"\ndays = ["sat"]\n'
        'play = ["next:study"]\nzones = ["east"]\n'
    )
    assert "写好了，马上生效：加了“赶集提醒”。" in owner.words
    assert "09:00 赶集提醒 east" in owner.words
    assert house.deeds()[-1][:4] == ("王主任", "timetable.change", "赶集提醒", "")
    assert 'at = "09:00"' in house.deeds()[-1][4]


def test_it_is_in_force_at_once(house, owner):
    add(owner, tick="daily", at="07:45")
    owner.press(YES)

    house.until(house.village.clock.now().replace(minute=45, second=3))
    assert "赶集提醒@2026-11-24T07:45:00" in house.village.log()


def test_a_moved_time_is_told_as_moved_and_only_its_line_changes(house, owner):
    before = file_of(house)
    words = owner.open("/timetable/slots/evening").press(ADD, at="18:20").words
    assert "11月24日 星期二 改时间 18:00 → 18:20 傍晚学习" in words
    assert words.count("改时间") == 14
    assert "几点播 18:00 → 18:20" in words

    owner.press(YES)
    assert file_of(house) == before.replace('"18:00"', '"18:20"')


def test_a_form_that_changes_nothing_writes_nothing(house, owner):
    words = owner.open("/timetable/slots/noon").press(ADD).words

    assert "和现在一样，什么也没有变。" in words
    assert YES not in owner.buttons()


def test_complaints_live_beside_the_field_and_nothing_typed_is_lost(house, owner):
    before = file_of(house)
    add(owner, at="22:30", other_days="正月卅一", title="夜话", zone="north", repeat="lots")
    text = owner.answer.text

    assert owner.code == 422 and file_of(house) == before
    assert 'value="22:30"' in text and 'value="正月卅一"' in text and 'value="夜话"' in text
    at = text[text.index("几点播") : text.index("哪些天播")]
    assert "在静音时段 21:00-06:30 里" in at
    assert "正月卅一" in text[text.index("哪些天播") : text.index("哪些天不播")]
    assert "没有叫 &#39;north&#39; 的片区" in text
    assert "请写 1 到 10 的整数" in text


def test_an_empty_form_says_what_is_missing(owner):
    owner.open("/timetable/slots/new")
    owner.send("/timetable/look")

    assert owner.code == 422
    assert owner.words.count("是空的。请至少写一个") == 4  # times, days, what, where


def test_a_script_that_is_not_there_is_not_put_in_force(house, owner):
    before = file_of(house)
    add(owner, play="script:study/nothing")
    assert owner.code == 422 and "没有叫 'study/nothing' 的稿件" in owner.words
    assert file_of(house) == before


def test_what_overlaps_is_said_and_may_be_wanted(house, owner):
    words = add(owner, at="12:00", tick="daily", zone="all").words
    assert "还在 'main' 上播" in words
    owner.press(YES)
    assert "赶集提醒" in slots_of(house)


def test_days_are_put_together_from_the_rarer_boxes(house, owner):
    add(
        owner, nth="last", nth_weekday="fri", lunar_month="每月", lunar_day="初一", term="清明", month_day="15", tick=""
    )
    owner.press(YES)

    assert slots_of(house)["赶集提醒"]["days"] == ["last fri", "每月15日", "农历每月初一", "清明"]


def test_a_slot_is_paused_and_resumed(house, owner):
    before = file_of(house)
    words = owner.open("/timetable").press("停一阵", 0).words
    assert "停了“morning”" in words and words.count("不播") >= 14
    owner.press(YES)
    assert slots_of(house)["morning"]["paused"] is True
    assert "停着" in owner.words and "周三 11/25 十月十七 12:00" in owner.words

    owner.open("/timetable").press("恢复").press(YES)
    assert file_of(house) == before


def test_a_slot_is_removed_and_the_change_undone(house, owner):
    before = file_of(house)
    owner.open("/timetable/slots/noon").press("删掉")
    assert "不播 12:00 午间政策" in owner.words and "午间政策 删掉的" in owner.words
    owner.press(YES)
    assert "noon" not in slots_of(house)
    assert house.deeds()[-1][2:] == (
        "noon",
        '[[slot]]\nid = "noon"\ntitle = "午间政策"\nat = "12:00"\nplay = ["script:policy/fire"]\nrepeat = 2',
        "",
    )

    words = owner.press("撤销这次改动").words
    assert "回到第 1 版" in words and "多播 12:00 午间政策" in words
    owner.press(YES)
    assert file_of(house) == before


def test_a_copy_stands_behind_its_original_with_a_name_of_its_own(house, owner):
    owner.open("/timetable/slots/new?like=noon").press(ADD, at="15:00")
    owner.press(YES)

    assert list(slots_of(house)) == ["morning", "noon", "午间政策-另一个", "evening"]
    assert slots_of(house)["午间政策-另一个"]["repeat"] == 2


def test_going_back_to_the_form_keeps_what_was_typed(owner):
    add(owner, title="赶集提醒二")
    owner.press("回去改")
    assert 'value="赶集提醒二"' in owner.answer.text and 'value="09:00"' in owner.answer.text


# --- two people, hands on the file, the night -------------------------------------------------------------------


def test_the_second_of_two_people_is_told_and_overwrites_nothing(house, owner):
    other = house.person("李书记", Role.APPROVER)
    owner.open("/timetable/slots/noon").press(ADD, at="12:10")
    other.open("/timetable/slots/noon").press(ADD, at="12:20").press(YES)

    owner.press(YES)
    assert owner.code == 409 and SOMEBODY_ELSE.zh in owner.words
    assert 'value="12:10"' in owner.answer.text
    assert slots_of(house)["noon"]["at"] == "12:20"


def test_a_hand_written_change_in_between_is_never_lost(house, owner):
    add(owner)
    by_hand = file_of(house) + "\n# 我刚写的\n"
    house.village.home.schedule.write_text(by_hand, encoding="utf-8")

    owner.press(YES)
    assert owner.code == 409 and file_of(house) == by_hand
    owner.press(ADD).press(YES)
    assert "# 我刚写的" in file_of(house)
    assert "用记事本改的" in owner.open("/timetable/versions").words


def test_remarks_and_order_survive(tmp_path):
    written = OFFICE.replace('at = "12:00"', 'at = "12:00"   # 吃饭的时候\n# 别改早了').replace(
        "[zone.east]", "# 东头\n[zone.east]"
    )
    house = House(tmp_path, schedule=written)
    person = house.person()
    person.open("/timetable/slots/noon").press(ADD, at="12:10").press(YES)

    assert file_of(house) == written.replace('"12:00"', '"12:10"')


NIGHT = OFFICE.replace('name = "试验村"', 'name = "试验村"\nquiet_hours = ["23:00-05:00"]')


def test_what_is_heard_at_night_needs_a_typed_word(tmp_path):
    house = House(tmp_path, schedule=NIGHT)
    person = house.person()
    add(person, at="21:30")
    assert "请写上“夜里播”" in person.words

    person.press(YES, night="好的")
    assert person.code == 422 and NOT_AT_NIGHT.zh in person.words
    assert "赶集提醒" not in slots_of(house)
    person.press(YES, night=" 夜里播 ")
    assert "赶集提醒" in slots_of(house)
    # Moved by a day it is as loud at night as before: nobody has to type again.
    person.open("/timetable/slots/赶集提醒").press(ADD, title="换个名字")
    assert "夜里播" not in person.words


def test_a_full_disk_changes_nothing(house, owner):
    before = file_of(house)
    add(owner)
    kept = house.village.home.var / "timetable"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("in the way")

    owner.press(YES)
    assert "节目表没有变" in owner.words and file_of(house) == before


def test_a_file_that_cannot_be_read_is_left_alone(house, owner):
    broken = file_of(house) + "\n[[slot]\n"
    house.village.home.schedule.write_text(broken, encoding="utf-8")
    house.village.advance(3)

    assert "schedule.toml 里有写错的地方" in owner.open("/timetable").words
    add(owner)
    assert owner.code == 422 and "改好以前网页不动它" in owner.words
    assert file_of(house) == broken


# --- attacks ----------------------------------------------------------------------------------------------------

POSTS = ("look", "ask", "save", "back")


@pytest.mark.parametrize("deed", POSTS)
def test_who_may_only_call_emergencies_changes_nothing(house, deed):
    guard = house.person("老周", Role.EMERGENCY)
    before = file_of(house)
    guard.open("/timetable")
    assert "加一个时段" not in guard.words and "删掉" not in guard.buttons()

    assert guard.send(f"/timetable/{deed}", deed="remove", slot="noon").code == 403
    assert file_of(house) == before


@pytest.mark.parametrize("deed", POSTS)
def test_without_the_token_of_the_page_nothing_happens(house, owner, deed):
    answer = owner.client.post(f"/timetable/{deed}", data={"deed": "remove", "slot": "noon"})
    assert answer.status_code == 400 and "noon" in slots_of(house)


@pytest.mark.parametrize(
    "fields",
    [
        {"deed": "format"},
        {"deed": "restore", "version": "../../etc/passwd"},
        {"deed": "restore", "version": "²"},
        {"deed": "restore", "version": "9" * 400},
    ],
)
def test_deeds_that_do_not_exist_are_refused(owner, fields):
    assert owner.open("/timetable").send("/timetable/ask", **fields).code == 400


def test_a_version_that_is_gone(owner):
    owner.open("/timetable").send("/timetable/ask", deed="restore", version="999999")
    assert owner.code == 409 and "这一版已经没有了" in owner.words


def test_saving_without_a_look_or_with_mistakes_writes_nothing(house, owner):
    before = file_of(house)
    owner.open("/timetable").send("/timetable/save", deed="put", at="25:10", title="x", tick="daily", play="next:study")
    assert file_of(house) == before

    add(owner)
    base = re.search(r'name="base" value="(\w+)"', owner.answer.text)[1]
    owner.send(
        "/timetable/save", base=base, deed="put", at="25:10", title="x", tick="daily", play="next:study", zone="all"
    )
    assert HAS_MISTAKES.zh in owner.words and "'25:10' 不是一天里的时间" in owner.words
    assert file_of(house) == before


@pytest.mark.parametrize(
    "nasty",
    [
        '"]\n[station]\nname = "x',
        "{{ 7*7 }}",
        "<script>alert(1)</script>",
        "a\x00b",
        "a\u2028b",
        "a\x85b\u202e",
        "😀" * 90,
        "'''\n[[slot]]\n'''",
        "\\",
    ],
)
def test_words_stay_words_in_file_and_page(house, owner, nasty):
    add(owner, title=nasty)
    assert "<script>alert" not in owner.answer.text and "49" not in owner.words.replace("2026", "")
    if owner.code == 200:
        owner.press(YES)
    tables = tomllib.loads(file_of(house))
    assert tables["station"] == {"name": "试验村"}
    assert len(tables["slot"]) in (3, 4)
