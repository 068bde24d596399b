"""The two ways to espeak-ng: pyttsx3 in its worker, and the command."""

import shutil

import pytest

from broadcaster.voices.espeak_command import EspeakCommandVoice
from broadcaster.voices.pyttsx3_voice import Pyttsx3Voice
from tests.fakes_voice import ToneVoice, phrase
from tests.voices.contract import VoiceContract

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


class TestToneVoice(VoiceContract):
    @pytest.fixture
    def voice(self):
        return ToneVoice()

    def test_what_it_says_is_heard(self, voice):
        samples, rate_hz = voice.speak(phrase("明天开会明天来"), 165)

        assert voice.heard(samples, rate_hz) == "明天开会明天来"


@pytest.fixture(scope="module")
def kept():
    """One worker for all tests of this file, as in a station."""
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


@pytest.fixture(scope="module")
def kept_woman():
    voice = Pyttsx3Voice("cmn-latn-pinyin+f3")
    yield voice
    voice.close()


@pytest.mark.real
class TestPyttsx3(VoiceContract):
    @pytest.fixture
    def voice(self, kept):
        return kept


@pytest.mark.real
class TestAWomansVoice(VoiceContract):
    @pytest.fixture
    def voice(self, kept_woman):
        return kept_woman


@pytest.mark.real
class TestEspeakCommand(VoiceContract):
    @pytest.fixture
    def voice(self):
        return EspeakCommandVoice()
