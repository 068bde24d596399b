"""A real microphone beside a real deck: the monitor of a null sink, with and without a yard between."""

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.outputs import OutputKind, OutputSettings
from broadcaster.model.words import NOTHING_TO_SAY, Heard
from broadcaster.playout.cue import DeadAir, Deaf, Finished, Listened, Ready, Started
from tests import pulse
from tests.playout.air import cue, stored
from tests.playout.deck_room import TAPE, DeckProcess, any_hour, write_clip
from tests.playout.test_listening import speech
from tests.pulse import PulseServer
from tests.servers import wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timed]
HORN = OutputSettings(name="main", kind=OutputKind.SOUNDCARD, device="pulse:horn", listen="pulse:yard.monitor")
AIR_MS = 400
"""From horn to yard."""
CLOCK_IS_SET = timedelta(seconds=0.5)
"""A time source may be moving the wall clock meanwhile; an ear that holds the deck up does so for seconds."""


@pytest.fixture
def server():
    server = PulseServer("horn", "yard")
    awake = server.record("yard")  # a sink that nobody uses takes two seconds to give its first sound
    yield server
    awake.close()
    server.close()


@pytest.fixture
def open_deck(tmp_path):
    decks = []

    def start(settings, env=None):
        deck = DeckProcess(tmp_path, any_hour(datetime.now(UTC)), settings, env)
        decks.append(deck)
        deck.reports.wait(Ready)
        return deck

    yield start
    for deck in decks:
        deck.close()


def air(deck, tmp_path, samples, name="a"):
    deck.arm(cue(name, at=datetime.now(UTC) + timedelta(seconds=3), **write_clip(tmp_path, name, stored(samples))))
    return deck.reports.wait(Finished, name)


def carry(server):
    """Sound needs AIR_MS to the yard, and arrives there at a tenth of its strength."""
    line = ["pactl", "load-module", "module-loopback", "source=horn.monitor", "sink=yard", f"latency_msec={AIR_MS}"]
    subprocess.run(line, env=server.env, check=True, capture_output=True)
    subprocess.run(["pactl", "set-sink-volume", "yard", "-20dB"], env=server.env, check=True)


@pulse.needed
def test_what_the_yard_heard_is_told_with_delay_and_level(server, open_deck, tmp_path):
    carry(server)
    deck = open_deck(HORN, server.env)

    assert air(deck, tmp_path, speech(7.0, seed=1)).is_whole

    told = deck.reports.wait(Listened, "a")
    assert told.heard is Heard.YES
    assert told.delay_ms == pytest.approx(AIR_MS, abs=150)  # the server's own buffers are part of the way
    assert told.level_db == pytest.approx(-20, abs=3)


@pulse.needed
def test_a_horn_that_nobody_hears_is_told(server, open_deck, tmp_path):
    deck = open_deck(HORN, server.env)

    air(deck, tmp_path, speech(4.0, seed=1))

    assert deck.reports.wait(Listened, "a") == Listened(airing="a", heard=Heard.NO, delay_ms=None, level_db=None)


@pulse.needed
def test_a_microphone_that_is_not_there_is_told_and_the_airing_is_whole(server, open_deck, tmp_path):
    deck = open_deck(replace(HORN, listen="USB Microphone of last year"), server.env)

    assert deck.reports.wait(Deaf).reason.en.startswith("there is no sound card called 'USB Microphone of last year'.")
    assert air(deck, tmp_path, speech(2.0, seed=1)).is_whole


@pulse.needed
def test_an_ear_that_hangs_holds_nothing_up(server, open_deck, tmp_path):
    """A sound driver stood still in the ear; the deck must play on as if it had none."""
    deck = open_deck(HORN, server.env)
    ear = wait_for(lambda: ear_of(deck.process.pid), "the ear")
    os.kill(ear, signal.SIGSTOP)
    try:
        finished = air(deck, tmp_path, speech(3.0, seed=1))
        started = deck.reports.wait(Started, "a")
    finally:
        with suppress(ProcessLookupError):  # given up and started anew by then
            os.kill(ear, signal.SIGKILL)

    assert finished.is_whole
    assert abs(finished.at - started.at - timedelta(seconds=3)) < CLOCK_IS_SET


@pulse.needed
def test_an_ear_that_dies_is_started_anew(server, open_deck):
    deck = open_deck(HORN, server.env)
    assert deck.reports.wait(Deaf).reason == NOTHING_TO_SAY  # a fault of the one before it is over
    os.kill(ear_of(deck.process.pid), signal.SIGKILL)

    assert deck.reports.wait(Deaf, count=2).reason.en == "the listening process is gone and is started anew"
    assert wait_for(lambda: ear_of(deck.process.pid), "another ear")
    assert deck.reports.wait(Deaf, count=3).reason == NOTHING_TO_SAY


def test_a_muted_output_sends_dead_air_and_says_so(open_deck, tmp_path):
    deck = open_deck(replace(TAPE, is_muted=True))

    assert air(deck, tmp_path, speech(1.0, seed=1)).is_whole

    of_it = [one for one in deck.reports.of(None) if isinstance(one, DeadAir | Finished)]
    assert [type(one) for one in of_it] == [DeadAir, Finished]
    assert of_it[0].airing == "a"


def test_a_clip_that_is_silent_is_dead_air(open_deck, tmp_path):
    deck = open_deck(TAPE)
    air(deck, tmp_path, np.zeros(48_000), "silent")
    air(deck, tmp_path, speech(1.0, seed=1), "loud")

    assert [one.airing for one in deck.reports.of(None) if isinstance(one, DeadAir)] == ["silent", None]
    assert NOTHING_TO_SAY not in [one.reason for one in deck.reports.of(None) if isinstance(one, Deaf)]


def ear_of(pid):
    """The child of *pid* that listens; None: not there."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                line = (folder / "cmdline").read_bytes()
            except (OSError, IndexError):
                continue
            if parent == pid and b"broadcaster.playout.ear" in line:
                return int(folder.name)
    return None
