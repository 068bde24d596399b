"""Outputs, zones and levels on the page of the owner: written into schedule.toml, judged by its own parser."""

import tomllib

import pytest

from broadcaster.model.people import Role
from broadcaster.playout.cue import Arm
from broadcaster.station.timetabledesk import SOMEBODY_ELSE
from tests.webui.conftest import OFFICE, House

SAVE = "存"


def tables(house):
    return tomllib.loads(house.village.home.schedule.read_text(encoding="utf-8"))


def test_which_output_is_well_and_how_loud_it_is_is_told(house, owner):
    house.village.station.turn()
    words = owner.open("/settings").open("/settings/outputs").words

    assert "main 接着：" in words and "音量 0 分贝；紧急 0 分贝" in words
    assert "全村 main、east" in words and "没有试听用的输出" in words


def test_levels_are_written_beside_what_was_there_and_are_in_force(house, owner):
    path = house.village.home.schedule
    path.write_text(
        path.read_text().replace('[output.main]\nkind = "tape"', '[output.main]\nkind = "tape" # 磁带\n# 小心')
    )
    owner.open("/settings/outputs/main").press(
        SAVE, level_db="－６", levels="07:00-09:00 -12\n18:00-20:00 3", emergency_level_db="6", mute="on"
    )

    assert "写好了，马上生效：改了喇叭“main”。" in owner.words
    assert "音量 -6 分贝，07:00–09:00 -12，18:00–20:00 3；紧急 6 分贝；平常不响" in owner.words
    assert tables(house)["output"]["main"] == {
        "kind": "tape",
        "level_db": -6,
        "levels": ["07:00-09:00 -12", "18:00-20:00 3"],
        "emergency_level_db": 6,
        "mute": True,
    }
    assert 'kind = "tape" # 磁带\n' in path.read_text()
    before, after = house.deeds()[-1][3:]
    assert house.deeds()[-1][:3] == ("王主任", "settings.change", "[output.main]")
    assert before.startswith('[output.main]\nkind = "tape"') and "level_db" not in before
    assert "level_db = -6" in after


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(house, owner):
    before = house.village.home.schedule.read_text()
    owner.open("/settings/outputs/main").press(SAVE, level_db="40", levels="7点 -6", emergency_level_db="大")

    assert owner.code == 422
    assert "'7点 -6' 不行。请写一段时间和 -60 到 12 的分贝数，例如 '07:00-09:00 -6'。" in owner.words
    assert "40" in owner.answer.text and "7点 -6</textarea>" in owner.answer.text
    assert owner.answer.text.count('aria-invalid="true"') == 3
    assert house.village.home.schedule.read_text() == before


def test_two_people_at_once_lose_nothing(house, owner):
    other = house.person("李会计", Role.OWNER)
    other.open("/settings/outputs/main")
    owner.open("/settings/outputs/main").press(SAVE, level_db="-3")
    other.press(SAVE, level_db="-9")

    assert other.code == 422 and SOMEBODY_ELSE.zh in other.words
    assert "别人刚改成：-3" in other.words and 'value="-9"' in other.answer.text
    assert tables(house)["output"]["main"]["level_db"] == -3
    other.press(SAVE)
    assert tables(house)["output"]["main"]["level_db"] == -9


def test_a_change_is_taken_back(house, owner):
    before = house.village.home.schedule.read_text()
    owner.open("/settings/outputs/main").press(SAVE, level_db="-3")
    owner.press("撤销这次改动").press("就这样，生效")

    assert house.village.home.schedule.read_text() == before
    who, what, _subject, was, now = house.deeds()[-1]
    assert (who, what) == ("王主任", "timetable.change") and "level_db = -3" in was and "level_db" not in now


