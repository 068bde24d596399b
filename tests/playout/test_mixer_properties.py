"""Promises of the mixer that hold whatever is asked of it, whenever, and whatever happens to the clock."""

from datetime import datetime, time, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.hours import QuietHours
from broadcaster.model.words import IfInterrupted, Priority
from broadcaster.playout.cue import Finished, GateRules, Interrupted, Started
from tests.playout.air import NOON, ZONE, Air, cue, samples, stored

QUIET = (QuietHours(time(12, 0, 2), time(12, 0, 3)), QuietHours(time(21, 0), time(6, 30)))
LENGTHS = (0.05, 0.4, 1.2)

priorities = st.sampled_from([Priority.BACKGROUND, Priority.ROUTINE, Priority.ROUTINE, Priority.URGENT, Priority.LIVE])


@st.composite
def arms(draw):
    return (
        "arm",
        draw(st.integers(0, 6)),
        {
            "priority": draw(st.one_of(priorities, st.just(Priority.EMERGENCY))),
            "at": NOON + timedelta(milliseconds=draw(st.integers(-500, 4000))),
            "grace_s": draw(st.sampled_from([0.0, 0.5, 60.0])),
            "plays": draw(st.sampled_from([1, 2])),
            "gap_s": 0.1,
            "if_interrupted": draw(st.sampled_from(IfInterrupted)),
            "max_length_s": draw(st.sampled_from([0.3, 1800.0])),
            "follows": draw(st.sampled_from([None, None, "a0", "a1"])),
        },
        draw(st.sampled_from(LENGTHS)),
    )


actions = st.lists(
    st.one_of(
        arms(),
        st.tuples(st.just("stop"), st.sampled_from([None, "a0", "a1", "a2"])),
        st.tuples(st.just("clock"), st.sampled_from([-3600.0, -2.0, -0.4, 0.3, 1.7, 3600.0, 9.2 * 3600])),
        st.tuples(st.just("rules"), st.booleans()),
        st.tuples(st.just("play"), st.sampled_from([0.02, 0.3, 1.1])),
    ),
    min_size=1,
    max_size=14,
)


class Watched(Air):
    """An air that looks at every block of ordinary sound before the village hears it."""

    armed: dict

    def __post_init__(self):
        super().__post_init__()
        self.armed = {}
        self.output.start(self.watched)

    def watched(self, frames, heard_at):
        return self.looked_at(self.mixer.fill(frames, heard_at), heard_at)

    def looked_at(self, block, heard_at):
        wall = datetime.fromtimestamp(heard_at + self._offset, ZONE)
        is_ordinary = all(armed.priority is not Priority.EMERGENCY for armed in self.armed.values())
        for sample in (0, len(block) // 2, len(block) - 1) if is_ordinary else ():
            moment = (wall + timedelta(seconds=sample / samples(1))).time()
            if any(hours.contains(moment) for hours in QUIET):
                assert block[sample] == 0.0, f"an ordinary sample at {moment}"
        return block


def run(air, story):
    for action, *told in story:
        match action:
            case "arm":
                number, more, seconds = told
                airing = f"a{number}"
                if airing in air.armed:
                    continue
                air.armed[airing] = cue(airing, sentence_starts=(0, samples(0.2)), **more)
                if more["follows"] == airing:
                    continue
                air.arm(air.armed[airing], stored(np.full(samples(seconds), 0.1)))
            case "stop":
                air.stop(told[0])
            case "clock":
                air.set_clock(air.now + timedelta(seconds=told[0]))
            case "rules":
                air.mixer.put(GateRules(quiet_hours=QUIET, timezone="Asia/Shanghai", is_holding=told[0]))
            case "play":
                air.play(told[0])


def watched_air(ahead=0):
    return Watched(rules=GateRules(quiet_hours=QUIET, timezone="Asia/Shanghai"), ahead=ahead)


aheads = st.sampled_from([0, 100, 5760])
"""Samples that lie in the output and may be taken back: none, less than a fade, 120 ms."""


def is_ordinary(action):
    return action[0] != "arm" or action[2]["priority"] is not Priority.EMERGENCY


@settings(max_examples=60, deadline=None)
@given(
    st.lists(arms().filter(is_ordinary), min_size=1, max_size=4),
    actions.map(lambda story: [*filter(is_ordinary, story)]),
    aheads,
)
def test_no_ordinary_sample_leaves_in_quiet_hours(first, story, ahead):
    air = watched_air(ahead)
    run(air, first)
    air.play(1.5)
    run(air, story)
    air.play(4)


@settings(max_examples=60, deadline=None)
@given(actions, aheads)
def test_every_airing_has_exactly_one_fate_and_starts_once_unless_it_was_cut(story, ahead):
    air = watched_air(ahead)
    run(air, story)
    air.play(1)
    air.stop()
    air.play(0.1)

    for airing, armed in air.armed.items():
        if armed.follows == airing:
            continue
        reports = [report for report in air.reports if report.airing == airing]
        assert len(air.fates(airing)) == 1, reports
        cuts = sum(isinstance(report, Interrupted) and report.will_resume for report in reports)
        assert len(air.began(airing)) <= cuts + 1
        began, ended = None, air.fate(airing)
        for report in reports:
            if isinstance(report, Started):
                assert began is None, "it began while it was on the air"
                began = report
            else:
                assert began is None or not hasattr(report, "at") or report.at >= began.at
                began = None
        assert reports[-1] is ended, "something was said of it after its end"


@settings(max_examples=25, deadline=None)
@given(st.lists(arms(), min_size=1, max_size=5), st.sampled_from([37, 480, 1000]), aheads)
def test_nothing_sounds_longer_than_it_may(story, block, ahead):
    air = Air(block, ahead=ahead)
    armed = {}
    for _, number, more, seconds in story:
        armed[number] = more | {"follows": None, "max_length_s": 0.3, "plays": 2}
        air.arm(cue(f"a{number}", **armed[number]), stored(np.full(samples(seconds), 0.1)))
    air.play(4)
    air.stop()
    air.play(0.1)

    for number, more in armed.items():
        if more["priority"] is Priority.EMERGENCY:
            continue
        heard, since = timedelta(), None
        for report in air.reports:
            if report.airing == f"a{number}":
                if isinstance(report, Started):
                    since = report.at
                elif isinstance(report, Finished | Interrupted) and since is not None:
                    heard, since = heard + (report.at - since), None
        assert since is None
        assert heard <= timedelta(seconds=0.3)


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 2000), st.integers(0, 50_000), priorities)
def test_an_emergency_waits_at_most_one_block(block, begun, priority):
    air = Air(block, wall=NOON)
    air.arm(cue("a", priority=priority), stored(np.full(samples(2), 0.05)))
    air.play(begun / samples(1))
    before = len(air.output.heard())
    air.arm(cue("flood", at=NOON, priority=Priority.EMERGENCY), stored(np.full(samples(1), 0.5)))

    air.play(0.05)

    assert np.flatnonzero(air.output.heard()[before:] > 0.4)[0] == 0
