"""Players in step, with a real Snapcast server and real players that write what they would play."""

import os
import shutil
import socket
import threading
from datetime import timedelta

import numpy as np
import pytest

from broadcaster.model.outputs import OutputKind, OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.outputs.open import open_output
from broadcaster.outputs.players import Ask
from broadcaster.outputs.snapcast import SILENCE, SnapcastLine
from broadcaster.outputs.snapcontrol import ControlSilent, Present, SnapcastPlayers, calling
from broadcaster.playout.cue import Level, Players, Trouble
from tests.playout.links import RealDeck, clip_of, cue_of
from tests.servers import Mute, tone, wait_for
from tests.snapcast import Snapserver

pytestmark = [
    pytest.mark.real,
    pytest.mark.timed,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("snapserver") and shutil.which("snapclient")),
        reason="snapserver and snapclient are not installed; packaging/setup-tests.sh installs them",
    ),
]
MARK = b"\x02" * len(SILENCE)
BUFFER_MS = 400
APART_S = 0.1
LATE_S = 1.0
"""Generous, for a machine that is busy with other tests; ``tests.measure.outputs`` measures how close they are."""


@pytest.fixture(params=[False, True], ids=["tcp", "pipe"])
def server(request):
    server = Snapserver(is_pipe=request.param, buffer_ms=BUFFER_MS)
    yield server
    server.close()


@pytest.fixture
def tcp_server():
    server = Snapserver(is_pipe=False, buffer_ms=BUFFER_MS)
    yield server
    server.close()


@pytest.fixture
def clients():
    started = []

    def start(server, *names):
        started.extend(server.client(name) for name in names)
        return started[-len(names) :]

    yield start
    for client in started:
        client.close()


def settings_for(server, **more):
    return OutputSettings(
        name="horns",
        kind=OutputKind.SNAPCAST,
        device="",
        address=server.address,
        control=f"127.0.0.1:{server.control}",
        delay=timedelta(milliseconds=BUFFER_MS),
        **more,
    )


@pytest.fixture
def deck(tmp_path):
    decks = []

    def start(settings):
        decks.append(RealDeck(settings, tmp_path / "var"))
        return decks[-1].ready()

    yield start
    for one in decks:
        one.close()


def test_players_start_together_and_at_the_set_instant(server, clients, deck, tmp_path):
    east, west = clients(server, "east", "west")
    horns = deck(settings_for(server, clients=("east", "west")))
    wait_for(lambda: horns.of(Players) and horns.of(Players)[-1].online == ("east", "west"), "both are online")
    wait_for(lambda: not horns.of(Trouble) or not horns.of(Trouble)[-1].reason.zh, "the line is good")
    settled = east.heard.pieces + 20  # a player that is new corrects its clock for about a second
    wait_for(lambda: east.heard.pieces > settled, "the players have settled")
    cue, instant = cue_of(clip_of(tmp_path, 0.5 * np.ones(24_000)), in_s=2.0)

    horns.arm(cue)
    starts = [player.heard.wait_for_sound() for player in (east, west)]

    assert abs(starts[0] - starts[1]) <= APART_S
    for start in starts:
        assert abs(start - instant) <= LATE_S


def test_a_server_that_comes_back_is_found_again(server, deck):
    horns = deck(settings_for(server, clients=("east",)))
    wait_for(lambda: horns.of(Level), "it runs")
    assert not any(trouble.reason.en == "connecting" for trouble in horns.of(Trouble))

    server.stop()
    wait_for(lambda: horns.of(Trouble) and horns.of(Trouble)[-1].reason.zh, "the loss is told")

    server.start()
    wait_for(lambda: not horns.of(Trouble)[-1].reason.zh, "it is found again", 40)
    assert horns.of(Players)[-1] == Players(online=(), offline=("east",))


def test_an_emergency_is_loud_on_a_player_that_was_muted_and_gives_it_back(tcp_server, clients, deck, tmp_path):
    (east,) = clients(tcp_server, "east")
    horns = deck(settings_for(tcp_server, clients=("east",)))
    wait_for(lambda: horns.of(Players) and horns.of(Players)[-1].online, "it is online")
    ask(tcp_server, "Client.SetVolume", {"id": "east", "volume": {"muted": True, "percent": 30}})
    planned, _ = cue_of(clip_of(tmp_path, 0.5 * np.ones(24_000), "planned"), airing="planned", in_s=0.5)
    horns.arm(planned)
    horns.fate("planned")
    flood, _ = cue_of(clip_of(tmp_path, 0.5 * np.ones(96_000), "flood"), airing="flood", in_s=0, is_emergency=True)
    before = east.heard.pieces

    horns.arm(flood)

    east.heard.wait_for_sound(before)
    horns.fate("flood")
    wait_for(lambda: volume_of(tcp_server, "east") == {"muted": True, "percent": 30}, "the volume is given back")


def ask(server, method, params):
    with calling(("127.0.0.1", server.control)) as call:
        return call.make(Ask(method, params))


def volume_of(server, id_):
    groups = ask(server, "Server.GetStatus", {})["server"]["groups"]
    return next(one["config"]["volume"] for group in groups for one in group["clients"] if one["id"] == id_)


