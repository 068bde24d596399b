"""The red button, as a person presses it without JavaScript, and when everything else is broken."""

import pytest

from broadcaster.model.people import Role
from broadcaster.model.words import Sentence
from broadcaster.station import Station
from tests.station.conftest import at
from tests.webui.conftest import House

ALL_CLEAR = "紧急通知解除。大家可以回家了。"
SCRIPTS = {
    "study/a": "第一课。今天学怎么看天气预报。",
    "policy/fire": "天干物燥，请大家小心火烛。",
    "emergency/flood": '+++\ntitle = "山洪"\n+++\n紧急通知。河水涨了，请马上到高处去。',
    "emergency/all-clear": f'+++\ntitle = "解除"\n+++\n{ALL_CLEAR}',
}


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path, "09:00", scripts=SCRIPTS)
    house.village.advance(3)
    return house


def test_the_red_button_is_one_tap_away_on_every_page(house, owner):
    for path in ("/today", "/log", "/me", "/more", "/emergency", "/nowhere"):
        assert 'href="/emergency"' in owner.open(path).answer.text, path


def test_a_prepared_text_is_chosen_looked_at_and_heard(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood", reason="上游涨水")
    assert "紧急通知。河水涨了，请马上到高处去。" in owner.words
    assert "在哪里响：全村 为什么：上游涨水" in owner.words
    assert house.deck.playing is None

    owner.press("确认，马上播出")

    assert owner.path == "/emergency"
    playing = house.deck.playing.cue
    assert (playing.permit.who, playing.permit.reason) == ("王主任", "上游涨水")
    house.village.advance(1)
    assert "正在响 山洪 全村 · 王主任" in owner.open("/emergency").words
    assert "已经播了 1 遍" in owner.words
    assert house.deeds() == [("王主任", "emergency.call", playing.airing, "", "script:emergency/flood · 上游涨水")]


def test_how_often_it_went_out_is_counted_until_somebody_stops_it(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood").press("确认，马上播出")
    house.village.advance(45)
    words = owner.open("/emergency").words
    assert "已经播了 6 遍" in words, words

    owner.press("停")

    assert house.deck.playing is None
    assert "已经停了。要不要说一声“解除”？" in owner.words
    house.village.advance(2)
    assert "现在没有紧急广播。" in owner.open("/emergency").words
    assert [deed[1] for deed in house.deeds()] == ["emergency.call", "emergency.stop"]


def test_free_words_are_heard_in_one_zone(house, owner):
    page = owner.open("/emergency")
    page.press("下一步", script="free", words="东沟要发山洪，马上往学校走！", zone="east", reason="水位猛涨")
    page.press("确认，马上播出")
    house.village.advance(2)

    assert house.deck.playing is None
    assert house.village.decks["east"].playing is not None
    assert any("东沟要发山洪" in order.texts[0] for order in house.village.renderer.orders)


def test_a_drill_says_first_and_last_that_it_is_one(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood", drill="on")
    assert "演练：开头、结尾都说这是演练，不拉警报，静音时段不播。" in owner.words
    owner.press("确认，马上播出")
    house.village.advance(2)

    said = house.village.renderer.orders[-1].texts[0]
    assert said.startswith("这是演练，不是真的。")
    assert "河水涨了" in said
    assert said.endswith("刚才是演练，请大家放心。")
    assert "演练：山洪" in owner.open("/emergency").words


def test_a_drill_does_not_open_the_gate_at_night(tmp_path):
    """The page once put a drill on the air as an emergency that only said it was one, and the village woke up."""
    house = House(tmp_path, "23:00", scripts=SCRIPTS)
    owner = house.person().open("/emergency")
    owner.send("/emergency/call", script="emergency/flood", drill="on", reason="年度演练")
    house.village.advance(2)

    assert owner.code == 409
    assert house.deck.playing is None and house.village.heard == []
    assert "checked" in owner.answer.text.partition('name="drill"')[2][:12]


def test_the_all_clear_is_heard_where_the_emergency_was_and_ends_it(house, owner):
    owner.open("/emergency").send("/emergency/call", script="emergency/flood", reason="涨水", zone="east")
    house.village.advance(3)
    owner.press("解除")
    assert "在哪里响：刚才紧急广播响的地方" in owner.words
    owner.press("确认，马上播出")
    house.village.advance(3)

    assert [call.entry.title for call in house.station.calls()] == ["解除"]
    assert house.deck.playing is None and house.village.decks["east"].playing is not None


def test_the_all_clear_is_two_taps_away(house, owner):
    owner.open("/emergency").press("解除")
    assert ALL_CLEAR in owner.words
    owner.press("确认，马上播出")
    house.village.advance(1)

    assert "解除" in owner.open("/emergency").words
    assert house.deck.playing.cue.permit.reason == "解除"


def test_pressed_twice_it_is_one_emergency(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood")
    fields = {"script": "emergency/flood", "press": "the-same-press"}
    owner.send("/emergency/call", **fields)
    owner.send("/emergency/call", **fields)

    assert len(house.station.calls()) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "请先选一条，或者写几句话。"),
        ({"script": "free", "words": "   "}, "请先选一条，或者写几句话。"),
        ({"script": "emergency/flood", "zone": "nowhere"}, "没有这个片区。请再选一次。"),
    ],
)
def test_what_is_missing_is_said_and_nothing_sounds(house, owner, fields, said):
    for path in ("/emergency/ask", "/emergency/call"):
        owner.open("/emergency").send(path, **fields | {"reason": "上游涨水"})

        assert owner.code == 422
        assert said in owner.words
        assert 'value="上游涨水"' in owner.answer.text
    assert house.deck.playing is None


def test_what_the_station_refuses_is_said_and_the_words_are_kept(tmp_path):
    house = House(tmp_path, "22:00", scripts=SCRIPTS)
    owner = house.person()
    owner.open("/emergency").send("/emergency/call", script="free", words="水来了，快走！", press="p1")

    assert owner.code == 409
    assert "现在是静音时段，紧急广播要写明原因" in owner.words
    assert "水来了，快走！" in owner.words
    owner.send("/emergency/call", script="free", words="水来了，快走！", reason="山洪", press="p1")
    assert house.deck.playing is not None


def test_only_callers_may_call_and_everybody_may_stop(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood").press("确认，马上播出")
    house.village.advance(1)
    editor = house.person("李会计", Role.EDITOR)
    editor.open("/emergency")

    assert "您的账号不能发紧急广播" in editor.words
    assert editor.send("/emergency/call", script="emergency/flood").code == 403
    editor.open("/emergency").press("停")
    assert house.deck.playing is None


class BrokenStation(Station):
    """Everything but the emergency desk fails."""

    def status(self):
        raise RuntimeError("status")

    def plan(self, first=None, days=1):
        raise RuntimeError("plan")

    def log(self, since, until=None):
        raise RuntimeError("log")


def test_the_red_button_works_when_everything_else_has_a_fault(house, owner, caplog):
    house.books.fail_with(Sentence("磁盘满了", "the disk is full"))
    house.station.__class__ = BrokenStation
    caplog.set_level("CRITICAL", logger="webui.app")

    owner.client.get("/today")
    owner.open("/today")
    assert owner.code == 500
    assert "紧急广播 Emergency" in owner.words
    owner.open("/emergency").press("下一步", script="emergency/flood").press("确认，马上播出")

    assert house.deck.playing is not None
    house.village.station.turn()
    assert "山洪" in owner.open("/emergency").words
    owner.press("停")
    assert house.deck.playing is None


def test_a_call_is_shown_before_the_planner_knew_of_it(house, owner):
    """The planner may wait two seconds for a broken disk; the one who pressed must see at once that it worked."""
    house.station.emergency("script:emergency/flood", who="王主任")

    assert "马上响 山洪" in owner.open("/emergency").words
    assert "还没有响" in owner.words
    house.village.advance(1)
    assert "正在响 山洪" in owner.open("/emergency/part").words


def test_an_emergency_is_on_the_page_of_today_and_in_the_log(house, owner):
    owner.open("/emergency").press("下一步", script="emergency/flood").press("确认，马上播出")
    house.village.advance(5)
    assert "正在播 山洪" in owner.open("/today").words
    house.station.stop(None, who="王主任")
    house.until(at("09:02"))

    assert "山洪 播完了" in owner.open("/log").words
    assert "王主任 让播的" in owner.words
