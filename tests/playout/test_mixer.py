"""What is heard: starts to the sample, fades without clicks, cut-ins, gaps, ducking, limits."""

from datetime import timedelta

import numpy as np
import pytest

from broadcaster.model.words import Fate, IfInterrupted, Priority
from broadcaster.playout.cue import Finished, GateRules, Interrupted, NotAired, Started
from broadcaster.playout.layer import DUCKED, FADE
from broadcaster.playout.mixer import Intro
from tests.playout.air import NIGHT, NOON, Air, cue, samples, sine, stored
from tests.pulse import RATE_HZ, loudness_of

SECOND = timedelta(seconds=1)
FLOOD = {"priority": Priority.EMERGENCY}
NEAR = 1
"""Samples: an instant has microseconds, a sample has 20.8 of them."""


def first(heard, above=0.001):
    return int(np.flatnonzero(np.abs(heard) > above)[0])


def jump(air):
    """The largest step between two samples of all that was heard."""
    return float(np.max(np.abs(np.diff(air.output.heard()))))


def steepest(hz, peak=0.5):
    """The largest step that a sine makes by itself."""
    return 2 * np.pi * hz / RATE_HZ * peak


# --- starting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 7, 480, 960, 48_000])
@pytest.mark.parametrize("ahead_s", [0.01, 0.0123456])
def test_an_airing_starts_to_the_sample_whatever_the_block(block, ahead_s):
    air = Air(block)
    air.arm(cue("a", at=air.now + timedelta(seconds=ahead_s)), stored(np.full(480, 0.5)))

    heard = air.play(0.03)

    assert abs(first(heard) - ahead_s * RATE_HZ) <= NEAR
    assert np.count_nonzero(heard) == 480
    assert abs(air.began("a")[0].at - air.reports[0].at) == timedelta()


def test_it_is_played_whole_and_unchanged():
    air, clip = Air(), sine(0.5)
    air.arm(cue("a"), clip)

    heard = air.play(2)

    begin = samples(1)
    assert np.allclose(heard[begin : begin + len(clip)], clip / np.float32(32768), atol=1e-6)
    assert (air.fate("a").is_whole, air.fate("a").at) == (True, NOON + 0.5 * SECOND)


def test_what_is_armed_after_its_instant_starts_with_the_next_block():
    air = Air(wall=NOON)
    air.play(0.005)
    air.arm(cue("a"), stored(np.full(480, 0.5)))

    assert first(air.play(0.05)) == 0


def test_what_is_armed_past_its_grace_is_missed():
    air = Air(wall=NOON + 601 * SECOND)
    air.arm(cue("a"))

    assert not air.play(0.1).any()
    assert (air.fate("a").fate, air.fate("a").reason.zh) == ("missed", "错过了时限")


def test_two_that_are_due_at_once_are_heard_one_after_the_other():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(0.5, 500))
    air.arm(cue("b"), sine(0.5, 1500))

    heard = air.play(1.2)

    half = samples(0.5)
    assert loudness_of(heard[:half], 500) > 0.45
    assert loudness_of(heard[half : 2 * half], 1500) > 0.45
    assert [type(report).__name__ for report in air.reports] == ["Started", "Finished"] * 2


def test_arming_again_replaces_what_has_not_started():
    air = Air()
    air.arm(cue("a"), sine(1, 500))
    air.arm(cue("a", at=NOON + SECOND), sine(1, 1500))

    heard = air.play(3.5)

    assert first(heard) in (samples(2), samples(2) + 1)
    assert loudness_of(heard[samples(2) : samples(3)], 1500) > 0.45
    assert len(air.fates("a")) == 1


@pytest.mark.parametrize("after_s", [0.2, 1.5])
def test_arming_again_what_sounds_or_has_sounded_is_not_heard_twice(after_s):
    """A deck that had just been started got an emergency from the desk, and once more when it was said to be back."""
    air = Air(wall=NOON)
    air.arm(cue("flood", **FLOOD), sine(1))
    air.play(after_s)
    air.arm(cue("flood", **FLOOD), sine(1))

    air.play(3)

    assert np.flatnonzero(air.output.heard())[-1] < samples(1)
    assert len(air.began("flood")) == len(air.fates("flood")) == 1