def test_scattered_players_are_brought_together(tcp_server, clients):
    clients(tcp_server, "east", "west", "stranger")
    wait_for(lambda: len(ask(tcp_server, "Server.GetStatus", {})["server"]["groups"]) == 3, "three are there")
    players = SnapcastPlayers(("127.0.0.1", tcp_server.control), tcp_server.address, ("east", "west", "hill"))
    players.start()

    wait_for(lambda: players.present == Present(("east", "west"), ("hill",)), "two of three are online")
    groups = ask(tcp_server, "Server.GetStatus", {})["server"]["groups"]
    assert sorted(sorted(one["id"] for one in group["clients"]) for group in groups) == [["east", "west"], ["stranger"]]
    players.close()
    players.close()


def test_a_server_that_does_not_answer_has_nobody_online():
    mute = Mute()
    players = SnapcastPlayers(("127.0.0.1", mute.port), "tcp://127.0.0.1:1", ("east",))
    players.start()
    wait_for(lambda: mute.calls, "it is called")

    assert players.present == Present((), ("east",))
    mute.close()
    players.close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"nonsense\r\n", "no JSON"),
        (b'{"id": 1, "error": {"code": -32601}}\r\n', "Server.GetStatus: {'code': -32601}"),
    ],
)
def test_an_answer_that_nobody_understands_is_told(answer, why):
    mute = Mute(answer)
    with calling(("127.0.0.1", mute.port)) as call, pytest.raises(ControlSilent) as error:
        call.make(Ask("Server.GetStatus", {}))
    assert why in str(error.value)
    mute.close()


def opened(tmp_path, address):
    settings = OutputSettings(name="horns", kind=OutputKind.SNAPCAST, address=address, control="127.0.0.1:1")
    made = open_output(settings=settings, var=tmp_path, tape_instead=False, fill=tone(), airing=lambda: None)
    return made.network, made.players


def test_a_pipe_that_nobody_reads_and_what_is_no_pipe_are_told_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr("broadcaster.outputs.snapcast.ANSWERS_WITHIN_S", 0.2)
    os.mkfifo(tmp_path / "fifo")
    os.mkfifo(tmp_path / "full")
    full = os.open(tmp_path / "full", os.O_RDWR)
    os.write(full, bytes(65_536))
    (tmp_path / "file").write_text("")
    nobody = {
        name: Sentence(
            f"没有人在读 {tmp_path}/{name}：Snapcast 没有运行",
            f"nobody reads {tmp_path}/{name}: the Snapcast server is not running",
        )
        for name in ("fifo", "full")
    }
    told = nobody | {
        "file": Sentence(f"{tmp_path}/file 不是管道", f"{tmp_path}/file is not a pipe"),
        "nothing": Sentence(
            f"Snapcast 的管道打不开：[Errno 2] No such file or directory: '{tmp_path}/nothing'",
            f"the pipe to Snapcast cannot be opened: [Errno 2] No such file or directory: '{tmp_path}/nothing'",
        ),
    }
    for name, sentence in told.items():
        network, players = opened(tmp_path, f"pipe://{tmp_path}/{name}")
        wait_for(lambda network=network, sentence=sentence: network.trouble == sentence, f"{name} is told")
        network.close()
        players.close()
    assert (tmp_path / "file").read_text() == ""
    os.close(full)


def test_silence_behind_something_in_the_pipe_is_left_out_so_that_the_next_airing_is_on_time(tmp_path):
    path, block, loud = tmp_path / "fifo", len(SILENCE), b"\x01" * len(SILENCE)
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    probe = threading.Thread(target=wait_for, args=(lambda: _read(reader, block), "the probe is read"))
    probe.start()
    line = SnapcastLine(f"pipe://{path}")
    probe.join()

    for pcm in (loud, SILENCE, loud, SILENCE):
        line.send(pcm)
    assert os.read(reader, 10 * block) == loud + loud
    line.send(SILENCE)
    assert os.read(reader, 10 * block) == SILENCE
    line.close()
    os.close(reader)


def _read(fd, count):
    try:
        return os.read(fd, count)
    except BlockingIOError:
        return b""


def test_a_connection_leaves_out_some_silence_so_that_the_next_airing_is_on_time(monkeypatch):
    """A server that was held up for an instant was half a second late for the rest of its life."""
    monkeypatch.setattr("broadcaster.outputs.snapcast.CATCHES_UP", range(3, 5))
    monkeypatch.setattr("broadcaster.outputs.snapcast.EVERY_BLOCKS", 10)
    loud = b"\x01" * len(SILENCE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = SnapcastLine(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        call, _ = server.accept()

    def arrives(*blocks):
        for block in blocks:
            line.send(block)
        line.send(MARK)
        came = b""
        while not came.endswith(MARK):
            came += call.recv(65_536)
        return came[: -len(MARK)]

    assert arrives(loud, SILENCE, SILENCE) == loud + 2 * SILENCE
    assert arrives(*[SILENCE] * 5) == 3 * SILENCE
    assert arrives(loud, *[SILENCE] * 15) == loud + 11 * SILENCE
    assert arrives(*[SILENCE] * 3, loud) == 3 * SILENCE + loud  # a block of silence takes the date of before the pause
    line.close()
    call.close()


def test_a_source_that_takes_the_call_and_never_reads_is_told(tmp_path):
    mute = Mute()
    network, players = opened(tmp_path, f"tcp://127.0.0.1:{mute.port}")

    wait_for(lambda: network.trouble is not None and "took no sound" in network.trouble.en, "the trouble is told")
    assert network.trouble == Sentence(
        "对方 1 秒没有收声音，重新连接", "the other end took no sound for 1 s and is called again"
    )
    wait_for(lambda: network.unsent_samples > 0, "what is not sent is counted")
    for one in (network, players, mute):
        one.close()
