"""A person speaks: what a deck lets out of a live source, for how long, and what is on the air around it."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.hours import QuietHours
from broadcaster.model.words import NOTHING_TO_SAY, IfInterrupted, Priority, Sentence
from broadcaster.playout.cue import EndLive, Finished, GateRules, Interrupted, LiveFeed, NotAired
from broadcaster.playout.gate import Gate
from broadcaster.playout.liveblocks import Block
from broadcaster.playout.livelayer import HUNG
from broadcaster.playout.mixer import MISSED, TOO_LONG
from tests.playout.air import NIGHT, NOON, ZONE, Air, cue, samples
from tests.pulse import RATE_HZ

DELAY_S = 0.1
FEED = LiveFeed(delay_s=DELAY_S, patience_s=3.0, peak_dbfs=-2.0)
CEILING = 10 ** (-2 / 20)
BLOCK = 960
LIVE, ROUTINE, EMERGENCY = "live", "routine", "emergency"


def speech(at=NOON, live=FEED, **more):
    usual = {"priority": Priority.LIVE, "if_interrupted": IfInterrupted.DROP, "grace_s": 5.0, "live": live}
    return cue(LIVE, at, **usual | {"clip": "", "sha256": ""} | more)


class Stage(Air):
    """A deck, and somebody who may speak into it all the time."""

    peak = 0.25
    is_speaking = True

    def speak(self, seconds):
        """Let time pass while a tone of 200 Hz is spoken; what is heard."""
        heard = []
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            tick = round(self.output.monotonic * RATE_HZ)
            tone = self.peak * np.sin(2 * np.pi * 200 * np.arange(tick, tick + BLOCK) / RATE_HZ)
            if self.is_speaking:
                self.mixer.put(Block(LIVE, tick, np.round(tone * 32767).astype("<i2")))
            heard.append(self.play(BLOCK / RATE_HZ))
        return np.concatenate(heard)

    def end(self, why=NOTHING_TO_SAY):
        self.mixer.put(EndLive(airing=LIVE, tick=round(self.output.monotonic * RATE_HZ), reason=why))


@pytest.fixture
def air():
    return Stage(wall=NOON)


def largest_step(heard):
    return float(np.max(np.abs(np.diff(heard)), initial=0.0))


def hertz(heard):
    """The pitch that is loudest."""
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return float(np.argmax(spectrum) * RATE_HZ / len(heard))


def test_speech_is_heard_so_much_later_and_ends_whole(air):
    air.arm(speech(), [])
    heard = air.speak(2.0)
    air.end()
    heard = np.concatenate([heard, air.speak(0.3)])

    loud = np.flatnonzero(np.abs(heard) > 0.01)
    assert loud[0] == pytest.approx(samples(DELAY_S), abs=samples(0.006))
    assert loud[-1] == pytest.approx(samples(2.0 + DELAY_S), abs=samples(0.006))
    assert largest_step(heard) < 0.02
    assert air.fate(LIVE).is_whole
    assert air.mixer.sounding is None


def test_a_routine_airing_is_cut_and_goes_on_at_its_sentence(air):
    routine = air.arm(cue(ROUTINE, sentence_starts=(0, samples(0.5))))
    air.play(0.7)
    air.arm(speech(air.now), [])
    assert hertz(air.speak(1.0)[samples(0.3) :]) == pytest.approx(200, abs=5)
    air.end()
    air.speak(0.2)
    air.play(2.0)

    [cut] = [report for report in air.reports if isinstance(report, Interrupted)]
    assert (cut.airing, cut.by, cut.will_resume) == (ROUTINE, LIVE, True)
    assert air.began(ROUTINE)[1].offset == samples(0.5)
    assert air.fate(routine.airing).is_whole


def test_an_emergency_takes_back_what_of_the_speech_was_not_heard_yet():
    air = Stage(wall=NOON, ahead=samples(0.12))
    air.arm(speech(), [])
    air.speak(1.0)
    air.arm(cue(EMERGENCY, NOON, Priority.EMERGENCY))
    air.speak(0.4)

    cut = samples(1.0 - 0.12)
    assert hertz(air.output.heard()[cut + samples(0.01) :]) == pytest.approx(500, abs=5)
    assert largest_step(air.output.heard()) < 0.06
    assert not air.fate(LIVE).will_resume


def test_an_emergency_cuts_in_at_once_and_the_speech_does_not_come_back(air):
    air.arm(speech(), [])
    air.speak(1.0)
    air.arm(cue(EMERGENCY, air.now, Priority.EMERGENCY))
    heard = air.speak(1.0)
    air.speak(1.5)

    assert hertz(heard[samples(0.02) :]) == pytest.approx(500, abs=5)
    assert largest_step(heard) < 0.06
    assert air.fate(LIVE) == Interrupted(
        airing=LIVE, at=air.fate(LIVE).at, by=EMERGENCY, position=samples(1.0), will_resume=False
    )
    assert air.fate(EMERGENCY).is_whole
    assert len(air.began(LIVE)) == 1


def test_speech_that_an_emergency_keeps_waiting_is_missed(air):
    air.arm(cue(EMERGENCY, priority=Priority.EMERGENCY, plays=0))
    air.arm(speech(), [])
    air.speak(6.0)

    assert (air.fate(LIVE).fate, air.fate(LIVE).reason) == ("missed", MISSED)


def test_it_ends_at_its_longest_time_although_nobody_said_so(air):
    air.arm(speech(max_length_s=1.5), [])
    heard = air.speak(3.0)

    assert air.fate(LIVE).reason == TOO_LONG
    assert np.flatnonzero(heard)[-1] < samples(1.5)
    assert largest_step(heard) < 0.02


def test_the_gate_has_a_longest_time_of_its_own_whatever_the_cue_says():
    rules = GateRules(quiet_hours=NIGHT.quiet_hours, timezone=NIGHT.timezone, longest_live_s=1.0)
    air = Stage(wall=NOON, rules=rules)
    air.arm(speech(max_length_s=3600.0), [])
    heard = air.speak(2.0)

    assert air.fate(LIVE).reason == TOO_LONG
    assert np.flatnonzero(heard)[-1] < samples(1.0)


def test_not_even_a_mixer_gone_wrong_gets_more_past_the_gate():
    gate = Gate()
    gate.rules = GateRules(quiet_hours=NIGHT.quiet_hours, timezone=NIGHT.timezone, longest_live_s=1.0)

    passed = np.concatenate([gate.let_live(LIVE, np.ones(7000, dtype=np.float32)) for _ in range(20)])

    assert np.count_nonzero(passed) == RATE_HZ
    assert gate.let_live("another", np.ones(10, dtype=np.float32)).all()


def test_before_it_has_rules_the_gate_lets_no_speech_out():
    air = Stage(wall=NOON, rules=None)
    air.arm(speech(), [])

    assert not air.speak(1.0).any()
    assert isinstance(air.fate(LIVE), NotAired)


def test_speech_has_faded_out_when_quiet_hours_begin():
    air = Stage(wall=datetime(2026, 11, 24, 20, 59, 58, tzinfo=ZONE))
    air.arm(speech(air.now), [])
    heard = air.speak(4.0)

    assert "静音时段" in air.fate(LIVE).reason.zh
    assert heard[: samples(1.9)].any()
    assert not heard[samples(2.0) :].any()
    assert largest_step(heard) < 0.02


def test_nobody_speaks_in_quiet_hours():
    air = Stage(wall=datetime(2026, 11, 24, 23, 0, tzinfo=ZONE))
    air.arm(speech(air.now), [])

    assert not air.speak(1.0).any()
    assert air.fate(LIVE).fate == "refused"


def test_a_source_that_hangs_does_not_hold_the_air(air):
    air.arm(speech(), [])
    air.speak(1.0)
    air.is_speaking = False
    heard = air.speak(4.0)

    assert air.fate(LIVE).reason == HUNG
    assert (air.fate(LIVE).at - air.began(LIVE)[0].at).total_seconds() == pytest.approx(4.1, abs=0.05)
    assert largest_step(heard) < 0.02


def test_a_source_that_never_says_anything_does_not_either(air):
    air.is_speaking = False
    air.arm(speech(), [])
    air.speak(4.0)

    assert air.fate(LIVE).reason == HUNG


def test_a_line_that_broke_is_told_with_its_reason(air):
    why = Sentence("断了", "it broke")
    air.arm(speech(), [])
    air.speak(1.0)
    air.is_speaking = False
    air.end(why)
    air.speak(0.5)

    assert air.fate(LIVE) == Finished(
        airing=LIVE, at=air.fate(LIVE).at, is_whole=False, reason=why, position=air.fate(LIVE).position
    )


def test_anybody_may_stop_it(air):
    air.arm(speech(), [])
    air.speak(1.0)
    air.stop(LIVE)
    heard = air.speak(1.0)

    assert air.fate(LIVE).reason.zh == "李 停止"
    assert np.flatnonzero(heard)[-1] < samples(0.011)
    assert largest_step(heard) < 0.02


def test_a_shout_stays_below_the_ceiling(air):
    air.peak = 0.99
    air.arm(speech(), [])
    heard = air.speak(2.0)

    assert np.max(np.abs(heard)) <= CEILING
    assert np.max(np.abs(heard[samples(1.0) :])) > 0.75 * CEILING


def test_how_evenly_it_comes_is_told_while_it_sounds(air):
    assert air.mixer.buffered() is None
    air.arm(speech(), [])
    air.speak(1.0)
    air.is_speaking = False
    air.speak(0.5)
    air.is_speaking = True
    air.speak(0.5)

    told = air.mixer.buffered()
    assert (told.airing, told.holes, told.dropped_ms) == (LIVE, 1, 0)
    assert told.silent_ms == pytest.approx(500, abs=20)
    assert 60 <= told.depth_ms <= 100


@given(
    longest_s=st.floats(0.05, 2.0),
    rules_s=st.floats(0.05, 2.0),
    quiet_in_s=st.floats(-1.0, 4.0),
    speaks=st.lists(st.booleans(), min_size=1, max_size=6),
    block=st.sampled_from([64, 480, 960]),
)
@settings(max_examples=25, deadline=None)
def test_speech_is_never_longer_than_it_may_be_and_never_heard_at_night(longest_s, rules_s, quiet_in_s, speaks, block):
    night = datetime(2026, 11, 24, 21, 0, tzinfo=ZONE)
    rules = GateRules(
        quiet_hours=(QuietHours(time(21, 0), time(6, 30)),), timezone="Asia/Shanghai", longest_live_s=rules_s
    )
    air = Stage(block=block, wall=night - timedelta(seconds=quiet_in_s), rules=rules)
    air.arm(speech(air.now, max_length_s=longest_s), [])
    heard = []
    for is_speaking in speaks:
        air.is_speaking = is_speaking
        heard.append(air.speak(0.6))

    loud = np.flatnonzero(np.concatenate(heard))
    if len(loud):
        assert loud[-1] < samples(min(longest_s, rules_s))
        assert loud[-1] / RATE_HZ <= max(0.0, quiet_in_s)


class Watched(Stage):
    """Nothing but the speech makes a sound here; each block is looked at before the village hears it."""

    def __post_init__(self):
        super().__post_init__()
        self.is_holding = False
        self.output.start(self.watched)

    def watched(self, frames, heard_at):
        wall = datetime.fromtimestamp(heard_at + self._offset, ZONE)
        block = self.mixer.fill(frames, heard_at)
        for sample in np.flatnonzero(block)[[0, -1]] if block.any() else ():
            moment = (wall + timedelta(seconds=int(sample) / RATE_HZ)).time()
            assert not any(hours.contains(moment) for hours in SHORT_NIGHT), f"speech at {moment}"
            assert not self.is_holding, "speech while all is held"
        return block


SHORT_NIGHT = (QuietHours(time(12, 0, 2), time(12, 0, 3)), QuietHours(time(21, 0), time(6, 30)))
commands = st.lists(
    st.one_of(
        st.tuples(st.just("speak"), st.sampled_from([0.1, 0.5, 1.2])),
        st.tuples(st.just("hang"), st.sampled_from([0.1, 0.5, 3.2])),
        st.tuples(st.just("clock"), st.sampled_from([-2.0, -0.4, 0.3, 1.7, 9.2 * 3600])),
        st.tuples(st.just("rules"), st.tuples(st.booleans(), st.sampled_from([0.3, 1.0, 60.0]))),
        st.tuples(st.just("arm"), st.sampled_from([Priority.EMERGENCY, Priority.URGENT, Priority.ROUTINE])),
        st.tuples(st.just("stop"), st.sampled_from([None, LIVE, ROUTINE, EMERGENCY])),
        st.tuples(st.just("end"), st.none()),
    ),
    max_size=12,
)


def told(air, what, more):
    """Carry out one command of a story."""
    match what:
        case "speak" | "hang":
            air.is_speaking = what == "speak"
            return air.speak(more)
        case "clock":
            air.set_clock(air.now + timedelta(seconds=more))
        case "rules":
            air.is_holding, longest_s = more
            rules = GateRules(quiet_hours=SHORT_NIGHT, timezone="Asia/Shanghai", longest_live_s=longest_s)
            air.mixer.put(replace(rules, is_holding=air.is_holding))
        case "arm":
            air.arm(cue(f"{more.name}{air.orders}", air.now, more), np.zeros(samples(0.5), dtype=np.int16))
        case "stop":
            air.stop(more)
        case "end":
            air.end()
    return np.zeros(0)


@given(longest_s=st.sampled_from([0.4, 1.5, 60.0]), story=commands)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_speech_ends_at_its_longest_once_and_is_never_heard_at_night(longest_s, story):
    rules = GateRules(quiet_hours=SHORT_NIGHT, timezone="Asia/Shanghai", longest_live_s=1.0)
    air = Watched(rules=rules, wall=NOON)
    air.arm(speech(max_length_s=longest_s), [])
    heard = np.concatenate([air.speak(0.3), *(told(air, *step) for step in story), told(air, "speak", 2.5)])
    allowed_s = min(longest_s, max([1.0, *(more[1] for what, more in story if what == "rules")]))

    loud = np.flatnonzero(heard)
    if len(loud):
        assert loud[-1] - loud[0] < samples(allowed_s)
    told(air, "rules", (False, 0.3))
    air.stop()
    told(air, "hang", 0.2)
    assert len(air.fates(LIVE)) == 1