# --- fades and cut-ins ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 480, 960])
def test_an_emergency_cuts_in_with_the_next_block_and_without_a_click(block):
    air = Air(block, wall=NOON)
    air.arm(cue("a"), sine(5, 500))
    air.play(0.1234 if block == 1 else 0.5)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(1, 1500))

    heard = air.play(0.2)

    assert loudness_of(heard[:FADE], 1500) > 0.4
    assert loudness_of(heard[FADE : FADE + 4800], 500) < 0.01
    assert jump(air) <= steepest(500) + steepest(1500) + 0.01
    assert [type(report) for report in air.reports] == [Started, Interrupted, Started]


def test_what_was_cut_goes_on_at_its_sentence_with_a_fade():
    air = Air(wall=NOON)
    clip = np.concatenate([sine(1, 500), sine(1, 900)])
    air.arm(cue("a", sentence_starts=(0, samples(1))), clip)
    air.play(1.7)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(0.5, 1500))

    heard = air.play(2)

    half = samples(0.5)
    again = heard[half : half + samples(1)]
    assert loudness_of(again, 900) > 0.45
    assert loudness_of(again, 500) < 0.02
    assert abs(again[0]) < 0.01
    cut, goes_on = air.reports[1], air.reports[4]
    assert (cut.position, cut.will_resume, goes_on.offset) == (samples(1.7), True, samples(1))
    assert air.fate("a").is_whole


@pytest.mark.parametrize(
    ("how", "offsets", "will_resume"),
    [(IfInterrupted.RESTART, [0, 0], True), (IfInterrupted.DROP, [0], False)],
)
def test_what_was_cut_begins_anew_or_is_dropped_as_its_slot_says(how, offsets, will_resume):
    air = Air(wall=NOON)
    air.arm(cue("a", if_interrupted=how, sentence_starts=(0, 100)), sine(1))
    air.play(0.5)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(0.5))
    air.play(2)

    assert [report.offset for report in air.began("a")] == offsets
    assert air.reports[1].will_resume == will_resume
    assert len(air.fates("a")) == 1


def test_what_was_cut_for_longer_than_its_grace_does_not_go_on():
    air = Air(wall=NOON)
    air.arm(cue("a", grace_s=1.0), sine(1))
    air.play(0.5)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(1))
    air.play(3)

    fate = air.fate("a")
    assert (fate.is_whole, fate.reason.zh) == (False, "被打断以后过了时限，没有接着播")


def test_the_newest_emergency_wins_and_the_older_goes_on_after_it():
    air = Air(wall=NOON)
    air.arm(cue("old", at=NOON, **FLOOD), sine(1, 500))
    air.play(0.3)
    air.arm(cue("new", at=NOON, **FLOOD), sine(0.5, 1500))

    heard = air.play(2)

    assert loudness_of(heard[: samples(0.5)], 1500) > 0.45
    assert loudness_of(heard[samples(0.5) : samples(1.5)], 500) > 0.45
    assert [air.fate(name).is_whole for name in ("old", "new")] == [True, True]


def test_several_that_cut_one_another_all_end_in_the_right_order():
    air = Air(wall=NOON)
    air.arm(cue("routine"), sine(1))
    air.play(0.1)
    air.arm(cue("urgent", priority=Priority.URGENT), sine(1))
    air.play(0.1)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(1))
    air.play(0.1)
    air.arm(cue("live", priority=Priority.LIVE), sine(1))
    air.play(5)

    ends = [report.airing for report in air.reports if isinstance(report, Finished)]
    assert ends == ["flood", "live", "urgent", "routine"]


def test_a_stop_fades_out_within_ten_milliseconds():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(5, 200))
    air.play(0.1013)
    air.stop("a")

    heard = air.play(0.1)

    assert jump(air) <= steepest(200) + 0.5 / FADE + 0.001
    assert not heard[FADE:].any()
    assert (air.fate("a").reason.zh, air.fate("a").position) == ("李 停止", samples(0.1013))


def test_a_cut_in_the_middle_of_a_fade_makes_no_click():
    air = Air(block=48, wall=NOON)
    air.arm(cue("a", offset=1234), sine(5, 200))
    air.play(0.005)
    air.stop("a")

    air.play(0.1)

    assert jump(air) <= steepest(200) + 1.0 / FADE


