"""piper with a tiny model that is made here. It is a program of its own; nothing of it is imported."""

import importlib.util
import json
import subprocess
import sys

import pytest

from broadcaster.model.timetable import VoiceSettings
from broadcaster.voices.kept_voice import VoiceUnfit
from broadcaster.voices.piper_voice import PiperVoice, read_config
from tests.fakes_voice import phrase
from tests.voices.contract import SENTENCE, VoiceContract

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in ("piper", "onnx")),
        reason="piper or onnx is not installed",
    ),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    from tests.voices.tiny_models import piper_model

    home = tmp_path_factory.mktemp("home")
    piper_model(home / "voices" / "tones.onnx")
    return home


@pytest.fixture(scope="module")
def kept(home):
    voice = PiperVoice(VoiceSettings(engine="piper", model="voices/tones.onnx"), home=home)
    yield voice
    voice.close()


@pytest.mark.slow
class TestPiper(VoiceContract):
    @pytest.fixture
    def voice(self, kept):
        return kept

    def test_one_worker_says_many_sentences(self, voice):
        voice.speak(phrase("好"), 165)
        before = voice.starts
        voice.speak(phrase(SENTENCE), 165)
        voice.speak(phrase("村委会"), 165)

        assert voice.starts == before


def test_piper_is_given_numbered_pinyin_with_a_config_that_reads_it(home, tmp_path):
    voice = PiperVoice(VoiceSettings(engine="piper", model="voices/tones.onnx"), home=home)
    command = voice._paced.command(165, tmp_path)

    config = json.loads((tmp_path / "model.onnx.json").read_text(encoding="utf-8"))
    assert config["espeak"]["voice"] == "cmn-latn-pinyin"
    assert json.loads((home / "voices" / "tones.onnx.json").read_text(encoding="utf-8"))["espeak"]["voice"] == "cmn"
    assert command[command.index("-m", 3) + 1] == str(tmp_path / "model.onnx")
    assert voice._paced.order(phrase("小熊在重庆"), 165, tmp_path / "x") == "xiao3 xong2 zai4 chong2 qing4"
    voice.close()


@pytest.mark.slow
def test_the_voice_of_pinyin_has_the_phonemes_that_the_models_were_trained_on():
    """piper's own espeak-ng, asked for the same words as hanzi and as pinyin, where it reads the hanzi right."""
    program = (
        "from piper.phonemize_espeak import EspeakPhonemizer\n"
        "ask = EspeakPhonemizer().phonemize\n"
        "print(''.join(ask('cmn', '请大家到村委会领鸡蛋')[0]))\n"
        "print(''.join(ask('cmn-latn-pinyin', 'qing3 da4 jia1 dao4 cun1 wei3 hui4 ling3 ji1 dan4')[0]))\n"
    )
    hanzi, pinyin = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split("\n")[:2]

    assert hanzi.replace(" ", "") == pinyin.replace(" ", "")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"espeak": {"voice": "en-us"}}, "en-us"),
        ({"phoneme_type": "pinyin"}, "pinyin"),
        ({"phoneme_type": "text"}, "text"),
    ],
)
def test_a_model_that_cannot_speak_pinyin_is_refused(home, tmp_path, change, what):
    config = json.loads((home / "voices" / "tones.onnx.json").read_text(encoding="utf-8"))
    (tmp_path / "other.onnx").touch()
    (tmp_path / "other.onnx.json").write_text(json.dumps(config | change), encoding="utf-8")

    with pytest.raises(VoiceUnfit) as refused:
        read_config(tmp_path / "other.onnx", "other.onnx")

    assert refused.value.sentence.zh == (
        f"piper 的模型“other.onnx”是“{what}”的，念不了普通话拼音。请用 espeak 音素的中文模型，例如 zh_CN-huayan。"
    )


@pytest.mark.parametrize("config", [None, "", "[]", "{}", '{"espeak": 5}', '{"espeak": {"voice": "cmn"}}'])
def test_a_model_without_its_two_files_is_refused(tmp_path, config):
    if config is not None:
        (tmp_path / "a.onnx.json").write_text(config)

    with pytest.raises(VoiceUnfit) as refused:
        PiperVoice(VoiceSettings(engine="piper", model="a.onnx"), home=tmp_path)

    assert refused.value.sentence.zh == "读不了 piper 的模型“a.onnx”。要有 a.onnx 和 a.onnx.json 两个文件。"
    assert refused.value.sentence.en == (
        "the piper model 'a.onnx' cannot be read. There must be a.onnx and a.onnx.json."
    )
