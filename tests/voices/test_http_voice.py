"""An OpenAI-style speech service: a real server on this machine, right and wrong in every way a network has."""

import shutil
import socket
import threading
from dataclasses import replace

import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.voices.checked import spoken_s
from broadcaster.voices.http_voice import HttpVoice
from broadcaster.voices.kept_voice import VoiceUnfit
from broadcaster.voices.speech_service import Limits
from tests.fakes_voice import phrase
from tests.voices.contract import SENTENCE, VoiceContract
from tests.voices.speech_server import SpeechServer, silence, spoken

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        shutil.which("espeak-ng") is None or shutil.which("ffmpeg") is None,
        reason="espeak-ng or ffmpeg is not installed",
    ),
]


@pytest.fixture
def server():
    server = SpeechServer()
    yield server
    server.stop()


@pytest.fixture
def waits():
    """How long it would have waited between tries; nobody really waits."""
    return []


class Turning:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Turning()


@pytest.fixture
def make(server, waits, clock, tmp_path):
    def make(*, total_s=10.0, measured=True, most_bytes=2_000_000, **settings):
        limits = Limits(total_s=total_s, connect_s=min(5.0, total_s), most_bytes=most_bytes, wait=waits.append)
        known = VoiceSettings(**({"engine": "http", "url": server.url, "model": "tts-1", "voice": "mei"} | settings))
        voice = HttpVoice(known, home=tmp_path, limits=limits, monotonic=clock)
        if measured:
            voice._natural._a_minute = 227.0
        return voice

    return make


class TestHttp(VoiceContract):
    @pytest.fixture
    def voice(self, make):
        return make(measured=False)


def refusal(voice):
    with pytest.raises(VoiceFailed) as failed:
        voice.speak(phrase(SENTENCE), 165)
    return failed.value.sentence


def test_it_is_asked_as_the_interface_says(make, server):
    make().speak(phrase("明天\x00开会"), 165)

    ((path, headers, body),) = server.asked
    assert path == "/v1/audio/speech"
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert body == {"model": "tts-1", "voice": "mei", "input": "明天开会。", "response_format": "wav", "speed": 0.8}


def test_its_pace_is_measured_once_and_its_speed_set_by_it(make, server):
    voice = make(measured=False)

    for rate in (165, 130, 200):
        voice.speak(phrase(SENTENCE), rate)

    speeds = [body["speed"] for _, _, body in server.asked]
    assert speeds == pytest.approx([1.0, 0.8, 0.63, 0.97], abs=0.05)


@pytest.mark.parametrize("kind", ["mp3", "ogg", "flac"])
def test_other_kinds_of_sound_are_understood_too(make, server, kind):
    server.wrong = [lambda handler, body: handler.send(spoken(body, kind), kind=f"audio/{kind}")]

    assert 2 < spoken_s(*make().speak(phrase(SENTENCE), 165)) < 4


def test_a_wav_that_is_streamed_says_no_length_and_passes(make, server):
    def streamed(handler, body):
        data = bytearray(spoken(body))
        data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
        handler.send(bytes(data))

    server.wrong = [streamed]

    assert 2 < spoken_s(*make().speak(phrase(SENTENCE), 165)) < 4


# --- the token --------------------------------------------------------------------------------------------------


def test_the_token_comes_from_the_environment(make, server, monkeypatch):
    monkeypatch.setenv("SPEECH_TOKEN", " sk-abc \n")
    make(token_env="SPEECH_TOKEN").speak(phrase("好"), 165)

    assert server.asked[0][1]["Authorization"] == "Bearer sk-abc"


def test_the_token_comes_from_a_file(make, server, tmp_path):
    (tmp_path / "token.txt").write_text("sk-file\n")
    make(token_file="token.txt").speak(phrase("好"), 165)

    assert server.asked[0][1]["Authorization"] == "Bearer sk-file"