def test_stopping_everything_leaves_nothing_to_come():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(5))
    air.arm(cue("later", at=NOON + 2 * SECOND))
    air.play(0.1)
    air.stop()

    assert not air.play(5)[FADE:].any()
    assert isinstance(air.fate("a"), Finished)
    assert (air.fate("later").fate, air.fate("later").reason.en) == (Fate.SKIPPED.value, "stopped by 李")


def test_a_stop_of_an_emergency_gives_the_air_back():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(2, 500))
    air.play(0.5)
    air.arm(cue("flood", at=NOON, plays=0, **FLOOD), sine(1, 1500))
    air.play(3)
    air.stop("flood")
    air.play(3)

    assert air.fate("a").is_whole


# --- going on after a cut -------------------------------------------------------------------------------------------


def cut_by_a_flood(air, **more):
    """A programme at 500 Hz is cut in its second sentence; what is heard from the end of the flood on."""
    air.mixer.put(Intro(sine(0.4, 1500)))
    air.arm(cue("a", sentence_starts=(0, samples(0.3)), **more), sine(1))
    air.play(0.5)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(0.5, 3000))
    air.play(0.5)
    return air.play(2)


def test_a_programme_that_goes_on_is_introduced_once_and_then_goes_on_at_its_sentence():
    air = Air(wall=NOON)

    heard = cut_by_a_flood(air)

    assert loudness_of(heard[: samples(0.4)], 1500) > 0.45
    assert loudness_of(heard[samples(0.4) : samples(1.1)], 500) > 0.45
    assert not heard[samples(1.1) + 1 :].any()
    assert [report.offset for report in air.began("a")] == [0, samples(0.3)]
    assert air.fate("a").is_whole


def test_an_older_emergency_goes_on_without_an_introduction():
    air = Air(wall=NOON)

    heard = cut_by_a_flood(air, at=NOON, **FLOOD)

    assert loudness_of(heard[: samples(0.7)], 500) > 0.45


def test_a_programme_that_is_cut_in_its_introduction_is_introduced_again():
    air = Air(wall=NOON)
    air.mixer.put(Intro(sine(0.4, 1500)))
    air.arm(cue("a", sentence_starts=(0, samples(0.3))), sine(1))
    air.play(0.5)
    air.arm(cue("flood", at=NOON, **FLOOD), sine(0.5, 3000))
    air.play(0.7)
    air.arm(cue("fire", at=NOON, **FLOOD), sine(0.5, 3000))
    air.play(0.5)

    heard = air.play(2)

    assert loudness_of(heard[: samples(0.4)], 1500) > 0.45
    assert air.fate("a").is_whole


@pytest.mark.parametrize("block", [1, 480, 48_000])
def test_an_emergency_with_an_end_time_ends_by_itself_gaps_included(block):
    """The station may be gone by then: the deck alone has to end it."""
    air = Air(block, wall=NOON)
    air.arm(cue("flood", at=NOON, plays=0, gap_s=0.1, emergency_length_s=0.5, **FLOOD), sine(0.15))

    heard = air.play(1)

    assert heard[samples(0.3) : samples(0.39)].any()
    assert not heard[samples(0.5) :].any()
    assert (air.fate("flood").is_whole, air.fate("flood").reason.zh) == (False, "到了结束时间")


# --- plays, gaps, followers -----------------------------------------------------------------------------------------


def test_plays_are_separated_by_the_gap_to_the_sample():
    air = Air(wall=NOON)
    air.arm(cue("a", plays=3, gap_s=0.25), stored(np.full(samples(0.5), 0.5)))

    heard = air.play(3)

    edges = np.flatnonzero(np.diff((heard > 0.1).astype(int), prepend=0))
    assert [int(edge) for edge in edges] == [samples(t) for t in (0, 0.5, 0.75, 1.25, 1.5, 2.0)]
    assert air.fate("a").at == NOON + 2 * SECOND


def test_an_emergency_without_a_number_of_plays_goes_on_until_it_is_stopped():
    air = Air(block=4800, wall=NOON)
    air.arm(cue("flood", at=NOON, plays=0, gap_s=0.1, max_length_s=1.0, **FLOOD), sine(0.4))

    air.play(60)
    assert air.fates("flood") == []
    air.stop("flood")
    air.play(0.1)
    assert len(air.fates("flood")) == 1


