"""Several outputs of one machine, each with its own deck: in step, apart from one another's troubles."""

import os
import socket
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from broadcaster.model.outputs import Channel, Codec, OutputKind, OutputSettings
from broadcaster.playout.cue import Finished, Lost, Ready, Trouble, Unsent
from tests import pulse
from tests.playout.links import RealDeck, clip_of, cue_of
from tests.pulse import RATE_HZ, PulseServer, first_sound, loudness_of, tone
from tests.servers import Heard, Mute, free_port, wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timed]
TOGETHER_S = 0.05
"""Generous, for a machine that is busy with other tests; ``tests.measure.outputs`` measures how close they are."""
AUDIBLE = 0.003
NOT_A_WORD_S = 0.1
"""The server tells us as it moves the stream; what leaves until we have ended it is a tick (measured: 0 to 2 ms)."""


@pytest.fixture
def cards():
    server = PulseServer("east", "west")
    yield server
    server.close()


@pytest.fixture
def deck(tmp_path, cards):
    decks = []

    def start(name, **more):
        settings = OutputSettings(name=name, **more)
        decks.append(RealDeck(settings, tmp_path / "var", cards.env))
        return decks[-1]

    yield start
    for one in decks:
        one.close()


@pytest.fixture
def records(cards):
    recordings = [cards.record("east"), cards.record("west")]
    yield recordings
    for recording in recordings:
        recording.close()


def onset(recording):
    return recording.instant(recording.wait_for(first_sound))


@pulse.needed
def test_the_same_airing_starts_on_two_cards_at_the_same_instant(deck, records, tmp_path):
    east, west = deck("east", device="pulse:east").ready(), deck("west", device="pulse:west").ready()
    cue, instant = cue_of(clip_of(tmp_path, 0.5 * np.ones(RATE_HZ)), in_s=2.0)

    east.arm(cue)
    west.arm(cue)
    first, second = onset(records[0]), onset(records[1])

    assert abs(first - second) <= TOGETHER_S
    assert abs(first - instant) <= 0.5


@pytest.fixture
def stereo(cards):
    """A card with two wires, and what goes down both: left, right, left, right."""
    subprocess.run(
        ["pactl", "load-module", "module-null-sink", "sink_name=both", f"rate={RATE_HZ}", "channels=2", "format=s16le"],
        env=cards.env,
        check=True,
        capture_output=True,
    )
    line = ["parec", "-d", "both.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=2", "--raw"]
    process = subprocess.Popen([*line, "--latency-msec=10"], env=cards.env, stdout=subprocess.PIPE, bufsize=0)
    heard = Heard(process.stdout)
    yield heard
    process.terminate()
    process.wait()
    heard.close()


def loudest(samples, hz):
    """The greatest amplitude of a pitch in a tenth of a second."""
    window = RATE_HZ // 10
    return max((loudness_of(samples[i : i + window], hz) for i in range(0, len(samples) - window, window)), default=0.0)


@pulse.needed
def test_left_and_right_of_one_card_are_two_outputs(deck, stereo, tmp_path):
    east = deck("east", device="pulse:both", channel=Channel.LEFT).ready()
    west = deck("west", device="pulse:both", channel=Channel.RIGHT).ready()
    high, _ = cue_of(clip_of(tmp_path, tone(900, 1.0), "high"), airing="high", in_s=1.0)
    low, _ = cue_of(clip_of(tmp_path, tone(500, 1.0), "low"), airing="low", in_s=1.0)

    east.arm(high)
    west.arm(low)
    east.fate("high")
    west.fate("low")

    def both_are_heard():
        left, right = stereo.samples()[::2], stereo.samples()[1::2]
        return loudest(left, 900) > 0.45 and loudest(right, 500) > 0.45

    wait_for(both_are_heard, "both wires sound")
    left, right = stereo.samples()[::2], stereo.samples()[1::2]
    assert loudest(left, 500) < 0.01
    assert loudest(right, 900) < 0.01


@pulse.needed
def test_a_level_holds_for_what_is_planned_and_an_emergency_has_its_own(deck, records, tmp_path):
    quiet = deck("east", device="pulse:east", level_db=-20.0, emergency_level_db=-6.02).ready()
    planned, _ = cue_of(clip_of(tmp_path, tone(500, 1.0), "planned"), airing="planned", in_s=0.5)
    quiet.arm(planned)
    quiet.fate("planned")
    assert records[0].wait_for(lambda samples: loudest(samples, 500) > 0.04)
    assert loudest(records[0].samples(), 500) == pytest.approx(0.05, rel=0.05)

    flood, _ = cue_of(clip_of(tmp_path, tone(900, 1.0), "flood"), airing="flood", in_s=0.0, is_emergency=True)
    quiet.arm(flood)
    quiet.fate("flood")
    assert records[0].wait_for(lambda samples: loudest(samples, 900) > 0.2)
    assert loudest(records[0].samples(), 900) == pytest.approx(0.25, rel=0.05)


