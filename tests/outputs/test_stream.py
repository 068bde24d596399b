"""Sound on the network through the real parts: Icecast and RTP, and servers that behave badly."""

import os
import re
import shutil
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.outputs import Codec, OutputKind, OutputSettings
from broadcaster.outputs.encoder import ENCODINGS
from broadcaster.outputs.network import NetworkOutput
from broadcaster.outputs.open import open_output
from broadcaster.outputs.rtp import PACKET_S, number_of
from broadcaster.playout.cue import Duty, Unsent
from broadcaster.playout.wire import decode_duty, encode
from tests.playout.links import RealDeck, clip_of, cue_of
from tests.pulse import tone as sine
from tests.servers import RATE_HZ, Icecast, Listener, Mute, free_port, socket, tone, wait_for

pytestmark = [
    pytest.mark.real,
    pytest.mark.timed,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
]
needs_icecast = pytest.mark.skipif(shutil.which("icecast2") is None, reason="icecast2 is not installed")


@pytest.fixture
def icecast():
    server = Icecast()
    yield server
    server.close()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "icecast.txt").write_text(f"{Icecast.password}\n")
    return tmp_path


@pytest.fixture
def play(home):
    """Opens a network output that sounds."""
    opened = []

    def start(address, fill=None, **more):
        settings = OutputSettings(name="net", kind=OutputKind.STREAM, address=address, **more)
        network = open_output(
            settings=decode_duty(encode(Duty(output=settings, may_be_tape=False))).output,
            var=home / "var",
            tape_instead=False,
            fill=fill or tone(),
            airing=lambda: None,
        ).network
        opened.append(network)
        return network

    yield start
    for network in opened:
        network.close()
        assert not network.is_alive()


@pytest.fixture
def listen():
    listeners = []

    def start(*source):
        listeners.append(Listener(*source))
        return listeners[-1].heard

    yield start
    for listener in listeners:
        listener.close()


