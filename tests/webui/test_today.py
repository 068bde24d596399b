"""Today, as a person reads it and presses its buttons, without JavaScript."""

import re

import pytest

from broadcaster.model.people import Role
from broadcaster.model.words import Sentence
from broadcaster.playout.cue import Arm, Level, Stop
from tests.station.conftest import at
from tests.webui.conftest import OFFICE, House

NOON = "noon@2026-11-24T12:00:00"
EVENING = "evening@2026-11-24T18:00:00"


def fates(house):
    return {airing.slot.id: airing.fate.value for airing in house.station.plan()[0].airings}


def test_the_day_shows_what_comes_and_what_is_next(house, owner):
    owner.open("/")

    assert owner.path == "/today"
    assert "今天 11月24日 星期二" in owner.words
    assert "现在没有在播 下一条：07:30" in owner.words
    assert owner.words.index("07:30") < owner.words.index("12:00") < owner.words.index("18:00")


def test_what_is_on_the_air_shows_how_far_it_is_and_is_stopped_by_one_tap(house, owner):
    house.until(at("07:30:03"))
    owner.open("/today")
    assert "正在播 a" in owner.words
    assert "第 1 遍，0:03 / 0:06" in owner.words

    owner.press("停")

    assert house.deck.playing is None
    assert "已经停了。" in owner.words
    house.village.advance(2)
    assert "现在没有在播" in owner.open("/today").words
    assert house.deeds() == [("王主任", "airing.stop", "morning@2026-11-24T07:30:00", "on_air", "stopped")]


def test_what_was_heard_says_when_and_what_was_missed_says_why(tmp_path):
    house = House(tmp_path, "07:29")
    house.until(at("11:59"))
    for deck in house.village.decks.values():
        deck.die()
    house.until(at("12:11"))
    owner = house.person()

    words = owner.open("/today").words
    assert re.search(r"a 播完了 07:30:\d\d–07:30:\d\d", words)
    why = house.village.log()[NOON].reason.zh
    assert why
    assert f"午间政策 错过了 {why}" in words


def test_one_airing_is_left_out_and_the_others_stay(house, owner):
    owner.open("/today").press("这次不播", 1)

    assert fates(house) == {"morning": "claimed", "noon": "skipped", "evening": "planned"}
    assert "王主任 取消了这一次" in owner.words
    assert house.deeds() == [("王主任", "airing.skip", NOON, "planned", "skipped")]
    house.until(at("12:11"))
    assert house.village.fates()[NOON] == "skipped"


def test_something_is_played_now_in_one_zone(house, owner):
    owner.open("/today").press("现在就播", -1, what="noon", zone="east")
    house.village.advance(2)

    assert [airing for airing, *_ in house.village.decks["east"].heard] == ["noon@2026-11-24T07:29:05"]
    assert house.deck.heard == []
    assert ("王主任", "airing.play", "noon@2026-11-24T07:29:05", "", "east") in house.deeds()


def test_a_zone_that_is_not_there_is_refused_in_words(house, owner):
    owner.open("/today").send("/today/play", what="noon", zone="wset")

    assert owner.code == 409
    assert "没有叫“wset”的片区" in owner.words


def test_a_funeral_silences_the_day_and_an_emergency_is_heard(house, owner):
    house.until(at("07:30:02"))
    owner.open("/today").press("停到傍晚 18:00", why="李家有丧事")
    house.village.advance(2)

    assert house.deck.playing is None
    assert "王主任 让 18:00 以前都不播。李家有丧事" in owner.words
    assert fates(house)["noon"] == "skipped"
    house.until(at("12:11"))
    log = house.village.log()[NOON]
    assert (log.fate.value, log.reason, log.who) == (
        "skipped",
        Sentence("王主任 让 11-24 18:00 以前都不播：李家有丧事", "王主任 wants silence until 11-24 18:00: 李家有丧事"),
        "王主任",
    )

    house.station.emergency("河水涨了", who="王主任")
    assert house.deck.playing is not None
    house.station.stop(None, who="王主任")
    house.until(at("18:00:02"))
    assert house.deck.playing.cue.airing == EVENING


def test_silence_that_is_lifted_lets_the_rest_be_heard(house, owner):
    owner.open("/today").press("今天都停")
    assert fates(house) == dict.fromkeys(("morning", "noon", "evening"), "skipped")

    owner.press("恢复播出")

    assert fates(house) == {"morning": "claimed", "noon": "planned", "evening": "planned"}
    assert "恢复播出了，后面的照常播。" in owner.words
    house.until(at("07:30:02"))
    assert house.deck.playing is not None
    assert [deed[1] for deed in house.deeds()] == ["station.hold", "station.lift"]


def test_silence_outlives_a_restart(house, owner, tmp_path):
    owner.open("/today").press("今天都停")
    house.station.close()

    from tests.fakes import Village

    again = Village(tmp_path, at("11:59"), store=house.village.store, clips=house.village.clips)
    again.until(at("12:11"))

    assert again.fates()[NOON] == "skipped"
    assert again.decks["main"].heard == []


def test_nothing_is_played_by_hand_into_a_silence(house, owner):
    owner.open("/today").press("今天都停").send("/today/play", what="noon")

    assert owner.code == 409
    assert "王主任 让 11-25 00:00 以前都不播。要播，请先恢复播出。" in owner.words


