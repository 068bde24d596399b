"""dalaba voices: what works here is heard in a file, and what does not is told why."""

import json
import shutil
import wave

import pytest

from broadcaster.__main__ import main
from tests.station.conftest import SCHEDULE, write_station

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
]


@pytest.fixture
def tried(tmp_path, capsys):
    """``tried(...)`` → exit code and what was told, by name."""

    def tried(*options, voice=""):
        home = tmp_path / "village"
        home.mkdir()
        write_station(home)
        (home / "schedule.toml").write_text(voice + SCHEDULE, encoding="utf-8")
        code = main(["voices", "--home", str(home), "--out", str(tmp_path / "out"), *options, "--json"])
        return code, {one["name"]: one for one in json.loads(capsys.readouterr().out)}

    return tried


@pytest.mark.slow
def test_every_voice_of_the_station_and_every_other_engine_is_tried(tried):
    code, told = tried(voice='[voice]\nrate = 150\n[voice.mei]\nvoice = "cmn-latn-pinyin+f3"\n')

    assert code == 0
    assert list(told) == ["default", "mei", "espeak-ng", "sherpa-onnx", "piper", "http"]
    assert {name for name, one in told.items() if one["works"]} == {"default", "mei", "espeak-ng"}
    assert told["mei"]["voice"] == "pyttsx3:cmn-latn-pinyin+f3"
    for one in told.values():
        assert bool(one["why"]) == bool(one["why_en"]) == (not one["works"])
        if one["works"]:
            with wave.open(one["file"]) as file:
                assert file.getnframes() / file.getframerate() == pytest.approx(one["seconds"], abs=0.1)
            assert 8 < one["seconds"] < 20
    assert told["http"]["why"] == "引擎“http”一定要写 url。"


@pytest.mark.parametrize(
    ("pairing", "why", "why_en"),
    [
        ("pyttsx3:cmn", "念汉字，espeak-ng 1.51 四个字会念错三个，不能用", "reads hanzi"),
        ("espeak-ng:mb-cn1", "mbrola cn1，Debian 里的这一份是坏的，不能用", "mbrola cn1, which is broken as packaged"),
        ("espeak-ng:nosuch", "不认拼音，会念成英语，不能用", "would speak English"),
        (
            "festival",
            "没有叫“festival”的语音引擎。有：pyttsx3、espeak-ng、sherpa-onnx、piper、http。",
            "'festival'. Known: ",
        ),
    ],
)
def test_a_pairing_known_to_be_broken_is_refused_in_words(tried, pairing, why, why_en):
    code, told = tried("--try", pairing)

    assert code == 1
    assert not told[pairing]["works"]
    assert why in told[pairing]["why"]
    assert why_en in told[pairing]["why_en"]


def test_without_a_station_the_usual_voice_is_tried_and_a_person_can_read_it(tmp_path, capsys):
    assert main(["voices", "--home", str(tmp_path), "--try", "espeak-ng"]) == 0

    said = capsys.readouterr().out
    assert "✓ espeak-ng：espeak-ng:cmn-latn-pinyin，" in said
    assert str(tmp_path / "var" / "voices" / "espeak-ng.wav") in said


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    (tmp_path / "out").touch()

    assert main(["voices", "--home", str(tmp_path), "--try", "espeak-ng", "--out", str(tmp_path / "out")]) == 1
    assert "不能写" in capsys.readouterr().err