def test_a_zone_is_added_changed_and_removed(house, owner):
    owner.open("/settings/zones/new").press(SAVE, name="西头", outputs=["main"], profile="far")
    assert "西头 main；喇叭类型 far" in owner.words
    assert tables(house)["zone"]["西头"] == {"outputs": ["main"], "profile": "far"}
    assert "西头" in house.station.about().zones

    owner.open("/settings/zones/西头").press(SAVE, outputs=[], profile="")
    assert owner.code == 422 and "'[]' 是空的" in owner.words
    owner.press(SAVE, outputs=["main", "east"])
    assert tables(house)["zone"]["西头"]["outputs"] == ["main", "east"]
    owner.open("/settings/zones/西头").press("删掉这个片区")
    assert "西头" not in tables(house)["zone"]


def test_a_zone_that_a_slot_needs_stays(tmp_path):
    house = House(tmp_path, schedule=OFFICE + 'zones = ["east"]\n')
    owner = house.person().open("/settings/zones/east").press("删掉这个片区")

    assert owner.code == 409 and "没有叫 'east' 的片区" in owner.words
    assert "east" in tables(house)["zone"]


@pytest.mark.parametrize(("name", "said"), [("", "请给片区起一个名字。"), ("east", "已经有这个片区了。")])
def test_a_zone_needs_a_name_of_its_own(owner, name, said):
    owner.open("/settings/zones/new").press(SAVE, name=name, outputs=["main"])

    assert owner.code == 422 and said in owner.words


def test_without_headphones_a_test_plays_nowhere(house, owner):
    owner.open("/settings/outputs").send("/settings/outputs/try")

    assert "没有试听用的输出，没有放。" in owner.words
    assert house.village.heard == []


def test_a_test_is_heard_on_headphones_and_on_no_horn(tmp_path):
    house = House(tmp_path, moment="23:00", schedule=OFFICE + '\n[output.head]\nkind = "tape"\nmonitor = true\n')
    owner = house.person().open("/settings/outputs").press("在试听的耳机里放一句")
    house.village.advance(2)

    assert "在试听的“head”里放了一句，喇叭上没有。" in owner.words
    armed = {
        name: [one.cue.is_trial for one in deck.commands if isinstance(one, Arm)]
        for name, deck in house.village.decks.items()
    }
    assert armed == {"main": [], "east": [], "head": [True]}


def test_a_full_disk_says_so_and_keeps_the_old(house, owner, monkeypatch):
    before = house.village.home.schedule.read_text()
    owner.open("/settings/outputs/main")

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("broadcaster.station.timetabledesk.write_durably", full)
    owner.press(SAVE, level_db="-3")
    assert owner.code == 422 and "写不进去：No space left on device。节目表没有变。" in owner.words
    assert house.village.home.schedule.read_text() == before


def test_a_file_that_the_page_cannot_edit_is_left_alone(tmp_path):
    house = House(
        tmp_path,
        schedule=OFFICE.replace('[output.main]\nkind = "tape"\n', "")
        .replace("[zone.all]", 'output.main.kind = "tape"\n\n[zone.all]')
        .replace('[station]\nname = "试验村"\n', "")
        .replace("output.main", "output.main", 1),
    )
    owner = house.person().open("/settings/outputs/main").press(SAVE, level_db="-3")

    assert owner.code == 422 and "[output.main] 的写法特别，网页改不了它，没有动。" in owner.words


def test_in_english_and_only_for_owners(house, owner):
    owner.open("/settings/outputs").press("就这样", language="en")
    assert "Horns, zones, levels" in owner.words and "Level 0 dB; emergency 0 dB" in owner.words
    editor = house.person("李会计", Role.EDITOR, Role.APPROVER)
    for path in ("/settings/outputs", "/settings/outputs/main", "/settings/zones/new", "/settings/voices"):
        assert editor.open(path).code == 403
    assert editor.send("/settings/outputs/try").code == 403


def test_strange_names_are_not_found(owner):
    for path in ("/settings/outputs/nowhere", "/settings/zones/nowhere", "/settings/voices/nowhere"):
        assert owner.open(path).code == 404
