"""The door for live sound: only the owner's programs speak, and one that dies or hangs does not hold the air."""

import json
import socket
import struct
import threading

import pytest

from broadcaster.door import Door
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.words import Fate
from tests.fakes import Village
from tests.servers import wait_for
from tests.station.conftest import at, write_station
from webui import live_door
from webui.live_door import MOST_LINES, LiveDoor
from webui.local_door import LocalDoor

BLOCK = b"\1\2" * 960
TOKEN = "t0ken"


class Turning:
    """The village's clock goes on by itself, so that what waits for the station gets its answer."""

    def __init__(self, village):
        self._village = village
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._end.wait(0.02):
            self._village.advance(0.05, step=0.05)

    def close(self):
        self._end.set()
        self._thread.join()


@pytest.fixture
def village(tmp_path):
    village = Village(write_station(tmp_path), at("10:00"))
    village.advance(2)
    turning = Turning(village)
    yield village
    turning.close()
    village.station.close()


@pytest.fixture
def door(village):
    door = LiveDoor(village.station, TOKEN)
    door.open()
    yield door
    door.close()


def asked(door, **more):
    """A line on which somebody asked to speak, and what is answered on it."""
    line = socket.create_connection(("127.0.0.1", door.port), 10)
    line.sendall(json.dumps({"token": TOKEN, "who": "王", "reason": "找人", "zones": []} | more).encode() + b"\n")
    return line, line.makefile("r", encoding="utf-8")


def until(answers, stage):
    for line in answers:
        told = json.loads(line)
        if told.get("stage") == stage:
            return told
    raise AssertionError(f"the line ended before {stage}")


def frame(pcm):
    return struct.pack("<H", len(pcm)) + pcm


def test_a_program_speaks_and_hears_what_became_of_it(door, village):
    line, answers = asked(door)
    assert json.loads(answers.readline())["airing"].startswith("live@2026-11-24T10:00:")
    assert until(answers, "on air")["is_recorded"]
    line.sendall(frame(BLOCK) * 3 + frame(b""))
    told = until(answers, "over")
    line.close()

    assert (told["fate"], told["reason"], told["seconds"]) == ("aired", "", 0.1)
    assert [pcm for _, _, pcm in village.decks["main"].live] == [BLOCK] * 3


def test_a_program_that_is_gone_without_a_word_broke_off(door, village):
    line, answers = asked(door)
    airing = json.loads(answers.readline())["airing"]
    until(answers, "on air")
    line.sendall(frame(BLOCK) + frame(BLOCK)[:100])
    answers.close()
    line.close()

    entry = wait_for(lambda: village.log()[airing].fate.is_final and village.log()[airing], "its fate")
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "话筒那头断了")


def test_a_program_that_hangs_is_let_go_when_its_broadcast_is_over(door, village):
    line, answers = asked(door)
    airing = json.loads(answers.readline())["airing"]
    until(answers, "on air")
    village.station.stop(airing, who="李")

    assert until(answers, "over")["reason"] == "李 停止"
    assert answers.read() == "", "the station has closed the line"
    line.close()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"token": "wrong"}, "令牌不对。"),
        ({"token": 7}, "请求写错了：'token' must be text"),
        ({"who": ""}, "没有写是谁讲话。"),
        ({"reason": ""}, "没有写为什么讲话。请写一句，记进播出记录。"),
        ({"zones": ["nowhere"]}, "没有叫“nowhere”的片区。有：all。"),
    ],
)
def test_who_may_not_speak_is_told_why(door, village, given, words):
    line, answers = asked(door, **given)

    assert json.loads(answers.readline())["error"] == words
    assert answers.read() == ""
    assert village.heard == []
    line.close()


@pytest.mark.parametrize("said", [b"\n", b"[]\n", b"GET / HTTP/1.1\n", b"\xff" * 5000 + b"\n", b"x" * 100_000])
def test_what_is_no_request_is_turned_away(door, village, said):
    with socket.create_connection(("127.0.0.1", door.port), 10) as line:
        try:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            answer = line.makefile("rb").read()
        except OSError:  # it hung up in the middle of what it does not want to hear
            answer = b""

    assert answer == b"" or b"error" in answer
    assert village.heard == []


def test_programs_that_say_nothing_do_not_keep_others_out_for_ever(door, village, monkeypatch):
    monkeypatch.setattr(live_door, "ASKS_WITHIN_S", 0.2)
    idle = [socket.create_connection(("127.0.0.1", door.port), 10) for _ in range(MOST_LINES + 2)]
    for one in idle:
        one.makefile("rb").read()  # until the station closes it

    line, answers = asked(door)
    assert until(answers, "on air")
    for one in (line, *idle):
        one.close()


def test_the_command_line_finds_the_door_by_the_file_of_the_owner(village, tmp_path):
    local = LocalDoor(village.station, Home(tmp_path))
    local.open()
    line = Door(Home(tmp_path)).speak(who="王", reason="找人", zones=())
    stages = []
    for told in line.answers():
        stages.append(told["stage"])
        if told["stage"] == "on air":
            line.send(BLOCK)
            line.end()
            line.end()
    with pytest.raises(OSError, match="it has ended"):
        line.send(BLOCK)
    line.close()
    second = Door(Home(tmp_path)).speak(who="", reason="找人", zones=())
    with pytest.raises(Refused, match="who speaks is not written"):
        list(second.answers())
    second.close()
    local.close()

    assert list(dict.fromkeys(stages)) in (["waiting", "on air", "ending", "over"], ["waiting", "on air", "over"])
