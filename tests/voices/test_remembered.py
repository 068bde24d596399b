"""A phrase that was said lately is said the same way again."""

import numpy as np
import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence
from broadcaster.voices import remembered
from broadcaster.voices.remembered import RememberedVoice
from tests.fakes_voice import ToneVoice, phrase
from tests.voices.contract import VoiceContract


class TestRememberedVoice(VoiceContract):
    @pytest.fixture
    def voice(self):
        return RememberedVoice(ToneVoice())


class NeverTheSame(ToneVoice):
    """Longer by one sample each time, as engines that go on in their noise."""

    def speak(self, phrase, rate):
        samples, rate_hz = super().speak(phrase, rate)
        return np.pad(samples, (0, len(self.said))), rate_hz


def test_the_same_phrase_at_the_same_rate_is_the_same_samples():
    voice = RememberedVoice(NeverTheSame())

    first, rate_hz = voice.speak(phrase("今天停水"), 165)
    other, _ = voice.speak(phrase("请储水"), 165)
    slower, _ = voice.speak(phrase("今天停水"), 140)
    again, _ = voice.speak(phrase("今天停水"), 165)

    assert np.array_equal(first, again) and rate_hz == 16_000
    assert len({len(first), len(other), len(slower)}) == 3


def test_it_forgets_the_oldest_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(remembered, "MOST_SAMPLES", 60_000)
    beneath = ToneVoice()
    voice = RememberedVoice(beneath)

    for words in ("今天停水", "请储水", "今天停水", "大家好大家好", "今天停水"):
        voice.speak(phrase(words), 165)
    voice.speak(phrase("请储水"), 165)

    assert beneath.said == ["今天停水", "请储水", "大家好大家好", "请储水"]


def test_a_failure_is_not_remembered():
    beneath = ToneVoice(failure=VoiceFailed(Sentence("坏了。", "broken.")))
    voice = RememberedVoice(beneath)
    with pytest.raises(VoiceFailed):
        voice.speak(phrase("今天停水"), 165)
    beneath.failure = None

    assert len(voice.speak(phrase("今天停水"), 165)[0])
    assert voice.name == "tone"
    voice.close()
    voice.close()