def test_a_token_that_is_not_there_is_told_before_anything_is_asked(make, server, tmp_path, monkeypatch):
    monkeypatch.delenv("SPEECH_TOKEN", raising=False)
    (tmp_path / "bad.txt").write_text("口令\n")

    with pytest.raises(VoiceUnfit) as absent:
        make(token_env="SPEECH_TOKEN")
    with pytest.raises(VoiceUnfit) as gone:
        make(token_file="gone.txt")
    with pytest.raises(VoiceUnfit) as bad:
        make(token_file="bad.txt")

    assert absent.value.sentence.zh == "环境变量 SPEECH_TOKEN 没有设，语音服务的口令应该在里面。"
    assert gone.value.sentence.en == "the token file 'gone.txt' cannot be read (No such file or directory)."
    assert bad.value.sentence.zh == "语音服务的口令不对，应该是一行英文字母和数字。"
    assert server.asked == []


# --- trying again -----------------------------------------------------------------------------------------------


def test_a_fault_of_the_server_is_tried_again_with_growing_waits(make, server, waits):
    server.wrong = [503, 500]

    assert 2 < spoken_s(*make().speak(phrase(SENTENCE), 165)) < 4
    assert waits == [0.5, 1.0]


def test_after_three_faults_it_gives_up(make, server, waits):
    server.wrong = [503, 503, 500, 503]

    sentence = refusal(make())

    assert sentence.zh == "语音服务出错（500）。"
    assert sentence.en == "the speech service failed (500)."
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        (401, "不认这个口令（401）", "does not accept the token (401)"),
        (404, "不答应（404）", "refused (404)"),
        (429, "不答应（429）", "refused (429)"),
        (204, "不答应（204）", "refused (204)"),
    ],
)
def test_what_would_be_refused_again_is_asked_once(make, server, waits, status, zh, en):
    server.wrong = [status]

    sentence = refusal(make())

    assert (sentence.zh, sentence.en) == (f"语音服务{zh}。", f"the speech service {en}.")
    assert len(server.asked) == 1
    assert waits == []


def test_a_service_that_failed_is_left_alone_for_a_minute(make, server, clock):
    voice = make()
    server.wrong = [404]
    first = refusal(voice)

    assert refusal(voice) == first
    assert len(server.asked) == 1
    clock.now = 61.0
    assert 2 < spoken_s(*voice.speak(phrase(SENTENCE), 165)) < 4


def test_a_service_that_is_not_there_is_told_at_once(make, waits):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"

    sentence = refusal(make(url=url))

    assert sentence.zh == "语音服务连不上（[Errno 111] Connection refused）。"
    assert sentence.en == "the speech service cannot be reached ([Errno 111] Connection refused)."
    assert waits == []


# --- too long, too large, cut off -------------------------------------------------------------------------------


def says_nothing(handler, body):
    handler.server.ends.wait(30)


def drips_its_headers(handler, body):
    while not handler.server.ends.wait(0.05):
        handler.wfile.write(b"X")


def drips_its_sound(handler, body):
    data = spoken(body)
    handler.send(data[:100], length=len(data))
    for byte in data[100:]:
        if handler.server.ends.wait(0.05):
            return
        handler.wfile.write(bytes([byte]))


@pytest.mark.slow
@pytest.mark.parametrize("slow", [says_nothing, drips_its_headers, drips_its_sound], ids=lambda slow: slow.__name__)
def test_a_slow_answer_is_cut_at_the_total_limit(make, server, slow):
    server.wrong = [slow] * 3

    sentence = refusal(make(total_s=0.6))

    assert sentence.zh == "语音服务超过 0.6 秒没有答完。"
    assert sentence.en == "the speech service did not answer within 0.6 s."
    assert len(server.asked) == 1


@pytest.mark.parametrize("tells", [True, False], ids=["told", "untold"])
def test_an_answer_too_large_is_cut(make, server, tells):
    def large(handler, body):
        if tells:
            handler.send(b"RIFF", length=3_000_000)
        else:
            handler.send_response(200)
            handler.send_header("Content-Type", "audio/wav")
            handler.end_headers()
            handler.wfile.write(bytes(3_000_000))

    server.wrong = [large]

    assert refusal(make()).zh == "语音服务给的声音超过 2 MB。"
    assert len(server.asked) == 1


