"""An approved reading is what the voice is given, whatever the rules would say today."""

import json

import numpy as np
import pytest

from broadcaster.clips import clip_key
from broadcaster.errors import SoundUnusable
from broadcaster.model.clip import ClipOrder
from broadcaster.model.texts import Doubt, DoubtKind, Reading, Syllable
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.render.pipeline import render
from broadcaster.render_worker import order_from_json, order_to_json

RATE_HZ = 16_000
TEXT = "单丽101分"
DOUBT = Doubt(kind=DoubtKind.NUMBER, start=2, written="101", reading="幺零幺", why=Sentence("看一下", "look"))
APPROVED = Reading(
    text=TEXT,
    spoken="单丽，幺零幺分",
    syllables=(
        Syllable("单", "shan4"),
        Syllable("丽", "li4"),
        Syllable("幺", "yao1"),
        Syllable("零", "ling2"),
        Syllable("幺", "yao1"),
        Syllable("分", "fen1"),
    ),
    doubts=(DOUBT,),
)
BARE = Reading(text=APPROVED.text, spoken=APPROVED.spoken, syllables=APPROVED.syllables)


class ListeningVoice:
    """A short tone for each phrase, and a memory of what it was given."""

    name = "listening"

    def __init__(self):
        self.given = []

    def speak(self, phrase, rate):
        self.given.append((phrase.spoken, " ".join(one.pinyin for one in phrase.syllables)))
        return np.sin(np.arange(RATE_HZ // 4) / 5).astype(np.float32) * 0.5, RATE_HZ

    def close(self):
        pass


class NoSounds:
    def chime(self, name):
        raise SoundUnusable(Sentence("没有", "none"))

    recording = chime


def order(**more):
    sound = SoundSettings(chime="", opening="101号", repeat_phrase="再说一遍")
    return ClipOrder(**({"texts": (TEXT,), "voices": (VoiceSettings(),), "sound": sound} | more))


def given(order):
    voice = ListeningVoice()
    render(order, voices=[(VoiceSettings(), voice)], sounds=NoSounds())
    return voice.given


def test_the_approved_reading_is_spoken_and_not_made_anew():
    spoken = given(order(readings=(APPROVED,)))

    assert spoken[-2:] == [("单丽", "shan4 li4"), ("幺零幺分", "yao1 ling2 yao1 fen1")]
    assert given(order())[-1] != spoken[-1]


def test_a_reading_of_another_text_changes_nothing():
    assert given(order(texts=("单丽102分",), readings=(APPROVED,))) == given(order(texts=("单丽102分",)))


def test_only_the_text_itself_is_fixed_not_what_is_said_around_it():
    assert given(order(readings=(APPROVED,)))[0] == given(order())[0]


def test_an_order_with_readings_travels_to_the_worker_and_loses_only_the_doubts():
    wanted = order(readings=(APPROVED,))

    assert order_from_json(json.loads(json.dumps(order_to_json(wanted)))) == order(readings=(BARE,))
    assert order_from_json(json.loads(json.dumps(order_to_json(order())))) == order()


@pytest.mark.parametrize("pinyin", ["dan1", "shan2"])
def test_the_reading_is_part_of_what_names_the_clip(tmp_path, pinyin):
    other = Reading(text=TEXT, spoken=BARE.spoken, syllables=(Syllable("单", pinyin), *BARE.syllables[1:]))

    keys = {clip_key(one, tmp_path) for one in (order(), order(readings=(BARE,)), order(readings=(other,)))}

    assert len(keys) == 3
