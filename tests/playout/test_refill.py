"""What was sent ahead and is not heard yet is taken back where an emergency, or a stop, must be heard at once."""

from datetime import timedelta

import numpy as np
import pytest

from broadcaster.model.words import IfInterrupted, Priority
from broadcaster.playout.cue import Interrupted, Started
from broadcaster.playout.layer import FADE
from tests.playout.air import NIGHT, NOON, Air, cue, samples, sine, stored
from tests.pulse import RATE_HZ, loudness_of

AHEAD = samples(0.12)
FLOOD = {"priority": Priority.EMERGENCY}


def air_that_is_ahead(**more):
    return Air(wall=NOON, ahead=AHEAD, **more)


def playing(seconds=1.0, **more):
    """An air on which ``a`` sounds, half a second of it filled, the last 120 ms of that not heard yet."""
    air = air_that_is_ahead()
    air.arm(cue("a", sentence_starts=(0, samples(0.2), samples(0.45)), **more), sine(seconds, 500))
    air.play(0.5)
    return air


def test_an_emergency_is_heard_before_all_that_nobody_has_heard_yet():
    air = playing()

    air.arm(cue("flood", **FLOOD), sine(1.0, 1500))

    cut = samples(0.5) - AHEAD
    heard = air.output.heard()
    assert loudness_of(heard[cut + FADE :], 1500) == pytest.approx(0.5, abs=0.01)
    assert loudness_of(heard[cut + FADE :], 500) < 0.01
    assert loudness_of(heard[:cut], 500) == pytest.approx(0.5, abs=0.01)
    assert air.began("flood")[0].at == NOON + timedelta(seconds=0.38)


def test_it_is_heard_whole_and_goes_on_without_a_seam():
    air, flood = playing(), sine(0.5, 1500)
    air.arm(cue("flood", **FLOOD), flood)

    air.play(1)

    cut = samples(0.5) - AHEAD
    heard = air.output.heard()[cut + FADE : cut + len(flood)]
    assert np.allclose(heard, flood[FADE:] / np.float32(32768), atol=1e-6)


def test_nothing_clicks_where_the_one_gives_way_to_the_other():
    air = playing()
    air.arm(cue("flood", **FLOOD), sine(1.0, 300))
    air.play(0.3)
    air.stop("flood")
    air.play(0.3)

    both = 2 * np.pi * (500 + 300) / RATE_HZ * 0.5
    assert np.max(np.abs(np.diff(air.output.heard()))) < both + 0.5 / FADE


def test_what_was_cut_was_heard_as_far_as_the_cut_and_goes_on_from_there():
    air = playing()
    air.arm(cue("flood", **FLOOD), sine(0.2, 1500))
    air.play(1.5)

    [cut] = [report for report in air.reports if isinstance(report, Interrupted)]
    assert (cut.position, cut.at) == (samples(0.38), NOON + timedelta(seconds=0.38))
    assert [one.offset for one in air.began("a")] == [0, samples(0.2)]  # the third sentence was filled, not heard
    assert air.fate("a").is_whole


def test_what_was_filled_and_never_heard_begins_anew():
    air = air_that_is_ahead()
    air.play(0.5)
    air.arm(cue("a", at=air.now, if_interrupted=IfInterrupted.RESUME), sine(1.0, 500))
    air.play(0.05)
    air.arm(cue("flood", **FLOOD), sine(0.2, 1500))
    air.play(2)

    [cut] = [report for report in air.reports if isinstance(report, Interrupted)]
    began = air.began("a")
    assert cut.at >= began[0].at
    assert [one.offset for one in began] == [0, 0]
    assert loudness_of(air.output.heard()[: samples(0.43)], 500) < 0.01


def test_a_stop_is_heard_at_once():
    air = playing()

    air.stop("a")
    air.play(0.2)

    silent = samples(0.5) - AHEAD + FADE
    assert not air.output.heard()[silent:].any()
    assert (air.fate("a").position, air.fate("a").at) == (samples(0.38), NOON + timedelta(seconds=0.38))


def test_an_emergency_that_is_stopped_at_night_fades_out_too():
    air = air_that_is_ahead(rules=NIGHT)
    air.set_clock(NOON.replace(hour=23))
    air.arm(cue("flood", at=NOON.replace(hour=23), **FLOOD), sine(5.0, 500))
    air.play(0.5)
    air.stop()
    air.play(0.1)

    assert np.max(np.abs(np.diff(air.output.heard()))) < 2 * np.pi * 500 / RATE_HZ * 0.5 + 0.5 / FADE


def test_a_background_goes_on_as_if_nothing_had_been_taken_back():
    air = air_that_is_ahead()
    air.arm(cue("music", priority=Priority.BACKGROUND), stored(np.full(samples(3), 0.4)))
    air.play(0.5)
    air.arm(cue("flood", **FLOOD), stored(np.zeros(samples(0.5))))
    air.play(1.0)

    heard = air.output.heard()
    assert heard.min() > 0.09  # ducked, never away
    assert np.max(np.abs(np.diff(heard))) < 0.4 / FADE * 2
    assert air.fates("music") == []


@pytest.mark.parametrize(
    "more",
    [
        {"priority": Priority.URGENT},
        {"priority": Priority.EMERGENCY, "permit": None},
        {"priority": Priority.EMERGENCY, "at": NOON + timedelta(seconds=30)},
        {"priority": Priority.EMERGENCY, "follows": "a"},
    ],
    ids=["urgent", "unsigned", "not yet due", "follows"],
)
def test_what_need_not_be_heard_at_once_leaves_what_lies_there_alone(more):
    air = playing()
    before = air.output.heard()

    air.arm(cue("b", **more), sine(0.5, 1500))

    assert np.array_equal(air.output.heard(), before)
    assert not [report for report in air.reports if not isinstance(report, Started)]


def test_three_in_one_another_have_one_fate_each():
    air = playing(if_interrupted=IfInterrupted.DROP)
    air.arm(cue("flood", **FLOOD), sine(0.2, 1500))
    air.arm(cue("dam", **FLOOD), sine(0.2, 900))
    air.play(1)

    assert len(air.fates("a")) == len(air.fates("flood")) == len(air.fates("dam")) == 1


def test_it_keeps_the_levels_of_both():
    air = air_that_is_ahead(levels=(0.0, 1.0))  # muted
    air.arm(cue("a"), sine(1.0, 500))
    air.play(0.5)
    air.arm(cue("flood", **FLOOD), sine(0.5, 1500))
    air.play(1)

    heard = air.output.heard()
    cut = samples(0.5) - AHEAD
    assert not heard[:cut].any()
    assert loudness_of(heard[cut : cut + samples(0.5)], 500) < 0.01
    assert loudness_of(heard[cut : cut + samples(0.5)], 1500) == pytest.approx(0.5, abs=0.01)