@pytest.mark.parametrize("until", ["", "25:00", "07:00", "abends", "２５"])
def test_a_silence_without_a_sensible_end_is_refused(house, owner, until):
    owner.open("/today").send("/today/hold", until=until)

    assert owner.code == 409
    assert "时间没有看懂。请写成“18:00”这样，并且是今天还没到的时间。" in owner.words
    assert house.station.status().hold is None


def test_nothing_to_lift_is_said(house, owner):
    assert "现在没有停播，不用恢复。" in owner.open("/today").send("/today/lift").words


def test_a_clock_that_is_not_believed_is_shown_and_a_person_may_vouch_for_it(tmp_path):
    before = House(tmp_path, "09:00")
    before.village.advance(3)
    from tests.fakes import Village

    house = House.__new__(House)
    house.__init__(tmp_path, "09:00")
    house.village = Village(tmp_path, at("2020-01-01 00:00"), store=before.village.store, clips=before.village.clips)
    house.app.extensions["station"] = house.village.station
    owner = house.person()

    assert "时间是对的" in owner.open("/today").buttons()
    owner.press("时间是对的")
    assert house.village.station.status().is_clock_trusted
    assert ("王主任", "clock.trust", "2020-01-01 00:00", "", "") in house.deeds()


def test_the_script_is_told_how_far_it_is_and_when_to_look_again(house, owner):
    house.until(at("07:30:02"))
    first = owner.client.get("/today/live").json
    house.village.advance(1)
    second = owner.client.get("/today/live").json
    house.village.advance(10)
    third = owner.client.get("/today/live").json

    assert first["on_air"][0] | {"heard_s": 0} == {
        "airing": "morning@2026-11-24T07:30:00",
        "heard_s": 0,
        "length_s": 6.0,
        "plays": 1,
    }
    assert second["on_air"][0]["heard_s"] > first["on_air"][0]["heard_s"]
    assert first["level"] == 70
    assert first["stamp"] == second["stamp"] != third["stamp"]
    assert "播完了" in owner.open("/today/part").words


def test_what_is_tried_on_headphones_does_not_move_the_needle_of_the_air(tmp_path):
    house = House(tmp_path, "07:29", schedule=OFFICE + '[output.ear]\nkind = "tape"\nmonitor = true\n')
    house.until(at("07:30:02"))
    person = house.person()
    before = person.client.get("/today/live").json["level"]
    loud = Level(rms_dbfs=-3.0, peak_dbfs=0.0, underruns=0, airing=None, position=0)

    house.village.decks["ear"].report(loud)

    assert person.client.get("/today/live").json["level"] == before
    house.village.decks["main"].report(loud)
    assert person.client.get("/today/live").json["level"] > before


def test_a_slot_is_tried_on_the_headphones_at_night_and_stopped_there(tmp_path):
    house = House(tmp_path, "23:00", schedule=OFFICE + '[output.ear]\nkind = "tape"\nmonitor = true\n')
    person = house.person().open("/today").press("现在就播", -1, what="noon", zone="=headphones")
    house.village.advance(2)

    assert "在试听的耳机里放，喇叭上没有。" in person.words
    ear = house.village.decks["ear"].commands
    assert [one.cue.is_trial for one in ear if isinstance(one, Arm)] == [True]
    assert house.village.heard == [] and house.deck.playing is None
    person.press("停掉试听")
    assert "试听停了。" in person.words and any(isinstance(one, Stop) for one in ear)


def test_without_headphones_none_are_offered_and_nothing_is_played(house, owner):
    assert "试听的耳机" not in owner.open("/today").words
    owner.send("/today/play", what="noon", zone="=headphones")

    assert "没有试听的耳机，没有放。" in owner.words
    assert house.village.heard == []


def test_a_script_is_played_from_its_own_page(house, owner):
    owner.open("/scripts/edit/policy/fire").press("现在就播", zone="east")
    house.village.advance(2)

    assert "马上播。" in owner.words
    assert house.village.decks["east"].playing is not None and house.deck.playing is None


def test_who_may_only_call_emergencies_reads_and_stops_and_no_more(house):
    caller = house.person("张三", Role.EMERGENCY)
    caller.open("/today")

    assert "这次不播" not in caller.buttons()
    assert caller.send("/today/skip", airing=NOON).code == 403
    assert "您没有做这件事的权限。请找站长。" in caller.words
    assert fates(house)["noon"] == "planned"
    house.until(at("07:30:02"))
    caller.open("/today").press("停")
    assert house.deck.playing is None


def test_a_disk_that_cannot_be_read_is_told_and_the_day_is_shown(house, owner):
    owner.open("/today")
    house.village.store.fail_with(Sentence("磁盘满了", "the disk is full"))

    owner.press("这次不播", 1)

    assert owner.code == 200
    assert "fire" not in owner.words and "午间政策 不播 王主任 取消了这一次" in owner.words
    assert "播出记录写不进去：磁盘满了" in owner.words


def test_a_night_that_waits_for_its_owner_stands_on_the_page(house, owner):
    text = OFFICE.replace("[station]", '[station]\nquiet_hours = ["22:00-06:30"]')
    house.village.home.schedule.write_text(text, encoding="utf-8")
    house.village.advance(2)

    words = owner.open("/today").words

    assert "节目表要把夜里的 21:00-22:00 放开，站长还没有同意，仍按 21:00-06:30 (Asia/Shanghai) 静音。" in words
