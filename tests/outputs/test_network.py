"""An output on the network whatever its lines do: each block is sent once, in order, or counted as not sent."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import OutputLost
from broadcaster.model.words import Sentence
from broadcaster.outputs import network as network_module
from broadcaster.outputs.network import BLOCK, NOT_YET, OVERDUE_BLOCKS, NetworkOutput
from tests.outputs.contract import OutputContract
from tests.servers import wait_for

GONE = OutputLost(Sentence("没了", "gone"))
BRIEF_S = 0.001
"""Blocks follow one another as quickly as a test likes."""


class Other:
    """The other end: what arrived there, by whichever line."""

    def __init__(self, plan=()):
        self.blocks = []
        self.plan = list(plan)
        """How many blocks each line takes; None for a call that nobody answers. Behind the last all is well."""
        self.is_taking = True

    def open_line(self):
        takes = self.plan.pop(0) if self.plan else float("inf")
        if takes is None:
            raise GONE
        return PlannedLine(self, takes)

    def numbers(self):
        return [int(np.frombuffer(block, dtype="<i2")[0]) for block in self.blocks]


class PlannedLine:
    def __init__(self, other, takes):
        self._other, self._left, self._kept = other, takes, []

    def send(self, pcm):
        if self._left <= 0:
            raise GONE
        self._left -= 1
        self._kept.append(pcm)
        if self._other.is_taking:
            self._other.blocks += self._kept
            self._kept = []

    @property
    def held_back(self):
        return len(self._kept)

    def close(self):
        pass


@pytest.mark.slow
class TestNetworkOutput(OutputContract):
    @pytest.fixture
    def other(self):
        return Other()

    @pytest.fixture
    def output(self, other):
        network = NetworkOutput(other.open_line, delay_s=0.25)
        yield network
        network.close()

    @pytest.fixture
    def heard(self, other):
        return lambda: np.frombuffer(b"".join(other.blocks), dtype="<i2") / 32768


class Numbered:
    """A fill whose blocks are numbered from 1."""

    def __init__(self):
        self.count = 0

    def __call__(self, frames, heard_at):
        self.count += 1
        return np.full(frames, (self.count + 0.5) / 32767, dtype=np.float32)


@pytest.fixture(scope="module", autouse=True)
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_module, "AGAIN_S", BRIEF_S)
        patch.setattr(network_module, "LONGEST_PAUSE_S", 4 * BRIEF_S)
        yield


@pytest.fixture(scope="module")
def hurried():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_module, "BLOCK_S", BRIEF_S)
        yield


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(plan=st.lists(st.none() | st.integers(0, 12), max_size=8))
def test_each_block_arrives_once_and_in_order_or_is_counted(hurried, plan):
    other, fill = Other(plan), Numbered()
    network = NetworkOutput(other.open_line, delay_s=0.0)
    network.start(fill)
    wait_for(lambda: not other.plan and len(other.blocks) > sum(filter(None, plan)), "the last line is good")
    network.close()

    numbers = other.numbers()
    assert numbers == sorted(set(numbers))
    assert len(numbers) + network.unsent_samples // BLOCK == fill.count


def running(other):
    network, fill = NetworkOutput(other.open_line, delay_s=0.0), Numbered()
    network.start(fill)
    wait_for(lambda: other.blocks, "the line is good")
    return network, fill


def test_what_a_line_still_had_when_it_broke_was_not_sent(hurried):
    """A server that took the call and never read: seconds of sound lay in buffers, and the log called them heard."""
    other = Other([200])
    network, fill = running(other)
    other.is_taking = False
    taken = len(other.blocks)
    wait_for(lambda: fill.count > 250, "the line is gone")
    wait_for(lambda: network.unsent_samples >= (200 - taken - 1) * BLOCK, "what was in it is counted")
    other.is_taking = True
    wait_for(lambda: len(other.blocks) > taken + 5, "the next line is good")
    network.close()

    assert len(other.blocks) + network.unsent_samples // BLOCK == fill.count


def test_what_is_held_back_for_long_counts_until_it_goes_on(hurried):
    other = Other()
    network, _ = running(other)
    other.is_taking = False
    wait_for(lambda: network.unsent_samples >= OVERDUE_BLOCKS * BLOCK, "it counts as not sent")

    other.is_taking = True

    wait_for(lambda: network.unsent_samples == 0, "it was late, but it went")
    network.close()


def test_a_line_that_only_takes_and_never_passes_on_is_no_good_line(hurried):
    other = Other()
    other.is_taking = False
    network = NetworkOutput(other.open_line, delay_s=0.0)
    network.start(Numbered())
    wait_for(lambda: network.unsent_samples >= 2 * OVERDUE_BLOCKS * BLOCK, "it holds back")

    assert network.trouble == NOT_YET
    other.is_taking = True
    wait_for(lambda: network.trouble is None, "the line is good")
    network.close()


def test_a_machine_that_slept_lost_no_sound(hurried, monkeypatch):
    """What was not asked for was counted as lost, and an airing that was heard whole had failed."""
    monkeypatch.setattr(network_module, "FELL_BEHIND_S", 0.05)
    other = Other()
    has_slept, wakes = threading.Event(), threading.Event()
    numbered = Numbered()

    def fill(frames, heard_at):
        if numbered.count == 20 and not has_slept.is_set():
            has_slept.set()
            wakes.wait(5)
        return numbered(frames, heard_at)

    network = NetworkOutput(other.open_line, delay_s=0.0)
    network.start(fill)
    assert has_slept.wait(5)
    threading.Timer(2 * network_module.FELL_BEHIND_S, wakes.set).start()
    wait_for(lambda: network.underruns, "it woke up")
    wait_for(lambda: len(other.blocks) > 30, "it goes on")
    network.close()

    assert len(other.blocks) + network.unsent_samples // BLOCK == numbered.count
