"""Silence where sound was planned is told, once, and pauses that belong there are not."""

from datetime import UTC, datetime

import numpy as np
import pytest

from broadcaster.model.words import NOTHING_TO_SAY
from broadcaster.playout.cue import DeadAir, Finished, Interrupted, Started
from broadcaster.playout.deadair import DeadAirWatch
from tests.pulse import RATE_HZ, tone

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LOUD = tone(500, 0.01, 0.3)
MUTED = LOUD * 0
AT_MINUS_65 = tone(500, 0.01, 10 ** (-65 / 20))


@pytest.fixture
def watch():
    return DeadAirWatch()


def play(watch, block, seconds, airing="a"):
    """All that is told meanwhile."""
    told = [watch.sent(airing, block) for _ in range(round(seconds * RATE_HZ / len(block)))]
    return [one for one in told if one is not None]


def start(watch, airing="a"):
    assert watch.before(Started(airing=airing, at=NOW)) is None


def finish(watch, airing="a", is_whole=True):
    return watch.before(Finished(airing=airing, at=NOW, is_whole=is_whole, reason=NOTHING_TO_SAY))


@pytest.mark.parametrize("block", [MUTED, AT_MINUS_65], ids=["muted", "too quiet"])
def test_silence_for_longer_than_any_pause_is_told_once(watch, block):
    start(watch)
    play(watch, LOUD, 2)

    assert play(watch, block, 60) == [DeadAir(airing="a", seconds=12.0)]


def test_the_longest_pause_that_may_be_set_is_no_dead_air(watch):
    start(watch)

    assert play(watch, LOUD, 2) + play(watch, MUTED, 11.5) + play(watch, LOUD, 2) == []
    assert finish(watch) is None


def test_a_short_airing_of_which_nothing_was_heard_is_told_before_it_has_finished(watch):
    start(watch)
    play(watch, MUTED, 5)

    assert finish(watch) == DeadAir(airing="a", seconds=5.0)


def test_what_was_stopped_in_its_lead_in_is_no_dead_air(watch):
    start(watch)
    play(watch, MUTED, 0.4)

    assert finish(watch, is_whole=False) is None


def test_it_is_over_when_sound_is_sent_again(watch):
    start(watch)
    play(watch, MUTED, 5)
    finish(watch)
    start(watch, "b")

    assert play(watch, LOUD, 1, "b") == [DeadAir(airing=None, seconds=0.0)]
    assert finish(watch, "b") is None


def test_the_silent_end_of_an_airing_that_was_cut_is_no_dead_air(watch):
    start(watch)
    play(watch, LOUD, 5)
    watch.before(Interrupted(airing="a", at=NOW, by="b", position=5 * RATE_HZ, will_resume=True))
    start(watch, "b")
    play(watch, LOUD, 5, "b")
    finish(watch, "b")
    start(watch)
    play(watch, MUTED, 0.5)

    assert finish(watch) is None


def test_silence_without_an_airing_is_what_belongs_there(watch):
    assert play(watch, np.zeros(480, dtype=np.float32), 60, airing=None) == []