def cut_off(handler, body):
    data = spoken(body)
    handler.send(data[: len(data) // 2], length=len(data))


def cut_off_within_the_wav(handler, body):
    data = spoken(body)
    handler.send(data[: len(data) // 2])


def only_a_header(handler, body):
    handler.send(spoken(body)[:36])


@pytest.mark.parametrize("way", [cut_off, cut_off_within_the_wav, only_a_header], ids=lambda way: way.__name__)
def test_an_answer_cut_off_is_refused(make, server, way):
    server.wrong = [way]

    assert refusal(make()).zh == "语音服务的回答不完整。"
    assert len(server.asked) == 1


# --- something else than speech ---------------------------------------------------------------------------------


WRONG = {
    "a page": (
        lambda handler, body: handler.send(b"<html>502</html>", kind="text/html; charset=utf-8"),
        "语音服务给的不是声音，是“text/html”。",
    ),
    "a page that calls itself sound": (
        lambda handler, body: handler.send(b"<!DOCTYPE html><html></html>"),
        "语音服务给的声音不能用：声音文件“answer”不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM、FLAC）。",
    ),
    "a playlist": (
        lambda handler, body: handler.send(b"#EXTM3U\nfile:///etc/passwd\n", kind="audio/mpegurl"),
        "语音服务给的声音不能用：声音文件“answer”不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM、FLAC）。",
    ),
    "nothing": (
        lambda handler, body: handler.send(b""),
        "语音服务给的声音不能用：声音文件“answer”不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM、FLAC）。",
    ),
    "silence": (lambda handler, body: handler.send(silence(3)), "语音合成出错：合成出来没有声音。"),
    "four minutes": (
        lambda handler, body: handler.send(silence(240)),
        "语音服务给的声音不能用：声音文件“answer”太长，最多 3 分钟。",
    ),
    "half the words": (
        lambda handler, body: handler.send(spoken(body | {"input": "明天"})),
        "语音合成出错：9 个字念了",
    ),
    "no answer of HTTP": (
        lambda handler, body: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n"),
        "语音服务的回答看不懂（SSH-2.0-OpenSSH",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_speech_is_refused(make, server, kind):
    wrong, told = WRONG[kind]
    server.wrong = [wrong]

    assert refusal(make(most_bytes=20_000_000)).zh.startswith(told)
    assert len(server.asked) == 1


# --- redirects --------------------------------------------------------------------------------------------------


def to(place):
    return lambda handler, body: handler.send(b"", status=307, more=[("Location", place)])


def test_a_redirect_on_the_same_host_is_followed(make, server):
    server.wrong = [to("/v2/speech")]

    assert 2 < spoken_s(*make().speak(phrase(SENTENCE), 165)) < 4
    assert [path for path, _, _ in server.asked] == ["/v1/audio/speech", "/v2/speech"]


@pytest.mark.parametrize(
    "place",
    ["http://localhost:1/", "http://tts.example.cn/", "file:///etc/passwd", "//evil.example/", "http://127.0.0.1:1/"],
)
def test_a_redirect_elsewhere_is_not_followed(make, server, place):
    server.wrong = [to(place)]

    sentence = refusal(make())

    assert sentence.zh.startswith("语音服务要转到别处（")
    assert sentence.zh.endswith("），没有跟去。")
    assert sentence.en.startswith("the speech service points elsewhere (")
    assert sentence.en.endswith(") and was not followed.")
    assert len(server.asked) == 1


def test_a_service_that_sends_in_circles_is_refused(make, server):
    server.wrong = [to("/a"), to("/b"), to("/c"), to("/d")]

    assert refusal(make()).zh == "语音服务转来转去没有回答。"
    assert len(server.asked) == 3


def test_no_thread_is_left_behind(make, server):
    voice = make()
    before = {thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)}
    voice.speak(phrase("好"), 165)

    assert {thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)} == before


def test_its_name_tells_host_and_voice(make):
    voice = make()

    assert voice.name == "http:127.0.0.1:mei"
    assert replace(voice._settings, voice="").model == "tts-1"
