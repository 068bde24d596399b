"""How long a reading will sound is known before it is spoken, and close to what is heard."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.home import shipped
from broadcaster.model.clip import CLIP_RATE_HZ, ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.render.length import PHRASE_END, WORDS_ALONE, clip_length, pause_length, speech_length
from broadcaster.render.phrases import Pause
from broadcaster.render.pipeline import render
from broadcaster.render.reading import read_any
from broadcaster.sounds import SoundFolder
from broadcaster.voices.choose import OpenVoices

SOUND = SoundSettings(chime="")
CLOSE = 0.06
"""Of the clip's length: the worst of 27 shipped scripts was 5.8 % away, half of them less than 1.1 %."""


def test_a_length_is_syllables_at_the_rate_and_the_stations_pauses():
    reading = read_any("今天停水，请存水。")

    assert speech_length(reading, SOUND, 60).total_seconds() == pytest.approx(
        7 / WORDS_ALONE + 2 * PHRASE_END.total_seconds() + 0.5 + 0.9
    )


def test_a_clip_has_lead_in_and_tail_and_nothing_more_when_nothing_is_said():
    assert clip_length([], SOUND, 165) == timedelta(seconds=1)
    assert clip_length([read_any("。。")], SOUND, 165) == timedelta(seconds=1)


def test_no_pause_ends_within_the_echo():
    echoing = replace(SOUND, echo=timedelta(seconds=1))

    assert [pause_length(pause, echoing) for pause in Pause if pause is not Pause.PARAGRAPH] == [
        timedelta(milliseconds=1100)
    ] * 4
    assert pause_length(Pause.PARAGRAPH, echoing) == timedelta(milliseconds=1350)


@given(st.text(alphabet="一二三，。\n", max_size=40), st.integers(60, 300))
def test_far_horns_and_a_slower_rate_never_take_less_time(text, rate):
    reading = read_any(text)

    assert speech_length(reading, SOUND, rate) <= speech_length(reading, SOUND.for_far_horns(), rate)
    assert speech_length(reading, SOUND, rate) <= speech_length(reading, SOUND, rate - 10)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("sound", [SOUND, SOUND.for_far_horns()], ids=["usual", "far"])
def test_the_real_clip_is_as_long_as_was_said_before(sound):
    text = "乡亲们，今天下午两点到五点，村里修水管，要停水。请大家现在就存一些水。"
    order = ClipOrder(texts=(text,), voices=(VoiceSettings(),), sound=replace(sound, repeat_phrase=""))
    voices = OpenVoices(shipped())
    try:
        clip = render(order, voices=voices.of(order.voices), sounds=SoundFolder(shipped() / "audio"))
    finally:
        voices.close()

    real = len(clip.samples) / 2 / CLIP_RATE_HZ
    assert clip_length([read_any(text)], sound, order.voices[0].rate).total_seconds() == pytest.approx(real, rel=CLOSE)
