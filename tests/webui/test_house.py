"""The station's name and its quiet hours: more quiet at once, the night only by its owner and a typed word."""

import tomllib

import pytest

from broadcaster.model.people import Role
from broadcaster.station.timetable_changes import PutTable, changed
from tests.station.conftest import at

SAVE, OPEN = "存", "放开这些钟点"


def station_of(house):
    return tomllib.loads(house.village.home.schedule.read_text(encoding="utf-8"))["station"]


def is_quiet(house, moment):
    return house.station._books.schedule.station.is_quiet(at(moment))


def test_the_name_is_written_and_stands_on_every_page(house, owner):
    owner.open("/settings").open("/settings/station").press(SAVE, name="大营村广播站", strict="on")

    assert station_of(house) == {"name": "大营村广播站", "strict": True}
    assert "大营村广播站" in owner.open("/today").words
    assert house.deeds()[-1] == (
        "王主任",
        "settings.change",
        "[station]",
        '[station]\nname = "试验村"',
        '[station]\nname = "大营村广播站"\nstrict = true',
    )


def test_more_quiet_is_in_force_at_once(house, owner):
    owner.open("/settings/station").press(SAVE, quiet_hours="20:00-06:30\n12:30-13:30")

    assert is_quiet(house, "20:30") and is_quiet(house, "13:00")
    assert OPEN not in owner.buttons()


def test_the_night_waits_for_the_typed_word(house, owner):
    owner.open("/settings/station").press(SAVE, quiet_hours="23:00-05:00")

    assert station_of(house)["quiet_hours"] == ["23:00-05:00"]
    assert "写好了。夜里要放开的钟点，等您" in owner.words and "马上生效：" not in owner.words
    assert "您没有同意以前，仍按 21:00-06:30 (Asia/Shanghai) 静音。" in owner.words
    assert is_quiet(house, "22:00") and is_quiet(house, "06:00")
    for wrong in ("", "好", "放开"):
        owner.press(OPEN, night=wrong)
        assert owner.code == 422 and "没有放开。真要放开，请写上“夜里放开”四个字。" in owner.words
    assert is_quiet(house, "22:00")

    owner.press(OPEN, night="“夜里放开”")
    assert "放开了，新的静音时段已经生效。" in owner.words and OPEN not in owner.buttons()
    assert not is_quiet(house, "22:00") and not is_quiet(house, "06:00") and is_quiet(house, "23:30")
    [(_number, deed)] = house.village.store.trail.deeds(10)
    assert (deed.who, deed.what) == ("王主任", "night.open")
    assert "21:00-06:30" in deed.before and "23:00-05:00" in deed.after


def test_what_was_changed_since_is_not_opened(house, owner):
    owner.open("/settings/station").press(SAVE, quiet_hours="23:00-05:00")
    path = house.village.home.schedule
    path.write_text(path.read_text().replace("23:00-05:00", "23:30-04:00"))
    house.village.advance(2)
    owner.press(OPEN, night="夜里放开")

    assert owner.code == 409 and "静音时段又被改过了，没有放开" in owner.words
    assert is_quiet(house, "22:00")


def test_hours_that_would_silence_a_slot_or_make_no_sense_are_refused(house, owner):
    before = house.village.home.schedule.read_text()
    owner.open("/settings/station").press(SAVE, quiet_hours="17:00-08:00")
    assert owner.code == 422 and "slot.morning.at" in owner.words and "slot.evening.at" in owner.words
    owner.press(SAVE, quiet_hours="晚上九点")
    assert owner.code == 422 and "'晚上九点' 不是一段时间。请写成 '21:00-06:30'。" in owner.words
    assert "晚上九点</textarea>" in owner.answer.text
    assert house.village.home.schedule.read_text() == before


def test_only_owners_may(house):
    other = house.person("张书记", Role.APPROVER, Role.EDITOR, Role.EMERGENCY)
    assert other.open("/settings/station").code == 403
    assert other.open("/today").send("/settings/station/night", night="夜里放开", wished="x").code == 403


def test_in_english_the_word_is_english_too(house, owner):
    owner.open("/settings/station").press("就这样", language="en")
    owner.open("/settings/station").press("存" if "存" in owner.buttons() else "Save", quiet_hours="23:00-05:00")
    assert "Open hours of the night?" in owner.words
    owner.press("Open these hours", night="Open the  NIGHT")
    assert not is_quiet(house, "22:00")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (("station",), ("改了站名和静音时段", "changed the name and quiet hours")),
        (("output", "main"), ("改了喇叭“main”", "changed the output 'main'")),
        (("zone", "all"), ("改了片区“全村”", "changed the zone 'all'")),
        (("voice",), ("改了平常的声音", "changed the usual voice")),
        (("voice", "mei"), ("改了声音“mei”", "changed the voice 'mei'")),
        (("sound",), ("改了“[sound]”", "changed '[sound]'")),
    ],
)
def test_a_change_is_called_as_its_page_is(table, said):
    what = changed("", PutTable(table=table, values={"x": 1})).what

    assert (what.zh, what.en) == said
