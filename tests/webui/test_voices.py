"""Voices on the page of the owner: which can speak here, and what is heard before it is saved."""

import tomllib

import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence
from tests.webui.conftest import OFFICE, House


def tables(house):
    return tomllib.loads(house.village.home.schedule.read_text(encoding="utf-8"))


def test_voices_and_engines_say_whether_they_can_speak(tmp_path):
    house = House(tmp_path, schedule=OFFICE + '\n[voice]\nrate = 150\n[voice.mei]\nengine = "piper"\n')
    words = house.person().open("/settings/voices").words

    assert "平常的声音 pyttsx3 一分钟 150 个字；念不出来时换：pyttsx3" in words
    assert "mei 现在念不了：" in words
    for engine in ("pyttsx3", "espeak-ng", "sherpa-onnx", "piper", "http"):
        assert engine in words


def test_a_voice_is_heard_before_it_is_saved_and_only_in_the_browser(house, owner):
    before = house.village.home.schedule.read_text()
    owner.open("/settings/voices/default").press("听一听", rate="120")

    assert "合成好了，按三角形就听得到。" in owner.words and "<audio controls" in owner.answer.text
    [order] = [order for order in house.village.renderer.orders if order.texts[0].startswith("各位乡亲，现在试音。")]
    assert [(one.engine, one.rate, one.fallback) for one in order.voices] == [("pyttsx3", 120, ())]
    assert order.chime == "" and house.village.heard == []
    assert house.village.home.schedule.read_text() == before

    owner.press("存")
    assert tables(house)["voice"] == {"rate": 120}
    assert house.deeds()[-1][:3] == ("王主任", "settings.change", "[voice]")


def test_a_voice_that_cannot_speak_says_why(house, owner):
    owner.open("/settings/voices/default")
    house.village.renderer.failure = VoiceFailed(Sentence("没有声音模型", "no model"))
    owner.press("听一听")

    assert owner.code == 422 and "没有声音模型" in owner.words and "<audio" not in owner.answer.text


def test_what_is_wrong_is_said_before_listening_and_before_saving(house, owner):
    for does in ("听一听", "存"):
        owner.open("/settings/voices/default").press(does, rate="900")
        assert owner.code == 422 and 'value="900"' in owner.answer.text
        assert "60" in owner.words and owner.answer.text.count('aria-invalid="true"') == 1
    assert "voice" not in tables(house)


def test_a_voice_is_added_and_removed_but_not_while_a_slot_needs_it(house, owner):
    owner.open("/settings/voices/new").press("存", name="小梅", engine="espeak-ng", rate="150", fallback="pyttsx3")
    assert tables(house)["voice"]["小梅"] == {"engine": "espeak-ng", "rate": 150}
    path = house.village.home.schedule
    path.write_text(path.read_text().replace('id = "noon"', 'id = "noon"\nvoice = "小梅"'))
    owner.open("/settings/voices/小梅").press("删掉这个声音")
    assert owner.code == 409 and "没有叫 '小梅' 的声音" in owner.words

    path.write_text(path.read_text().replace('voice = "小梅"\n', ""))
    owner.open("/settings/voices/小梅").press("删掉这个声音")
    assert "小梅" not in tables(house).get("voice", {})


@pytest.mark.parametrize(("name", "said"), [("", "请给声音起一个名字。"), ("default", "已经有叫这个名字的声音了。")])
def test_a_voice_needs_a_name_of_its_own(owner, name, said):
    assert said in owner.open("/settings/voices/new").press("存", name=name).words


def test_in_english(owner):
    owner.open("/settings/voices").press("就这样", language="en")
    assert "What can speak on this machine" in owner.words and "165 characters a minute" in owner.words
