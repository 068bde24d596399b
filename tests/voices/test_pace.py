"""The rate that was asked for is the rate that is heard."""

import shutil

import pytest

from broadcaster.ports import Phrase
from broadcaster.render.phrases import phrases
from broadcaster.render.reading import read_text
from broadcaster.voices.checked import spoken_s
from broadcaster.voices.espeak_command import EspeakCommandVoice
from broadcaster.voices.pace import engine_rate, words_alone

TEXT = (
    "今天早上咱们说说用盐的事。医生的说法是，一个大人一天吃盐不要超过五克，差不多是平平的一啤酒瓶盖。"
    "家里做饭，起锅的时候再放盐，吃着一样咸，用得少。腌菜、酱油里都有盐，也要算上。"
    "血压高的老人，更要少吃。学习小组今天就聊这个，请各组组长记一记大家的办法。"
)
TOLERANCE = 0.03


@pytest.mark.parametrize(("rate", "engine"), [(60, 80), (97, 80), (165, 139), (180, 150), (300, 235), (500, 280)])
def test_the_engine_is_told_what_was_measured(rate, engine):
    assert engine_rate(rate) == pytest.approx(engine, abs=1)


def test_a_higher_rate_never_means_a_slower_engine():
    told = [engine_rate(rate) for rate in range(40, 400)]

    assert told == sorted(told)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("rate", [110, 150, 165, 180, 240])
def test_running_text_has_the_characters_a_minute_that_were_asked_for(rate):
    """The rate used to be taken from whole sentences and applied to phrases: 165 became 191 within them."""
    voice = EspeakCommandVoice()
    said = [Phrase(spoken=one.spoken, syllables=one.syllables) for one in phrases(read_text(TEXT))]

    seconds = sum(spoken_s(*voice.speak(one, rate)) for one in said)

    heard = 60 * sum(len(one.syllables) for one in said) / seconds
    assert heard == pytest.approx(words_alone(rate), rel=TOLERANCE)
