"""What every output promises, the real ones and the fake. A subclass supplies ``output`` and ``heard``."""

import threading
from itertools import pairwise

import numpy as np

from tests.pulse import RATE_HZ, loudness_of, tone

WAKING = np.zeros(RATE_HZ // 2, dtype=np.float32)
"""A device that just woke up may drop something of its first moments."""
LOW, HIGH = tone(440, 0.15), tone(1320, 0.15)
JITTER_S = 0.012
"""A device tells when it will play a block to about one block."""


class Programme:
    """Fills an output with what it was given, then with silence, and remembers what was asked."""

    def __init__(self, samples):
        self._samples = samples
        self._given = 0
        self._asked = threading.Condition()
        self.blocks = []
        """(frames, heard_at) of every block."""

    def __call__(self, frames, heard_at):
        block = np.zeros(frames, dtype=np.float32)
        part = self._samples[self._given : self._given + frames]
        block[: len(part)] = part
        with self._asked:
            self._given += frames
            self.blocks.append((frames, heard_at))
            self._asked.notify_all()
        return block

    @property
    def asked_for(self):
        return sum(frames for frames, _ in self.blocks)

    def wait(self, seconds):
        """Until that much was asked for."""
        with self._asked:
            assert self._asked.wait_for(lambda: self.asked_for >= seconds * RATE_HZ, 10), "no block is asked for"


class OutputContract:
    """``run(output, programme, seconds)`` lets time pass until that much was asked for."""

    def run(self, output, programme, seconds):
        programme.wait(seconds)

    def test_blocks_are_heard_whole_and_in_order(self, output, heard):
        programme = Programme(np.concatenate([WAKING, LOW, HIGH]))
        output.start(programme)
        self.run(output, programme, 1.0)
        output.close()

        sound = heard()
        begin = max(0, int(np.flatnonzero(np.abs(sound) > 0.01)[0]) - 1)
        low, high = sound[begin : begin + len(LOW)], sound[begin + len(LOW) : begin + len(LOW) + len(HIGH)]
        assert abs(loudness_of(low, 440) - 0.5) < 0.02
        assert abs(loudness_of(high, 1320) - 0.5) < 0.02
        assert np.max(np.abs(sound[begin + len(LOW) + len(HIGH) + 10 :]), initial=0) < 0.01

    def test_what_was_filled_before_the_end_plays_out(self, output, heard):
        programme = Programme(tone(440, 30))
        output.start(programme)
        self.run(output, programme, 0.5)
        output.close()

        sound = np.flatnonzero(np.abs(heard()) > 0.01)
        assert sound[-1] - sound[0] >= programme.asked_for - 0.02 * RATE_HZ

    def test_blocks_are_said_to_be_heard_one_after_the_other(self, output):
        programme = Programme(LOW)
        output.start(programme)
        self.run(output, programme, 0.6)
        output.close()

        blocks = programme.blocks[len(programme.blocks) // 2 :]  # a device that just woke up guesses
        for (frames, heard_at), (_, next_at) in pairwise(blocks):
            assert abs(next_at - heard_at - frames / RATE_HZ) < JITTER_S

    def test_it_lives_until_it_is_closed_and_may_be_closed_twice(self, output):
        assert not output.is_alive()
        programme = Programme(LOW)
        output.start(programme)
        self.run(output, programme, 0.1)
        assert output.is_alive()

        output.close()
        output.close()

        asked = programme.asked_for
        assert not output.is_alive()
        assert programme.asked_for == asked
        assert all(heard_at > 0 for _, heard_at in programme.blocks)