def test_speech_takes_over_from_the_siren_at_the_end_of_its_play():
    air = Air(wall=NOON)
    air.arm(cue("x~siren", at=NOON, plays=0, gap_s=0.3, **FLOOD), sine(1, 700))
    air.play(0.5)
    air.arm(cue("x", at=NOON, follows="x~siren", **FLOOD), sine(1, 1500))

    heard = air.play(2)

    half = samples(0.5)
    assert loudness_of(heard[:half], 700) > 0.45
    assert loudness_of(heard[half : half + samples(1)], 1500) > 0.45
    assert air.fate("x~siren").is_whole


def test_speech_that_comes_in_the_gap_of_the_siren_does_not_wait_for_another_siren():
    air = Air(wall=NOON)
    air.arm(cue("x~siren", at=NOON, plays=0, gap_s=0.5, **FLOOD), sine(1, 700))
    air.play(1.2)
    air.arm(cue("x", at=NOON, follows="x~siren", **FLOOD), sine(1, 1500))

    assert first(air.play(1)) < samples(0.03)


def test_the_siren_goes_on_until_words_may_follow():
    """An amplifier that warms up for seconds hears the siren meanwhile, and the words whole."""
    air = Air(wall=NOON)
    air.arm(cue("x~siren", at=NOON, plays=0, gap_s=0.3, **FLOOD), sine(1, 700))
    air.arm(cue("x", at=NOON + timedelta(seconds=1.5), follows="x~siren", **FLOOD), sine(1, 1500))

    heard = air.play(4)

    words = samples(2.3)
    assert loudness_of(heard[samples(1.3) : words], 700) > 0.45
    assert loudness_of(heard[words : words + samples(1)], 1500) > 0.45


# --- background -----------------------------------------------------------------------------------------------------


def test_background_is_ducked_under_speech_and_comes_back_without_a_click():
    air = Air(wall=NOON)
    air.arm(cue("songs", priority=Priority.BACKGROUND), sine(10, 100))
    air.play(1)
    air.arm(cue("a"), stored(np.zeros(samples(1))))

    heard = air.play(2)

    assert abs(loudness_of(heard[FADE : samples(0.9)], 100) - 0.5 * DUCKED) < 0.01
    assert abs(loudness_of(heard[samples(1.1) : samples(1.9)], 100) - 0.5) < 0.01
    assert jump(air) <= steepest(100) + 0.5 / FADE


def test_background_that_begins_under_speech_begins_ducked():
    air = Air(wall=NOON)
    air.arm(cue("a"), stored(np.zeros(samples(1))))
    air.play(0.1)
    air.arm(cue("songs", priority=Priority.BACKGROUND), sine(1, 100))

    assert np.max(np.abs(air.play(0.5))) < 0.5 * DUCKED + 0.001


def test_the_sum_of_two_never_wraps_round():
    air = Air(wall=NOON)
    loud = stored(np.full(samples(1), 0.99))
    air.arm(cue("songs", priority=Priority.BACKGROUND), loud)
    air.arm(cue("a"), loud)

    assert np.max(air.play(1)) <= 1.0


# --- what must end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 480, 960])
def test_no_sample_is_heard_beyond_the_longest_time(block):
    air = Air(block, wall=NOON)
    air.arm(cue("a", max_length_s=0.1), sine(5, 200))

    heard = air.play(0.3)

    assert np.flatnonzero(heard)[-1] < samples(0.1)
    assert np.flatnonzero(heard)[-1] > samples(0.09)
    assert air.fate("a").reason.zh == "超过了最长时间，到此为止"


def test_the_longest_time_counts_over_interruptions():
    """What was cut and went on began to count anew: a forgotten microphone never ended."""
    air = Air(wall=NOON)
    air.arm(cue("a", max_length_s=1.0), sine(5))
    for number in range(5):
        air.play(0.3)
        air.arm(cue(f"flood{number}", at=NOON, **FLOOD), sine(0.1))
        air.play(0.1)
    air.play(3)

    assert air.fate("a").reason.en == "was longer than it may be and was ended"
    assert len(air.began("a")) == 4


