"""Live sound that comes unevenly is heard evenly, at the instant it should be, and never with a click."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.playout.jitter import FADE, LEAST, MOST, JitterBuffer
from tests.pulse import RATE_HZ

DELAY = RATE_HZ // 10
BLOCK = 960
PULLED = 480
START = 1_000_000
BROKE = Sentence("断了", "it broke")
CLICK = 2e-2
"""From one sample to the next: a 100 Hz tone at 0.5 moves by 0.0066, a fade of 5 ms by 0.0021 more."""


def spoken(since, count):
    """What a source says at these ticks: a tone that goes on without a break."""
    return np.round(16384 * np.sin(2 * np.pi * 100 * np.arange(since, since + count) / RATE_HZ)).astype("<i2")


def heard_as(since, count):
    return spoken(since, count).astype(np.float32) / 32768


def in_order(held_up):
    """When each block comes, and its tick: on a line nothing overtakes what was held up."""
    ticks = [START + number * BLOCK for number in range(len(held_up))]
    comes = np.maximum.accumulate(np.array(ticks) + np.array(held_up))
    return list(zip(comes.tolist(), ticks, strict=True))


class Line:
    """A buffer, its source, and the time that passes between them."""

    def __init__(self, **more):
        self.buffer = JitterBuffer(delay=DELAY, patience=more.pop("patience", 5 * RATE_HZ))
        self.now = START
        self.parts = []

    def say(self, tick, count=BLOCK):
        self.buffer.push(tick, spoken(tick, count))

    def pull(self, frames=PULLED):
        self.parts.append(self.buffer.take(frames, self.now))
        assert len(self.parts[-1]) == frames
        self.now += frames

    def run(self, seconds, arrives=lambda number: 0):
        """Let time pass while a block is said every 20 ms; *arrives*: samples that block *number* is held up."""
        count = round(seconds * RATE_HZ) // BLOCK
        waiting = in_order([arrives(number) for number in range(count)])
        end = self.now + round(seconds * RATE_HZ) + 2 * DELAY
        while self.now < end:
            while waiting and waiting[0][0] <= self.now:
                self.say(waiting.pop(0)[1])
            self.pull()

    @property
    def heard(self):
        return np.concatenate(self.parts)


def largest_step(samples):
    return float(np.max(np.abs(np.diff(samples)), initial=0.0))


def test_a_source_is_heard_whole_and_exactly_so_much_later():
    line = Line()

    line.run(1.0)

    whole = line.heard[DELAY + FADE : DELAY + RATE_HZ - FADE]
    assert np.array_equal(whole, heard_as(START + FADE, RATE_HZ - 2 * FADE))
    assert not line.heard[:DELAY].any()
    assert (line.buffer.silent, line.buffer.dropped) == (DELAY, 0)


def test_begin_and_end_fade():
    line = Line()

    line.run(0.5)

    assert largest_step(line.heard) < CLICK


def test_blocks_that_are_held_up_less_than_the_delay_change_nothing():
    even, uneven = Line(), Line()

    even.run(2.0)
    uneven.run(2.0, lambda number: number * 1777 % (DELAY - 2 * FADE - PULLED))

    assert np.array_equal(even.heard, uneven.heard)
    assert uneven.buffer.holes == 1, "the end of the source, which nobody had announced"


def test_a_block_that_is_too_late_is_a_short_silence_without_a_click():
    line = Line()

    line.run(1.0, lambda number: DELAY + 4 * BLOCK if number == 20 else 0)

    gone = line.heard[DELAY + 20 * BLOCK : DELAY + 24 * BLOCK]
    assert not gone.any()
    assert largest_step(line.heard) < CLICK
    assert line.buffer.holes == 2, "this one, and the end of the source, which nobody had announced"
    assert 4 * BLOCK <= line.buffer.dropped <= 5 * BLOCK
    assert np.array_equal(line.heard[DELAY + 26 * BLOCK : DELAY + 40 * BLOCK], heard_as(START + 26 * BLOCK, 14 * BLOCK))


def test_after_a_stall_the_delay_is_what_it_was():
    """A line that stood still gives all at once: what is too late is left out, nothing is heard later from then on."""
    line = Line()

    line.run(2.0, lambda number: max(0, 50 * BLOCK - number * BLOCK) if 30 <= number < 50 else 0)

    late = line.heard[DELAY + 60 * BLOCK : DELAY + 90 * BLOCK]
    assert np.array_equal(late, heard_as(START + 60 * BLOCK, 30 * BLOCK))
    assert largest_step(line.heard) < CLICK


def test_what_comes_twice_is_heard_once_and_joined_without_a_click():
    line = Line()
    for number in range(20):
        line.say(START + number * BLOCK)
    line.buffer.push(START + 19 * BLOCK, spoken(START + 19 * BLOCK + 333, 3 * BLOCK))  # its clock was set back
    for _ in range(60):
        line.pull()

    assert line.buffer.dropped == BLOCK
    assert largest_step(line.heard) < 0.2, "two tones that do not fit are crossed over, not cut"


def test_more_than_two_seconds_are_never_kept_ahead():
    line = Line()

    for number in range(400):
        line.say(START + number * BLOCK)

    assert line.buffer.dropped >= 400 * BLOCK - MOST - 2 * BLOCK


def test_a_source_that_says_it_is_over_ends_once_all_was_heard():
    line = Line()
    for number in range(10):
        line.say(START + number * BLOCK)
    line.buffer.end(START + 10 * BLOCK, NOTHING_TO_SAY)

    while not line.buffer.has_ended:
        line.pull()

    assert line.now - START == pytest.approx(DELAY + 10 * BLOCK, abs=PULLED)
    assert (line.buffer.holes, line.buffer.why_ended) == (0, NOTHING_TO_SAY)


def test_a_line_that_broke_ends_with_its_reason():
    line = Line()
    line.buffer.end(START, BROKE)

    for _ in range(1 + DELAY // PULLED):
        line.pull()

    assert line.buffer.has_ended
    assert line.buffer.why_ended == BROKE


def test_a_source_without_a_sample_for_so_long_is_hung():
    line = Line(patience=RATE_HZ)

    line.run(0.5)
    assert not line.buffer.is_hung
    while not line.buffer.is_hung:
        line.pull()

    assert line.now - START == pytest.approx(DELAY + RATE_HZ // 2 + RATE_HZ, abs=2 * PULLED)


def test_a_card_whose_clock_runs_fast_is_brought_back_without_a_click():
    """The card plays 500 samples more in ten seconds than the clock says."""
    line = Line()
    for number in range(800):
        if number % 2 == 0:
            line.say(START + number // 2 * BLOCK)
        line.parts.append(line.buffer.take(PULLED, round(START + number * PULLED * (1 - 2e-3))))

    assert line.buffer.holes == 0
    assert largest_step(line.heard) < 0.05


@given(
    frames=st.sampled_from([1, 7, 64, 480, 960, 5000]),
    delays=st.lists(st.integers(0, 3 * DELAY), min_size=20, max_size=60),
)
@settings(max_examples=25, deadline=None)
def test_however_unevenly_it_comes_nothing_clicks_and_nothing_is_heard_at_another_time(frames, delays):
    line = Line()
    waiting = in_order(delays)
    while line.now < START + len(delays) * BLOCK + 4 * DELAY:
        while waiting and waiting[0][0] <= line.now:
            line.say(waiting.pop(0)[1])
        line.pull(frames)

    heard = line.heard
    said = np.concatenate([np.zeros(DELAY, dtype=np.float32), heard_as(START, len(heard))])[: len(heard)]
    assert np.all(np.abs(heard) <= np.abs(said) + 1e-6), "a fade at most, never another moment of the source"
    assert largest_step(heard) < CLICK


def test_too_little_to_begin_with_is_not_begun():
    line = Line()
    line.say(START, LEAST - 1)

    for _ in range(2 * DELAY // PULLED):
        line.pull()

    assert not line.heard.any()
