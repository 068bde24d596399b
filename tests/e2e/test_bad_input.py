"""What other people's machines do to a station, all in one bad morning: the others play on, the page and the log say
what was not heard, and nobody has to do anything to have it heard again.
"""

import shutil
from contextlib import ExitStack, closing, contextmanager

import numpy as np
import pytest

from broadcaster.model.words import Fate
from tests import pulse
from tests.bench.people import owner
from tests.e2e.house import once_more_where_samples_were_dropped, places
from tests.pulse import RATE_HZ, first_sound
from tests.servers import Icecast, Mute, free_port
from tests.snapcast import Snapserver

pytestmark = [
    pulse.needed,
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.timed,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not shutil.which("icecast2"), reason="icecast2 is not installed; setup-tests.sh installs it"),
    pytest.mark.skipif(
        not shutil.which("snapserver"), reason="snapserver is not installed; setup-tests.sh installs it"
    ),
]
OTHERS = ("west", "mill", "phones")
OUTPUT = """kind = "soundcard"
device = "pulse"
[output.west]
kind = "soundcard"
device = "pulse:west"
[output.mill]
kind = "snapcast"
address = "{snap.address}"
control = "127.0.0.1:{snap.control}"
delay = "400ms"
[output.phones]
kind = "stream"
address = "icecast://127.0.0.1:{radio.port}/village"
password = "file:word.txt"
codec = "mp3"
[amplifier.power]
on = ["{relay}", "on"]
off = ["{relay}", "off"]
outputs = ["main"]
lead = "0s"
[page]
port = {port}
"""
RELAY = """#!/bin/sh
[ ! -e "$0.stuck" ] || exec sleep 1000
if [ "$1" = on ]; then touch "$0.power"; else rm -f "$0.power"; fi
"""
ONE_MACHINE = '[output.horns]\nkind = "stream"\naddress = "rtp://192.0.2.9:5004"\n[amplifier.power]'
LONG = "今天说说村里的几件事。水渠修好了，明天放水。集市改到后天上午。路灯坏了请打电话。打疫苗的请带好本子。"
PIECE = RATE_HZ // 2
LOUD = 0.05
AT_ITS_PLACE_S = 0.3
"""Samples that a busy machine drops move what follows; a gap moves it by more."""


@contextmanager
def neighbours(server):
    """A second card, a Snapcast server, and an Icecast server in whose place something never reads."""
    with ExitStack() as stack:
        server.load("west")
        stack.callback(server.unload, "west")
        snap = stack.enter_context(closing(Snapserver()))
        stack.callback(snap.go_on)
        radio = stack.enter_context(closing(Icecast()))
        radio.stop()
        silent = stack.enter_context(closing(Mute(b"HTTP/1.1 100 Continue\r\n\r\n", radio.port)))
        yield snap, radio, silent


def holes(heard, clip):
    """Where a second or more of *clip* is not heard: of each two half seconds in a row, where the first begins."""
    starts = [at for at in range(0, len(clip) - PIECE, PIECE) if np.max(np.abs(clip[at : at + PIECE])) > LOUD]
    found = {at: [place - at for place in places(heard, clip[at : at + PIECE])] for at in starts}
    begins = [one for several in found.values() for one in several]
    began = float(np.median(begins)) if begins else 0.0
    missing = [at for at in starts if not any(abs(one - began) < AT_ITS_PLACE_S * RATE_HZ for one in found[at])]
    return [at for at in missing if at + PIECE in missing]


def silent_ones(house):
    return {one["name"]: one["reason"] for one in house.status()["outputs"] if not one["is_open"]}


@once_more_where_samples_were_dropped
def test_everything_goes_wrong_in_mid_word_and_mends_by_itself(found, server, village, tmp_path):
    with ExitStack() as stack:
        snap, radio, silent = stack.enter_context(neighbours(server))
        relay, port = tmp_path / "relay", free_port()
        relay.write_text(RELAY)
        relay.chmod(0o755)
        house = found(output=OUTPUT.format(snap=snap, radio=radio, relay=relay, port=port), others=OTHERS)
        (house.home.root / "word.txt").write_text(radio.password)
        (house.home.scripts / "study" / "market.txt").write_text(LONG, encoding="utf-8")
        house.write(("market", house.in_seconds(7200), "script:study/market"))
        house.start()
        person = stack.enter_context(closing(owner(port, house.home, lambda _: house.said())))
        house.wait(lambda: set(silent_ones(house)) == {"phones"}, "only who never reads is silent")
        right = house.home.schedule.read_text(encoding="utf-8")
        house.home.schedule.write_text(right.replace("[amplifier.power]", ONE_MACHINE), encoding="utf-8")
        house.wait(lambda: house.status()["is_schedule_old"], "the address that is no multicast is refused")
        (tmp_path / "relay.stuck").touch()
        before = len(village.samples())
        with closing(server.record("west")) as west:
            airing = house.play("script:study/market")
            west.wait_for(first_sound)

            server.unload("west")
            snap.hang()

            house.wait(lambda: set(silent_ones(house)) == set(OTHERS), "all of them are missed")
            house.wait(lambda: "功放 power 开不了" in str(house.status()["faults"]), "the relay is missed")
            person.ask("/today")
            assert house.log()[airing].fate is Fate.ON_AIR
        for output in OTHERS:
            assert f"输出 {output} 现在没有声音：" in person.page
        assert "不是组播地址" in str(house.status()["complaints"])

        server.load("west")
        snap.go_on()
        silent.close()
        radio.start()
        (tmp_path / "relay.stuck").unlink()
        house.home.schedule.write_text(right, encoding="utf-8")
        with closing(server.record("west")) as west:
            entry = house.fate(airing)
            clip, _ = house.clip(entry)
            assert len(places(west.samples(), clip[-2 * RATE_HZ : -RATE_HZ])) == 1

        assert holes(village.samples(before), clip) == []
        assert entry.fate is Fate.AIRED
        for what in ("输出 west 中断过", "输出 mill 有 ", "输出 phones ", "功放 power 开不了："):
            assert what in entry.reason.zh
        house.wait(lambda: not silent_ones(house) and not house.status()["faults"], "all is well again")
        assert not house.status()["is_schedule_old"]
        again = house.fate(house.play("script:study/short"))
        assert (again.fate, [word for word in ("输出", "功放") if word in again.reason.zh]) == (Fate.AIRED, [])
        person.ask("/today")
        assert "现在没有声音" not in person.page
