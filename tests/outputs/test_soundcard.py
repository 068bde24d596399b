"""The sound card: found by its name, heard at the instant it promised."""

import os
import threading
from itertools import pairwise

import numpy as np
import pytest

from broadcaster.errors import OutputLost
from broadcaster.outputs.soundcard import SoundCardOutput, find_device, waited_s
from tests import pulse
from tests.outputs.contract import OutputContract, Programme
from tests.pulse import RATE_HZ, PulseServer, first_sound, tone

CARDS = [
    (0, "HDA Intel PCH: ALC (hw:0,0)"),
    (3, "USB Audio: - (hw:1,0)"),
    (5, "USB Audio Two: - (hw:2,0)"),
    (7, "pulse"),
]
STARTS_WITHIN_S = 0.005


# --- by name --------------------------------------------------------------------------------------------------------


def test_a_card_is_found_by_its_whole_name():
    assert find_device("pulse", CARDS) == 7


def test_a_card_is_found_by_a_part_that_only_it_has():
    assert find_device("intel", CARDS) == 0
    assert find_device("Audio Two", CARDS) == 5


@pytest.mark.parametrize("name", ["", "default"])
def test_the_default_card_is_left_to_the_system(name):
    assert find_device(name, CARDS) is None


def test_a_card_called_default_is_taken_by_name():
    assert find_device("default", [*CARDS, (9, "default")]) == 9


LISTED = "HDA Intel PCH: ALC (hw:0,0)、USB Audio: - (hw:1,0)、USB Audio Two: - (hw:2,0)、pulse"


@pytest.mark.parametrize(
    ("name", "cards", "zh", "en"),
    [
        ("x", [], "这台电脑没有声卡。", "this machine has no sound card."),
        (
            "horn",
            CARDS,
            f"没有叫“horn”的声卡。现在有：{LISTED}。",
            f"there is no sound card called 'horn'. Known: {LISTED}.",
        ),
        (
            "usb",
            CARDS,
            f"不止一个叫“usb”的声卡。现在有：{LISTED}。",
            f"there is more than one sound card called 'usb'. Known: {LISTED}.",
        ),
    ],
)
def test_a_card_that_is_not_there_or_not_the_only_one_is_said_in_words(name, cards, zh, en):
    with pytest.raises(OutputLost) as lost:
        find_device(name, cards)

    assert (lost.value.sentence.zh, lost.value.sentence.en) == (zh, en)


@pytest.mark.parametrize(
    ("looked_at", "waited"),
    [(1_795_000_000.0, 0.0625), (41.9375, 0.0625), (1_795_000_001.0, 0.0), (1_794_999_000.0, 0.0)],
    ids=["by the wall clock", "by the monotonic clock", "set back meanwhile", "set ahead meanwhile"],
)
def test_what_the_interpreter_kept_us_waiting_is_known(looked_at, waited):
    """On a busy machine a card began up to ten milliseconds before another: by so much its block was dated late."""
    assert waited_s(looked_at, 1_795_000_000.0625, 42.0) == waited


# --- the real part --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    server = PulseServer()
    before = {name: os.environ.get(name) for name in ("PULSE_SERVER", "PULSE_SINK")}
    os.environ["PULSE_SERVER"] = server.env["PULSE_SERVER"]  # PortAudio reads it in this very process
    os.environ["PULSE_SINK"] = server.env["PULSE_SINK"]
    yield server
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    server.close()


@pytest.fixture(scope="module")
def tape(server):
    recording = server.record()
    yield recording
    recording.close()


@pulse.needed
@pytest.mark.real
@pytest.mark.timed
@pytest.mark.slow
class TestSoundCardOutput(OutputContract):
    @pytest.fixture
    def since(self, tape):
        return len(tape.samples())

    @pytest.fixture
    def output(self, since):
        card = SoundCardOutput("pulse")
        yield card
        card.close()

    @pytest.fixture
    def heard(self, tape, since):
        def heard():
            played_out = len(tape.samples()) + RATE_HZ // 10
            tape.wait_for(lambda samples: len(samples) > played_out)
            return tape.samples(since)

        return heard

    def test_a_block_is_heard_at_the_instant_it_was_promised_for(self, output, tape, since):
        quiet = np.zeros(round(0.8 * RATE_HZ), dtype=np.float32)  # a device that just woke up guesses
        programme = Programme(np.concatenate([quiet, tone(1000, 0.5)]))
        output.start(programme)
        at = since + tape.wait_for(first_sound, since=since)

        before = 0
        for frames, heard_at in programme.blocks:
            if before + frames > len(quiet):
                promised = heard_at + (len(quiet) - before) / RATE_HZ
                break
            before += frames
        assert abs(tape.instant(at) - promised) < STARTS_WITHIN_S


@pulse.needed
@pytest.mark.real
@pytest.mark.timed
@pytest.mark.slow
def test_a_card_that_disappears_is_noticed(server):
    card, programme = SoundCardOutput("pulse"), Programme(tone(440, 30))
    card.start(programme)
    programme.wait(0.1)
    server.kill()
    try:
        assert card.ended.wait(2)
        assert not card.is_alive()
        card.close()
    finally:
        server.start()


@pulse.needed
@pytest.mark.real
@pytest.mark.timed
@pytest.mark.slow
def test_a_server_that_nobody_records_asks_for_block_after_block(server):
    """After one late block the server played two seconds of silence, and the deck took the card for lost."""
    never = threading.Event()

    class LateOnce(Programme):
        def __call__(self, frames, heard_at):
            if len(self.blocks) == 50:
                never.wait(0.2)
            return super().__call__(frames, heard_at)

    card, programme = SoundCardOutput("pulse"), LateOnce(tone(440, 30))
    card.start(programme)
    programme.wait(2.5)
    card.close()

    gaps = [after - before for (_, before), (_, after) in pairwise(programme.blocks[40:])]
    assert max(gaps) < 1.0
