"""The instruments: what a player wrote is timed by when it was due, not by when it happened to be read."""

import os
import select

import numpy as np
import pytest

from tests.measure.outputs import SETTLING, _beside
from tests.servers import wait_for
from tests.snapcast import Written, began

FIRST_WRITE = 4096
"""Bytes: what C's library hands on of 4,800 before the rest is flushed."""
IN_THE_REST = 2100


@pytest.fixture
def player():
    """Who listens to a pipe, the end that is read, and the end that is written."""
    reads, writes = os.pipe()
    heard = Written(os.fdopen(reads, "rb", buffering=0))
    yield heard, reads, writes
    os.close(writes)
    heard.close()


def test_a_sound_behind_the_first_of_two_writes_is_not_early(player):
    """Three of ninety airings were 43 ms apart on two players: one of them was read between its two writes."""
    heard, reads, writes = player
    sound = np.zeros(2400, dtype="<i2")
    sound[IN_THE_REST:] = 16_000

    os.write(writes, sound.tobytes()[:FIRST_WRITE])
    wait_for(lambda: not select.select([reads], [], [], 0)[0], "it is read")
    assert heard.pieces == 0
    os.write(writes, sound.tobytes()[FIRST_WRITE:])

    at = wait_for(heard.first_sound, "it is heard")
    assert at - heard.began(0) == pytest.approx(IN_THE_REST / 48_000)
    assert np.array_equal(heard.samples() * 32768, sound)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ((5.0, 5.05, 5.1), 5.0),
        ((5.03, 5.05, 5.1), 5.0),
        ((5.0, 5.09, 5.1), 5.0),
        ((5.04, 5.04, 5.101), 4.99),
        ((5.0,), 5.0),
    ],
    ids=["on time", "late", "the next is late", "two at once", "nothing else came yet"],
)
def test_a_piece_was_due_when_those_behind_it_say(came, due):
    assert began(came, 0.05) == pytest.approx(due)


def test_players_without_a_common_clock_are_compared_with_the_nearest_sound_of_the_other():
    settling = [1.0] * SETTLING
    apart = _beside([*settling, 10.0, 12.0, 14.0], [*settling, 10.001, 11.998])

    assert apart[:2] == pytest.approx([1.0, 2.0])
    assert np.isnan(apart[2])