def no_processes_named(word):
    """No child of this process has *word* in its command line: nothing is left over, no secret is shown."""
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = status.read_bytes()
            parent = int((status.parent / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and word.encode() in line:
            return False
    return True


@needs_icecast
@pytest.mark.parametrize("codec", [None, Codec.MP3], ids=["opus", "mp3"])
def test_phones_hear_what_goes_to_icecast(icecast, play, listen, codec):
    address = f"icecast://127.0.0.1:{icecast.port}/village"
    network = play(address, codec=codec, password="file:icecast.txt")
    wait_for(lambda: network.trouble is None, "Icecast is reached")

    heard = listen("-i", f"http://127.0.0.1:{icecast.port}/village")

    wait_for(lambda: heard.has(440), "the tone is heard")
    assert no_processes_named(Icecast.password)


@needs_icecast
def test_a_server_that_went_away_is_found_again_and_what_was_not_sent_is_counted(icecast, play, listen):
    network = play(f"icecast://127.0.0.1:{icecast.port}/village", password="file:icecast.txt")
    wait_for(lambda: network.trouble is None, "Icecast is reached")
    before = network.unsent_samples

    icecast.stop()
    wait_for(lambda: network.trouble is not None and "reached" in network.trouble.en, "the loss is told")
    assert re.fullmatch(
        rf"Icecast at 127\.0\.0\.1:{icecast.port} cannot be reached: .*Connection refused.*", network.trouble.en
    )
    wait_for(lambda: network.unsent_samples > before, "the loss is counted")
    assert network.is_alive()

    icecast.start()
    wait_for(lambda: network.trouble is None, "Icecast is reached again")
    heard = listen("-i", f"http://127.0.0.1:{icecast.port}/village")
    wait_for(lambda: heard.has(440), "the tone is heard again")


@needs_icecast
def test_a_wrong_password_and_a_mount_in_use_are_told_in_words(icecast, home, play):
    address = f"icecast://127.0.0.1:{icecast.port}/village"
    (home / "wrong.txt").write_text("wrong")

    wrong = play(address, password="file:wrong.txt")
    wait_for(lambda: "wrong" in wrong.trouble.en, "the answer is told")
    assert (wrong.trouble.zh, wrong.trouble.en) == ("Icecast 说密码不对", "Icecast says the password is wrong")

    first = play(address, password="file:icecast.txt")
    wait_for(lambda: first.trouble is None, "Icecast is reached")
    second = play(address, password="file:icecast.txt")
    wait_for(lambda: "taken" in second.trouble.en, "the answer is told")
    assert second.trouble.zh == "Icecast 的 /village 已经有人在用，或者不让用"
    assert second.trouble.en == "/village of Icecast is taken by another source, or not allowed"
    assert first.trouble is None


@pytest.mark.parametrize(
    ("greeting", "zh", "en"),
    [
        (b"", "Icecast 接了电话却不说话", "Icecast takes the call and says nothing"),
        (
            b"SIP/2.0 200 OK\r\n\r\n",
            "Icecast 的回答看不懂：'SIP/2.0 200 OK'",
            "Icecast gives a strange answer: 'SIP/2.0 200 OK'",
        ),
        (
            b"HTTP/1.1 100 Continue\r\n\r\n",
            "对方 5 秒没有收声音，重新连接",
            "the other end took no sound for 5 s and is called again",
        ),
    ],
    ids=["says nothing", "speaks something else", "never reads"],
)
def test_a_server_that_accepts_and_never_reads_does_not_stall_the_clock(play, greeting, zh, en):
    server = Mute(greeting)
    steady = tone()
    noise = np.random.default_rng(1)

    def fill(frames, heard_at):
        steady(frames, heard_at)
        return noise.uniform(-0.5, 0.5, frames).astype(np.float32)

    network = play(f"icecast://127.0.0.1:{server.port}/village", fill, codec=Codec.MP3)

    wait_for(lambda: network.trouble is not None and network.trouble.en == en, "the trouble is told", 60)
    assert network.trouble.zh == zh
    wait_for(lambda: network.unsent_samples > 0, "what is not sent is counted")
    wait_for(lambda: len(server.calls) > 1, "the server is called again")
    asked = len(steady.heard_at)
    wait_for(lambda: len(steady.heard_at) > asked + 10, "the clock goes on")
    assert np.median(np.diff(steady.heard_at)) == pytest.approx(0.02)
    network.close()
    server.close()
    assert no_processes_named("pipe:1")


@pytest.mark.parametrize("codec", [None, Codec.G722, Codec.L16, Codec.OPUS], ids=["pcmu", "g722", "l16", "opus"])
def test_horns_hear_rtp(home, play, listen, codec):
    network = play(f"rtp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}", codec=codec)
    description = home / "var" / "streams" / "net.sdp"
    wait_for(lambda: description.exists() and "m=audio" in description.read_text(), "the stream is described")

    heard = listen("-protocol_whitelist", "file,udp,rtp", "-i", str(description))

    wait_for(lambda: heard.has(440), "the tone is heard")
    wait_for(lambda: network.trouble is None, "the line has proved itself")


def test_an_encoder_that_dies_is_started_again(home, play, listen):
    network = play(f"rtp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}")
    wait_for(lambda: network.trouble is None, "ffmpeg runs")
    pid = encoder_of(home)
    description = home / "var" / "streams" / "net.sdp"
    description.unlink()
    os.kill(pid, 9)

    wait_for(lambda: description.exists() and "m=audio" in description.read_text(), "ffmpeg runs again")
    wait_for(lambda: network.trouble is None, "the line is good again")
    assert network.unsent_samples > 0
    heard = listen("-protocol_whitelist", "file,udp,rtp", "-i", str(description))
    wait_for(lambda: heard.has(440), "the tone is heard")


@pytest.mark.parametrize("codec", [Codec.PCMU, Codec.L16], ids=["pcmu", "l16"])
def test_a_horn_that_listens_all_the_time_hears_on_when_the_encoder_was_started_again(home, play, listen, codec):
    """It was silent for up to ten minutes: the numbers of the new packets were lower than those of the old."""
    network = play(f"rtp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}", codec=codec)
    description = home / "var" / "streams" / "net.sdp"
    wait_for(lambda: description.exists() and "m=audio" in description.read_text(), "the stream is described")
    heard = listen("-protocol_whitelist", "file,udp,rtp", "-i", str(description))
    for _ in range(2):
        wait_for(lambda: heard.has(440), "the tone is heard")
        lost = network.unsent_samples
        os.kill(encoder_of(home), 9)
        wait_for(lambda lost=lost: network.unsent_samples > lost, "the encoder is gone")
        before = len(heard.samples())
        wait_for(lambda before=before: len(heard.samples()) > before + RATE_HZ, "it hears on")
        assert heard.has(440)


def encoder_of(home):
    """The process that encodes for the output of this test."""
    (pid,) = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"pipe:0" in path.read_bytes() and str(home).encode() in path.read_bytes()
    ]
    return pid


def test_packets_are_numbered_by_the_clock_so_that_every_encoder_goes_on_from_the_last():
    assert number_of(Codec.PCMU, 10.0) == 500
    assert number_of(Codec.L16, 10.0) == 1000
    assert number_of(Codec.OPUS, 10.0 + 65_536 * 0.02) == 500
    assert set(ENCODINGS) - {Codec.MP3} == set(PACKET_S)


@needs_icecast
def test_what_a_server_took_and_never_read_was_not_sent(home, tmp_path):
    """The first two airings, seven seconds, lay in buffers when the line was given up, and were called heard."""
    server = Mute(b"HTTP/1.1 100 Continue\r\n\r\n")
    address = f"icecast://127.0.0.1:{server.port}/village"
    settings = OutputSettings(
        name="phones", kind=OutputKind.STREAM, device="", address=address, password="file:icecast.txt"
    )
    with closing(server), closing(RealDeck(settings, home / "var")) as phones:
        wait_for(lambda: server.calls, "it is called")
        cue, _ = cue_of(clip_of(tmp_path, sine(500, 2.5)), in_s=1.0)
        phones.ready().arm(cue)

        assert phones.fate("airing").is_whole
        (unsent,) = phones.of(Unsent)

    assert 1.5 <= unsent.seconds <= 2.5  # the machine of the server keeps half a second for it


def test_an_address_that_cannot_be_sent_to_is_told_with_what_ffmpeg_says(play):
    network = play("rtp://256.1.1.1:5004")

    wait_for(lambda: network.trouble is not None and "ffmpeg" in network.trouble.en, "the trouble is told")
    assert network.trouble.en.startswith("ffmpeg ended: ")
    assert network.trouble.zh.startswith("ffmpeg 停了：")


def test_without_ffmpeg_the_remedy_is_told(play, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    network = play("rtp://127.0.0.1:5004")

    wait_for(lambda: network.trouble is not None and "missing" in network.trouble.en, "the trouble is told")
    assert network.trouble.zh == "没有装 ffmpeg。请运行安装程序。"
    assert network.trouble.en == "ffmpeg is missing: run the setup."


class StubbornLine:
    """A line that hangs on every block until it is let go."""

    def __init__(self, let_go):
        self._let_go = let_go

    held_back = 0

    def send(self, pcm):
        self._let_go.wait(5)

    def close(self):
        pass


def test_a_line_that_hangs_on_write_drops_blocks_and_the_clock_goes_on():
    let_go, fill = threading.Event(), tone()
    network = NetworkOutput(lambda: StubbornLine(let_go), delay_s=0.25)
    network.start(fill)

    wait_for(lambda: network.underruns > 5, "blocks are dropped")
    assert network.unsent_samples == network.underruns * 960
    assert np.median(np.diff(fill.heard_at)) == pytest.approx(0.02)
    let_go.set()
    network.close()
