"""Silence that people want: spans, cut short where they are lifted."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.airing import Hold, Lift
from broadcaster.plan.holds import hold_at, holds_of

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hold(since, until, who="王"):
    return Hold(since=NOON + since * HOUR, until=NOON + until * HOUR, who=who)


def lift(at):
    return Lift(at=NOON + at * HOUR, who="王")


def test_a_hold_covers_its_span_and_not_its_end():
    held = holds_of([hold(0, 6)])

    assert hold_at(held, NOON) == hold(0, 6)
    assert hold_at(held, NOON + 5 * HOUR) is not None
    assert hold_at(held, NOON + 6 * HOUR) is hold_at(held, NOON - HOUR) is None


def test_a_lift_ends_it_and_what_lay_before_stays_held():
    held = holds_of([hold(0, 6), lift(2)])

    assert held == (hold(0, 2),)


def test_a_later_hold_takes_the_place_of_an_earlier_one():
    """Silence until tonight that was corrected to last until three must not come back after three."""
    held = holds_of([hold(0, 6, "王"), hold(1, 3, "李")])

    assert held == (hold(0, 1, "王"), hold(1, 3, "李"))
    assert hold_at(held, NOON + 4 * HOUR) is None


def test_a_lift_without_a_hold_and_a_hold_after_a_lift():
    assert holds_of([lift(0)]) == ()
    assert holds_of([hold(0, 6), lift(1), hold(2, 3)]) == (hold(0, 1), hold(2, 3))


hours = st.integers(0, 20)
changes = st.lists(st.builds(lift, hours) | st.builds(lambda at, span: hold(at, at + span), hours, hours), max_size=8)


def in_order(made):
    """As people make them: one after the other."""
    return sorted(made, key=lambda one: one.since if isinstance(one, Hold) else one.at)


@given(changes, hours)
def test_after_the_last_lift_nothing_is_held(made, later):
    held = holds_of([*in_order(made), lift(20)])

    assert hold_at(held, NOON + (20 + later) * HOUR) is None


@given(changes)
def test_no_instant_is_held_twice(made):
    spans = sorted((one.since, one.until) for one in holds_of(in_order(made)))

    assert all(before[1] <= after[0] for before, after in pairwise(spans))
