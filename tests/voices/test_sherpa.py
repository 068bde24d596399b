"""sherpa-onnx with a tiny model that is made here: each syllable is a pitch, so the pinyin that was said is heard."""

import importlib.util

import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.voices.homophones import Homophones
from broadcaster.voices.kept_voice import VoiceUnfit
from broadcaster.voices.pace import REFERENCE, words_alone
from broadcaster.voices.sherpa_voice import SherpaVoice
from tests.fakes_voice import phrase
from tests.voices.contract import SENTENCE, VoiceContract

needs_sherpa = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("sherpa_onnx", "onnx")),
    reason="sherpa-onnx or onnx is not installed",
)
READINGS = {one.char: one.pinyin for one in (*REFERENCE.syllables, *phrase(SENTENCE + "好庆").syllables)}
READINGS |= {"重": "zhong4", "虫": "chong2", "众": "zhong4"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    from tests.voices.tiny_models import sherpa_model

    home = tmp_path_factory.mktemp("home")
    tokens = sherpa_model(home / "voices" / "tones", READINGS)
    voice = SherpaVoice(VoiceSettings(engine="sherpa-onnx", model="voices/tones"), home=home)
    voice.tokens = tokens
    yield voice
    voice.close()


@pytest.mark.real
@pytest.mark.slow
@needs_sherpa
class TestSherpa(VoiceContract):
    @pytest.fixture
    def voice(self, kept):
        return kept

    def test_the_syllables_are_heard_in_their_order(self, voice):
        from tests.voices.tiny_models import heard

        samples, rate_hz = voice.speak(phrase(SENTENCE), 165)

        said = heard(samples, rate_hz, voice.tokens, 60 / words_alone(165))
        assert said == [one.pinyin for one in phrase(SENTENCE).syllables]

    def test_our_reading_is_heard_and_not_the_models(self, voice):
        """The model's lexicon has only zhòng for 重."""
        from tests.voices.tiny_models import heard

        samples, rate_hz = voice.speak(phrase("重庆人"), 165)

        assert heard(samples, rate_hz, voice.tokens, 60 / words_alone(165)) == ["chong2", "qing4", "ren2"]

    def test_a_character_that_the_model_does_not_know_is_told_and_not_left_out(self, voice):
        with pytest.raises(VoiceFailed) as failed:
            voice.speak(phrase("好犇"), 165)

        assert failed.value.sentence.zh == "语音合成出错：模型不认得“犇”。"
        assert failed.value.sentence.en == "a voice failed: the model does not know '犇'."


def unfit(home, model):
    voice = SherpaVoice(VoiceSettings(engine="sherpa-onnx", model=model), home=home)
    try:
        with pytest.raises(VoiceUnfit) as refused:
            voice.speak(phrase("好"), 165)
    finally:
        voice.close()
    return refused.value.sentence


@pytest.mark.real
@needs_sherpa
def test_a_folder_that_is_no_model_says_what_it_lacks(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "tokens.txt").touch()

    assert unfit(tmp_path, "empty").zh == (
        "模型文件夹“empty”里缺 *.onnx、lexicon.txt。要带 tokens.txt 和 lexicon.txt 的 VITS 中文模型。"
    )
    assert unfit(tmp_path, "empty").en == (
        "the model folder 'empty' lacks *.onnx, lexicon.txt. "
        "It must be a Chinese VITS model with tokens.txt and lexicon.txt."
    )


@pytest.mark.real
@needs_sherpa
def test_a_model_that_lets_espeak_read_hanzi_is_refused(tmp_path):
    (tmp_path / "huayan" / "espeak-ng-data").mkdir(parents=True)

    assert unfit(tmp_path, "huayan").zh == (
        "模型“huayan”要靠 espeak-ng 念汉字，会念错。请用 piper 引擎，它收到的是拼音。"
    )


@needs_sherpa
def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(VoiceUnfit) as refused:
        SherpaVoice(VoiceSettings(engine="sherpa-onnx", model="gone"), home=tmp_path)

    assert refused.value.sentence.zh == "没有模型文件夹“gone”。"


@pytest.mark.real
@pytest.mark.slow
@needs_sherpa
def test_a_model_that_is_damaged_ends_the_worker_and_not_the_station(tmp_path):
    from tests.voices.tiny_models import sherpa_model

    sherpa_model(tmp_path / "bad", {"好": "hao3"})
    (tmp_path / "bad" / "model.onnx").write_bytes(b"no model")
    voice = SherpaVoice(VoiceSettings(engine="sherpa-onnx", model="bad"), home=tmp_path)

    with pytest.raises(VoiceFailed) as failed:
        voice.speak(phrase("好"), 165)
    voice.close()

    assert failed.value.sentence.zh == "语音合成出错：语音进程中途退出。"


def test_a_character_stays_where_the_model_reads_it_as_we_do():
    words = Homophones({"重": "zh ong4", "众": "zh ong4", "虫": "ch ong2", "庆": "q ing4", "重庆": "ch ong2 q ing4"})

    assert words.spelled([("重", "zhong4")]) == "重"
    assert words.spelled([("重", "chong2"), ("庆", "qing4")]) == "虫庆"
    assert words.spelled([("重", "no9")]) == "重"
    assert words.unknown("重庆犇犇") == "犇"
