"""A key on the wall, and a program on the network: from the press to what the horns give."""

import http.client
import json

import numpy as np
import pytest

from broadcaster.model.people import Scope
from broadcaster.model.words import Fate
from broadcaster.opening import open_doorkeeper
from tests import pulse
from tests.e2e.house import places
from tests.pulse import RATE_HZ
from tests.servers import free_port
from tests.trigger.buttons import F1, F2, F3, KernelKeypad

pytestmark = [pulse.needed, pytest.mark.real, pytest.mark.slow, pytest.mark.timed, pytest.mark.timeout(300)]
OUTPUT = """kind = "soundcard"
device = "pulse"
[trigger.flood]
script = "emergency/flood"
reason = "水库来电"
device = "{keypad}"
key = "f1"
confirm = "twice"
within = "10s"
[trigger.held]
script = "emergency/flood"
device = "{keypad}"
key = "f2"
hold = "1s"
[trigger.stop]
does = "stop"
device = "{keypad}"
key = "f3"
[page]
port = {port}
"""
SIREN_S = 3
"""Of the siren, which lasts six."""


@pytest.fixture
def kernel(tmp_path):
    kernel = KernelKeypad(tmp_path / "keypad")
    yield kernel
    kernel.close()


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def house(found, kernel, port):
    return found(output=OUTPUT.format(keypad=kernel.path, port=port)).start()


def called(house):
    return [entry for entry in house.log().values() if entry.slot == "emergency"]


def test_two_presses_are_heard_on_the_horns_and_one_press_ends_it(house, kernel, village):
    house.wait(lambda: house.status()["faults"] == [], "the keypad is there")
    before = len(village.samples())

    kernel.down(F1)
    kernel.up(F1)
    village.wait_for(lambda samples: len(samples) > RATE_HZ, since=len(village.samples()))
    assert called(house) == []  # one press is none
    kernel.down(F1)
    kernel.up(F1)
    house.wait(lambda: [one.fate for one in called(house)] == [Fate.ON_AIR], "it is on the air")
    village.wait_for(lambda samples: np.abs(samples[before:]).max() > 0.05, since=0)
    village.wait_for(lambda samples: len(samples) > SIREN_S * RATE_HZ, since=len(village.samples()))
    kernel.down(F3)
    kernel.up(F3)

    entry = house.fate(called(house)[0].airing)
    assert (entry.who, entry.reason.zh) == ("按键 flood", "原因：水库来电（按键 flood）；按键 stop 停止")
    siren = house.clip(entry)[0][: SIREN_S * RATE_HZ]
    assert len(places(village.samples(before), siren)) == 1
    ended = len(village.samples())
    village.wait_for(lambda samples: len(samples) > RATE_HZ, since=ended)
    assert np.abs(village.samples(ended + RATE_HZ // 2)).max() < 0.01


def test_a_keypad_that_was_pulled_out_is_told_found_again_and_a_hold_is_heard(house, kernel):
    kernel.pull_out()
    told = house.wait(lambda: house.status()["faults"], "it is told")
    assert {fault["name"] for fault in told} == {"trigger.flood", "trigger.held", "trigger.stop"}
    assert told[0]["what"].endswith("不在。请插好它，插上以后自己会认回来。")
    kernel.plug_in()
    house.wait(lambda: house.status()["faults"] == [], "it is found again")

    kernel.down(F2)
    house.wait(lambda: called(house), "it was held")
    for _ in range(20):
        kernel.repeat(F2)
    kernel.up(F2)
    kernel.down(F3)
    assert house.fate(called(house)[0].airing).who == "按键 held"
    assert len(called(house)) == 1


def test_a_program_is_heard_when_it_says_so_twice(house, port):
    _, token = open_doorkeeper(house.home).programs.admit("河道水位计", [Scope.EMERGENCY_PREPARED], who="test")
    flood = {"script": "emergency/flood", "reason": "水位", "plays": 1}

    def post(**fields):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        line.request("POST", "/api/v1/emergency/prepared", json.dumps(fields), headers)
        answer = line.getresponse()
        told = answer.status, json.loads(answer.read())
        line.close()
        return told

    status, question = house.wait(lambda: post(**flood), "the page answers")
    assert status == 202
    assert called(house) == []
    status, answer = post(**flood, confirm=question["confirm"])

    assert status == 200
    entry = house.fate(answer["airing"])
    assert (entry.fate, entry.who) == (Fate.AIRED, "河道水位计（程序）")