@pytest.mark.parametrize("block", [1, 480, 960])
def test_what_is_on_the_air_when_quiet_hours_begin_has_faded_out_by_then(block):
    evening = NOON.replace(hour=21) - 0.05 * SECOND
    air = Air(block, wall=evening)
    air.arm(cue("a", at=evening), sine(5, 200))

    heard = air.play(0.2)

    last = np.flatnonzero(heard)[-1]
    assert samples(0.05) - block - FADE - 10 <= last < samples(0.05)
    assert jump(air) <= steepest(200) + 0.5 / FADE
    assert air.fate("a").reason.en == "quiet hours (21:00-06:30): nothing but an emergency may sound."


def test_what_starts_when_quiet_hours_end_starts_to_the_sample():
    morning = NOON.replace(hour=6, minute=30)
    air = Air(960, wall=morning - 0.0333 * SECOND)
    air.arm(cue("a", at=morning), stored(np.full(480, 0.5)))

    assert abs(first(air.play(0.2)) - 0.0333 * RATE_HZ) <= NEAR


def test_a_clock_that_is_set_into_the_night_ends_what_sounds():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(5))
    air.play(0.5)
    air.set_clock(NOON.replace(hour=23))

    assert not air.play(1)[FADE:].any()
    assert "quiet hours" in air.fate("a").reason.en


def test_a_clock_that_is_set_while_a_cue_waits_starts_it_at_the_new_time():
    air = Air()
    air.arm(cue("a"))
    air.play(0.5)
    air.set_clock(NOON - 2 * SECOND)
    assert not air.play(1.9).any()
    assert air.play(0.2).any()


def test_new_rules_that_hold_everything_end_what_sounds():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(5))
    air.arm(cue("songs", priority=Priority.BACKGROUND), sine(5))
    air.play(0.5)
    air.mixer.put(GateRules(quiet_hours=NIGHT.quiet_hours, timezone=NIGHT.timezone, is_holding=True))

    assert not air.play(1)[FADE:].any()
    assert len(air.fates("a")) == len(air.fates("songs")) == 1


def test_a_refused_airing_says_why():
    air = Air(wall=NOON.replace(hour=23))
    air.arm(cue("a", at=NOON.replace(hour=23)))

    assert not air.play(0.1).any()
    assert isinstance(air.fate("a"), NotAired)
    assert air.fate("a").fate == "refused"


# --- the pulse ------------------------------------------------------------------------------------------------------


def test_the_level_tells_how_loud_it_was_since_the_last_time():
    air = Air(wall=NOON)
    air.arm(cue("a"), sine(1, 500, peak=0.5))
    air.play(0.5)

    level = air.mixer.level(3)
    assert (level.rms_dbfs, level.peak_dbfs, level.underruns) == (pytest.approx(-9.0, abs=0.1), -6.0, 3)
    assert (level.airing, level.position) == ("a", samples(0.5))
    assert air.mixer.level(3).rms_dbfs == -120.0


def test_silence_costs_next_to_nothing_and_is_silence():
    air = Air(block=4801)

    assert not air.play(0.5).any()


@pytest.mark.parametrize("level", [0.0, 0.01, 0.3])
@pytest.mark.parametrize("block", [37, 480, 960])
def test_what_an_emergency_cuts_fades_at_its_own_level(block, level):
    """A muted programme must not be heard for the length of a fade, and a soft one must not shout."""
    air = Air(block, levels=(level, 1.0))
    air.arm(cue("a"), stored(np.full(5 * RATE_HZ, 0.5)))
    air.play(2)
    silent = stored(np.zeros(RATE_HZ))
    air.arm(cue("flood", at=air.now, **FLOOD), silent)

    heard = air.play(0.5)

    assert np.max(np.abs(heard)) <= 0.5 * level + 1e-4
    air.stop("flood")
    assert np.max(np.abs(air.play(2))) <= 0.5 * level + 1e-4


def test_an_emergency_is_at_its_own_level_from_its_first_to_its_last_sample():
    air, clip = Air(levels=(0.1, 0.5)), stored(np.full(RATE_HZ, 0.8))
    air.arm(cue("a"), stored(np.full(5 * RATE_HZ, 0.5)))
    air.play(2)
    air.arm(cue("flood", at=air.now, plays=1, **FLOOD), clip)

    heard = air.play(2)

    assert np.count_nonzero(np.abs(heard[2 * FADE : -2 * FADE] - 0.4) < 1e-3) >= RATE_HZ - 4 * FADE
