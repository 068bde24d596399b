"""A key or a button starts and stops a prepared emergency; who, when and why stand in the log."""

from dataclasses import replace

import pytest

from broadcaster.model.words import Fate, Sentence
from tests.station.conftest import SCHEDULE, at, write_station

TRIGGERS = """
[output.barn]
kind = "tape"

[zone.barn]
outputs = ["barn"]

[trigger.flood]
script = "emergency/flood"
reason = "水库来电"
device = "USB Keypad"
key = "f1"

[trigger.practice]
does = "drill"
script = "emergency/flood"
device = "USB Keypad"
key = "f2"

[trigger.stop]
does = "stop"
device = "USB Keypad"
key = "f3"

[trigger.hall]
kind = "gpio"
script = "emergency/flood"
zones = "barn"
who = "礼堂"
repeat = 2
pin = 17
"""


@pytest.fixture
def village(found, tmp_path):
    def make(moment="12:30", text=TRIGGERS):
        write_station(tmp_path, SCHEDULE + text)
        village = found(moment)
        village.advance(2)  # the texts are ready
        return village

    return make


def press(village, name):
    village.watchers[name].press(name)
    village.advance(1)


def called(village):
    return [entry for entry in village.log().values() if entry.slot in ("emergency", "drill")]


def test_a_key_puts_its_text_on_the_air_at_once_and_another_ends_it(village):
    village = village()

    press(village, "flood")
    (sounding,) = village.station.status().on_air
    assert village.decks["main"].playing.cue.airing == sounding.entry.airing
    press(village, "stop")

    (entry,) = called(village)
    assert (entry.scripts, entry.who, entry.planned_at) == (("emergency/flood",), "按键 flood", at("12:30:02"))
    assert entry.reason.zh == "原因：水库来电（按键 flood）；按键 stop 停止"
    assert entry.fate.is_final
    assert village.station.status().on_air == ()


def test_in_the_log_stands_who_and_why(village):
    village = village()
    press(village, "flood")

    (entry,) = called(village)
    assert (entry.who, entry.fate) == ("按键 flood", Fate.ON_AIR)
    assert entry.reason == Sentence("原因：水库来电（按键 flood）", "reason: 水库来电（按键 flood）")


def test_a_button_of_the_hall_is_heard_in_its_zone_only_and_as_often_as_it_says(village):
    village = village()
    press(village, "hall")

    assert village.decks["barn"].playing is not None
    assert village.decks["main"].playing is None
    (entry,) = called(village)
    assert (entry.who, entry.reason.zh, entry.zones) == ("礼堂", "原因：按钮 hall", ("barn",))
    village.advance(60)
    (entry,) = called(village)
    assert entry.fate is Fate.AIRED


def test_pressed_again_while_it_goes_on_it_starts_nothing_more(village):
    village = village()
    for _ in range(5):
        press(village, "flood")
    assert len(called(village)) == 1

    press(village, "stop")
    press(village, "flood")
    assert len(called(village)) == 2


def test_what_sounds_in_a_part_of_the_village_does_not_keep_the_rest_from_hearing_it(village):
    village = village()
    press(village, "hall")
    press(village, "flood")

    assert village.decks["main"].playing is not None
    assert len(called(village)) == 2


def test_at_night_a_key_wakes_the_village_and_a_drill_does_not(village):
    village = village("23:00")

    press(village, "practice")
    assert called(village) == []
    (fault,) = village.station.status().faults
    assert fault.name == "trigger.practice"
    assert fault.what == Sentence(
        "按了触发器“practice”，没有播：现在是静音时段，只有紧急广播能响。",
        "trigger 'practice' was pressed, and nothing was heard: "
        "these are quiet hours: nothing but an emergency may sound.",
    )
    press(village, "flood")
    assert [entry.slot for entry in called(village)] == ["emergency"]


def test_a_drill_says_that_it_is_one(village):
    village = village()
    press(village, "practice")

    (entry,) = called(village)
    assert (entry.slot, entry.title) == ("drill", "演练：flood")
    assert village.station.status().faults == ()


def test_to_stop_where_nothing_sounds_is_no_mistake_and_ends_no_programme(village):
    village = village("12:00")
    assert village.decks["main"].playing is not None

    press(village, "stop")

    assert village.decks["main"].playing is not None
    assert village.station.status().faults == ()


def test_a_keypad_that_is_away_is_a_fault_of_each_of_its_keys_until_it_is_back(village):
    village = village()
    village.watchers["flood"].failure = Sentence("它不在", "it is not there")
    village.turn()

    faults = {fault.name: fault.what for fault in village.station.status().faults}
    assert set(faults) == {"trigger.flood", "trigger.practice", "trigger.stop"}
    assert faults["trigger.flood"] == Sentence(
        "触发器“flood”按不了：它不在", "trigger 'flood' does not work: it is not there"
    )
    remedy = next(one.remedy for one in village.station.health() if one.name == "trigger.flood")
    assert remedy.zh.endswith("紧急时用网页上的红按钮，或者 dalaba emergency。")

    village.watchers["flood"].failure = None
    village.turn()
    assert village.station.status().faults == ()


def test_the_keys_of_one_keypad_have_one_watcher(village):
    village = village()

    assert village.watchers["flood"] is village.watchers["stop"]
    assert village.watchers["flood"] is not village.watchers["hall"]


def test_a_watcher_that_died_is_followed_by_another(village):
    village = village()
    dead = village.watchers["flood"]
    dead.is_alive = False

    village.turn()

    assert village.watchers["flood"] is not dead
    press(village, "flood")
    assert len(called(village)) == 1


def test_what_changes_in_the_timetable_is_watched_anew_and_the_rest_is_left_alone(village, tmp_path):
    village = village()
    keypad, hall = village.watchers["flood"], village.watchers["hall"]
    hall.failure = Sentence("坏了", "broken")
    village.turn()

    write_station(tmp_path, SCHEDULE + TRIGGERS.partition("[trigger.hall]")[0])
    village.advance(3)

    assert (keypad.is_alive, hall.is_alive) == (True, False)
    assert village.station.status().faults == ()
    village.station.close()
    assert not keypad.is_alive


def test_a_press_that_could_not_be_carried_out_is_told_for_an_hour(village):
    village = village()
    village.station._triggers._settings["flood"] = replace(
        village.station._triggers._settings["flood"], script="emergency/gone"
    )
    village.watchers["flood"].press("flood")
    village.turn()

    (fault,) = village.station.status().faults
    assert fault.what.zh == "按了触发器“flood”，没有播：没有稿件“emergency/gone”。应急稿有：emergency/flood。"
    village.advance(3601, step=600)
    assert village.station.status().faults == ()
