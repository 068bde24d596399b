"""The last gate: what no schedule, platform, test button or wrong clock can talk round."""

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.hours import QuietHours
from broadcaster.model.words import Priority
from broadcaster.playout.cue import GateRules, Permit
from broadcaster.playout.gate import HOLDING, NO_PERMIT, NO_RULES, Gate, judge
from tests.playout.air import NIGHT, NOON, SIGNED, ZONE, samples

MIDNIGHT = NOON.replace(hour=0)
ORDINARY = [priority for priority in Priority if priority is not Priority.EMERGENCY]


def ask(wall=NOON, priority=Priority.ROUTINE, rules=NIGHT, permit=None):
    return judge(priority=priority, permit=permit, wall=wall, rules=rules)


def test_by_day_everything_passes():
    assert [ask(priority=priority) for priority in ORDINARY] == [None] * 4


@pytest.mark.parametrize("priority", ORDINARY)
def test_at_midnight_nothing_passes_and_the_reason_is_said(priority):
    refusal = ask(MIDNIGHT, priority)

    assert refusal.zh == "静音时段（21:00-06:30），只有紧急广播能响。"
    assert refusal.en == "quiet hours (21:00-06:30): nothing but an emergency may sound."


def test_a_signed_emergency_passes_at_any_hour_and_before_any_rules():
    assert ask(MIDNIGHT, Priority.EMERGENCY, permit=SIGNED) is None
    assert ask(MIDNIGHT, Priority.EMERGENCY, rules=None, permit=SIGNED) is None


@pytest.mark.parametrize("permit", [None, Permit(who="", reason="洪水"), Permit(who="王", reason=" ")])
def test_an_emergency_that_nobody_signed_does_not_pass(permit):
    assert ask(priority=Priority.EMERGENCY, permit=permit) == NO_PERMIT


def test_a_permit_opens_nothing_for_what_is_no_emergency():
    assert ask(MIDNIGHT, Priority.LIVE, permit=SIGNED) is not None


def test_before_the_first_rules_nothing_passes():
    assert ask(rules=None) == NO_RULES


def test_while_all_is_held_nothing_passes():
    assert ask(rules=GateRules(quiet_hours=(), timezone="Asia/Shanghai", is_holding=True)) == HOLDING


def test_without_any_quiet_hours_the_usual_ones_are_kept():
    none = GateRules(quiet_hours=(), timezone="Asia/Shanghai")

    assert ask(MIDNIGHT, rules=none) is not None
    assert ask(NOON, rules=none) is None


def test_quiet_hours_are_those_of_the_station_and_not_of_the_machine():
    there = GateRules(quiet_hours=NIGHT.quiet_hours, timezone="Asia/Urumqi")  # two hours behind

    assert ask(NOON.replace(hour=7), rules=there) is not None
    assert ask(NOON.replace(hour=22), rules=there) is None


@pytest.mark.parametrize(
    ("moment", "passes"), [("20:59:59.999999", True), ("21:00", False), ("06:29:59.999999", False), ("06:30", True)]
)
def test_the_edges_of_quiet_hours_are_exact(moment, passes):
    wall = datetime.combine(NOON.date(), time.fromisoformat(moment), ZONE)

    assert (ask(wall) is None) == passes


# --- with the samples in hand -------------------------------------------------------------------------------------


def let_out(wall, rules=NIGHT, frames=480):
    gate = Gate()
    gate.rules = rules
    emergency, others = np.full(frames, 0.25, np.float32), np.full(frames, 0.5, np.float32)
    return gate.let_out(emergency, others, wall)


def test_at_night_only_the_emergency_of_a_mix_leaves():
    assert np.all(let_out(MIDNIGHT) == 0.25)
    assert np.all(let_out(NOON) == 0.75)


def test_a_gate_without_rules_is_shut():
    assert np.all(let_out(NOON, rules=None) == 0.25)


@pytest.mark.parametrize(("edge", "opens"), [("21:00", False), ("06:30", True)])
@pytest.mark.parametrize("before", [1, 100, 479])
def test_the_gate_shuts_and_opens_to_the_sample(edge, opens, before):
    wall = datetime.combine(NOON.date(), time.fromisoformat(edge), ZONE) - timedelta(seconds=before / samples(1))
    block = let_out(wall)

    is_out = block > 0.5
    assert np.count_nonzero(is_out != opens) in (before, before - 1, before + 1)  # an instant has microseconds
    assert np.count_nonzero(np.diff(is_out.astype(int))) == 1


@given(
    start=st.times(),
    end=st.times(),
    wall=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=ZONE)),
)
def test_no_block_holds_a_sample_of_quiet_hours(start, end, wall):
    hours = QuietHours(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
    rules = GateRules(quiet_hours=(hours,), timezone="Asia/Shanghai")
    block = let_out(wall, rules)

    for sample in (0, 1, 200, 478, 479):
        moment = wall + timedelta(seconds=sample / samples(1))
        assert (block[sample] > 0.5) == (not hours.contains(moment.time()))
