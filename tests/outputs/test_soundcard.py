"""The sound card itself: found by its name."""

import pytest

from broadcaster.errors import OutputLost
from broadcaster.outputs.soundcard import SoundCardOutput, find_device, is_there, waited_s
from tests import pulse
from tests.outputs.contract import OutputContract

CARDS = [
    (0, "HDA Intel PCH: ALC (hw:0,0)"),
    (3, "USB Audio: - (hw:1,0)"),
    (5, "USB Audio Two: - (hw:2,0)"),
    (7, "pulse"),
]


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


@pulse.needed
@pytest.mark.real
@pytest.mark.timed
@pytest.mark.slow
class TestSoundCardOutput(OutputContract):
    """The card that ALSA shows for the server: to PortAudio it is one like others."""

    @pytest.fixture
    def output(self, since):
        card = SoundCardOutput("pulse")
        yield card
        card.close()

    def test_it_is_there_by_its_name(self, server):
        assert is_there("pulse")
        assert not is_there("no such card")
