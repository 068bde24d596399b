"""[voice] of the engines that need more than a name: where their model or service is."""

import pytest

from broadcaster.model.timetable import VoiceSettings
from broadcaster.schedule import parse_schedule


def voice_of(lines):
    parsed = parse_schedule(f"[voice]\n{lines}")
    assert parsed.complaints == ()
    return parsed.schedule.voices[0]


def complaint_of(lines):
    (complaint,) = parse_schedule(f"[voice]\n{lines}").complaints
    return complaint


def test_each_engine_is_told_where_its_voice_is():
    assert voice_of('engine = "piper"\nmodel = "voices/huayan.onnx"\nspeaker = 3') == VoiceSettings(
        engine="piper", model="voices/huayan.onnx", speaker=3
    )
    service = """
    engine = "http"
    url = "https://tts.example.cn:8443/v1/audio/speech"
    model = "hexgrad/Kokoro:1"
    voice = "zf_xiaoxiao"
    token_env = "SPEECH_TOKEN"
    """
    assert voice_of(service) == VoiceSettings(
        engine="http",
        url="https://tts.example.cn:8443/v1/audio/speech",
        model="hexgrad/Kokoro:1",
        voice="zf_xiaoxiao",
        token_env="SPEECH_TOKEN",
    )


def test_what_belongs_to_one_engine_is_not_taken_over_by_another():
    text = """
    [voice]
    engine = "piper"
    model = "a.onnx"
    speaker = 2
    rate = 140
    [voice.spare]
    engine = "espeak-ng"
    [voice.slow]
    rate = 120
    """

    _, spare, slow = parse_schedule(text).schedule.voices

    assert spare == VoiceSettings(name="spare", engine="espeak-ng", rate=140)
    assert slow == VoiceSettings(name="slow", engine="piper", rate=120, model="a.onnx", speaker=2)


@pytest.mark.parametrize(("engine", "key"), [("sherpa-onnx", "model"), ("piper", "model"), ("http", "url")])
def test_a_voice_without_its_model_is_warned_of_and_the_timetable_holds(engine, key):
    parsed = parse_schedule(f'[voice]\nengine = "{engine}"')

    (warning,) = parsed.complaints
    assert parsed.schedule is not None
    assert warning.path == f"voice.{key}"
    assert warning.what.zh == f"引擎 '{engine}' 一定要写 {key}，没有它这个声音用不了，会换备用的。"
    assert (
        warning.what.en == f"the engine '{engine}' needs {key}; without it this voice is not heard, and a spare one is."
    )


@pytest.mark.parametrize("key", ["model", "token_file"])
@pytest.mark.parametrize("place", ["/etc/passwd", "../secret", "a/../../b", "a//b", "C:\\voices", "~/voices", "./a"])
def test_a_place_outside_the_folder_is_refused(key, place):
    complaint = complaint_of(f"{key} = '{place}'")

    assert complaint.path == f"voice.{key}"
    assert complaint.what.zh == (
        f"'{place}' 不行。请写站的文件夹里面的位置，用 /，不写 ..，例如 'voices/huayan.onnx'。"
    )
    assert complaint.what.en == (
        f"'{place}' will not do. Write a place inside the station's folder, with / and without .., "
        "for example 'voices/huayan.onnx'."
    )


@pytest.mark.parametrize(
    "url",
    ["tts.example.cn/v1", "ftp://a/b", "file:///etc/passwd", "http://", "http://a:99999/", "http://a b/", "http://村/"],
)
def test_an_address_that_is_none_is_refused(url):
    complaint = complaint_of(f"url = '{url}'")

    assert complaint.what.zh == f"'{url}' 不是网址。请写全，例如 'http://192.168.1.20:8880/v1/audio/speech'。"
    assert complaint.what.en == (
        f"'{url}' is no address. Write all of it, for example 'http://192.168.1.20:8880/v1/audio/speech'."
    )


def test_a_password_in_the_address_is_refused_and_not_repeated():
    complaint = complaint_of("url = 'https://cun:s3cret@tts.example.cn/v1/audio/speech'")

    assert complaint.what.zh == "网址里不能写用户名和密码。请去掉 @ 前面的，口令放进 token_env 或 token_file。"
    assert complaint.what.en == (
        "an address may hold no user and no password. Take out what is before the @, and use token_env or token_file."
    )


def test_a_token_written_where_its_name_should_be_is_not_repeated():
    complaint = complaint_of("token_env = 'sk-12345-SECRET'")

    assert complaint.what.zh == ("这里要写环境变量的名字，不是口令本身。只用字母、数字和 _，例如 'SPEECH_TOKEN'。")
    assert complaint.what.en == (
        "this must be the name of an environment variable, not the token itself. "
        "Use letters, digits and _ only, for example 'SPEECH_TOKEN'."
    )


def test_two_places_for_one_token_are_warned_of():
    complaint = complaint_of("token_env = 'A'\ntoken_file = 'b.txt'")

    assert complaint.path == "voice.token_file"
    assert complaint.what.zh == "已经写了 token_env，这一行不看。请只留一个。"
    assert complaint.what.en == "token_env is set, so this line is not looked at. Keep only one of them."