@pulse.needed
def test_a_muted_output_is_silent_until_an_emergency(deck, records, tmp_path):
    muted = deck("east", device="pulse:east", is_muted=True).ready()
    planned, _ = cue_of(clip_of(tmp_path, tone(500, 0.5), "planned"), airing="planned", in_s=0.2)
    muted.arm(planned)
    assert muted.fate("planned").is_whole
    assert np.max(np.abs(records[0].samples())) < 0.001

    flood, _ = cue_of(clip_of(tmp_path, tone(900, 1.0), "flood"), airing="flood", in_s=0.0, is_emergency=True)
    muted.arm(flood)
    records[0].wait_for(first_sound)


def stream(port):
    return {"kind": OutputKind.STREAM, "address": f"icecast://127.0.0.1:{port}/village"}


@pulse.needed
def test_a_server_that_never_reads_leaves_the_card_alone_and_the_report_says_what_was_not_sent(deck, records, tmp_path):
    server = Mute()
    card = deck("east", device="pulse:east").ready()
    phones = deck("phones", **stream(server.port)).ready()
    phones.wait_for(Trouble)
    cue, _ = cue_of(clip_of(tmp_path, tone(500, 2.0)), in_s=1.0)

    for one in (card, phones):
        one.arm(cue)

    assert card.fate("airing").is_whole
    records[0].wait_for(first_sound)
    assert phones.fate("airing").is_whole
    unsent = phones.wait_for(Unsent)
    assert unsent.is_all
    assert unsent.seconds == pytest.approx(2.0, abs=0.1)
    reports = [type(one) for one in phones.reports if isinstance(one, Unsent | Finished)]
    assert reports == [Unsent, Finished]
    assert phones.link.pid is not None
    server.close()


@pulse.needed
def test_a_card_that_is_pulled_out_in_mid_word_leaves_the_others_alone(deck, cards, tmp_path):
    tape = deck("copy", kind=OutputKind.TAPE, device="").ready()
    card = deck("east", device="pulse:east").ready()
    cue, _ = cue_of(clip_of(tmp_path, tone(500, 3.0)), in_s=1.0)
    for one in (tape, card):
        one.arm(cue)
    card.started("airing")

    cards.kill()

    assert tape.fate("airing").is_whole
    wait_for(lambda: card.of(Lost), "the loss is told")
    cards.start()
    wait_for(lambda: len(card.of(Ready)) > 1, "the card is back")


@pulse.needed
def test_what_was_for_a_card_that_is_pulled_out_is_not_heard_from_another(deck, cards, records, tmp_path):
    """The server moved the stream to the card that was left: the east heard what was for the west for 3 s."""
    east, west = records
    card = deck("west", device="pulse:west").ready()
    cue, _ = cue_of(clip_of(tmp_path, tone(500, 10.0)), in_s=0.5)
    card.arm(cue)
    west.wait_for(first_sound)

    cards.unload("west")

    wait_for(lambda: card.of(Lost), "the loss is told")
    cards.load("west")
    wait_for(lambda: len(card.of(Ready)) > 1, "the card is back")
    assert np.count_nonzero(np.abs(east.samples()) > AUDIBLE) < NOT_A_WORD_S * RATE_HZ


@pytest.fixture
def stuck():
    """Another sound server, which a test may let hang."""
    server = PulseServer("stuck")
    yield server
    server.go_on()
    server.close()


@pulse.needed
def test_a_card_that_takes_no_sound_any_more_leaves_the_others_alone(deck, stuck, records, tmp_path):
    east = deck("east", device="pulse:east").ready()
    hung = RealDeck(OutputSettings(name="stuck", device="pulse:stuck"), tmp_path / "var", stuck.env).ready()
    with closing(hung), closing(stuck.record()) as ears:
        cue, _ = cue_of(clip_of(tmp_path, tone(500, 4.0)), in_s=0.5)
        for one in (east, hung):
            one.arm(cue)
        ears.wait_for(first_sound)

        stuck.hang()
        wait_for(lambda: hung.of(Lost), "the loss is told")
        assert east.fate("airing").is_whole
        stuck.go_on()

        wait_for(lambda: len(hung.of(Ready)) > 1, "the card is back")
        again, _ = cue_of(clip_of(tmp_path, tone(900, 1.0), "again"), airing="again", in_s=0.5)
        hung.arm(again)
        assert hung.fate("again").is_whole
        ears.wait_for(lambda samples: loudest(samples, 900) > 0.4)


def test_an_encoder_does_not_go_before_the_cards_of_the_machine(deck, tmp_path):
    """ffmpeg inherited the precedence of its deck: what it computed kept the sound of others waiting."""
    address = f"rtp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
    horns = deck("horns", kind=OutputKind.STREAM, device="", address=address, codec=Codec.PCMU).ready()

    (encoder,) = wait_for(lambda: processes_with("ffmpeg", str(tmp_path)), "it encodes")

    wait_for(lambda: os.sched_getscheduler(encoder) == os.SCHED_OTHER, "it is a process like others")
    assert horns.link.pid != encoder


def processes_with(*words):
    """The processes whose command line holds all of *words*."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if all(word.encode() in line.read_bytes() for word in words):
                found.append(int(line.parent.name))
    return found
