"""What counts as meant, and what a sleeve, a bad contact and a stuck key do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.triggers import Confirm
from broadcaster.trigger.presses import CHATTER_S, RESTS_S, Presses

HOLD, TWICE, ONCE = Confirm.HOLD, Confirm.TWICE, Confirm.ONCE


def starts_of(confirm, changes, until=None, look_every=0.05):
    """When something was meant, of ``[(down, up), ...]`` in seconds; asked as often as a watcher asks."""
    presses, meant = Presses(confirm), []
    edges = sorted([(down, True) for down, _ in changes] + [(up, False) for _, up in changes])
    end, now = (edges[-1][0] if until is None else until) + 0.001, 0.0
    while now <= end:
        while edges and edges[0][0] <= now:
            at, is_down = edges.pop(0)
            if not is_down:
                presses.up(at)
            elif presses.down(at):
                meant.append(at)
        if presses.is_held(now):
            meant.append(now)
        wait = presses.wait_s(now)
        looks_at = now + (look_every if wait is None else min(wait + 1e-9, look_every))
        now = min(edges[0][0] if edges else end + 1, looks_at)
    return [round(at, 2) for at in meant]


def test_a_key_is_held_for_two_seconds():
    assert starts_of(HOLD, [(1, 2.9)]) == []
    assert starts_of(HOLD, [(1, 3.5)]) == [3.0]


def test_a_key_that_is_held_for_minutes_starts_one_thing():
    assert starts_of(HOLD, [(1, 300)]) == [3.0]


def test_many_short_presses_are_not_one_long_one():
    assert starts_of(HOLD, [(at, at + 0.5) for at in range(1, 30)]) == []


def test_a_key_is_pressed_twice_within_three_seconds():
    assert starts_of(TWICE, [(1, 1.2), (2, 2.2)]) == [2]
    assert starts_of(TWICE, [(1, 1.2)]) == []
    assert starts_of(TWICE, [(1, 1.2), (4.1, 4.2)]) == []


def test_the_second_of_two_may_be_the_first_of_the_next_two():
    """An accidental press a minute ago must not spoil what is meant now."""
    assert starts_of(TWICE, [(1, 1.2), (60, 60.2), (61, 61.2)]) == [61]


def test_a_bouncing_contact_is_one_press():
    bounces = [(1 + n * 0.01, 1.005 + n * 0.01) for n in range(4)]
    assert starts_of(TWICE, [*bounces, (1.05, 1.3)]) == []
    assert starts_of(TWICE, [*bounces, (1.05, 1.3), (2, 2.2)]) == [2]
    assert starts_of(HOLD, [*bounces, (1.05, 3.5)]) == [3.0]


def test_a_contact_that_chatters_on_and_on_was_not_held():
    """A wet switch closed and opened a hundred times a second all night."""
    chatter = [(1 + n * 0.01, 1.005 + n * 0.01) for n in range(2_000)]
    assert starts_of(HOLD, chatter, look_every=0.001) == []
    assert starts_of(TWICE, chatter) == []


def test_a_contact_that_opens_and_closes_slowly_starts_one_thing_at_most():
    slow = [(1 + n * 0.5, 1.25 + n * 0.5) for n in range(500)]
    assert starts_of(TWICE, slow) == [1.5]
    assert starts_of(HOLD, slow) == []


def test_who_goes_on_pressing_starts_nothing_more_until_the_key_was_left_alone():
    assert starts_of(TWICE, [(n, n + 0.2) for n in range(1, 20)]) == [2]
    assert starts_of(TWICE, [(1, 1.2), (2, 2.2), (6, 6.2), (7, 7.2)]) == [2, 7]
    assert starts_of(HOLD, [(1, 4), (4.5, 8), (8 + RESTS_S, 14)]) == [3.0, 13.0]


def test_to_stop_every_press_is_enough():
    assert starts_of(ONCE, [(1, 1.2), (2, 2.2), (3, 90)]) == [1, 2, 3]


def test_a_key_that_was_down_when_the_keypad_came_back_was_not_pressed_for_us():
    presses = Presses(HOLD)
    presses.down(1.0)
    presses.forget()

    assert presses.wait_s(9.0) is None
    assert not presses.is_held(9.0)
    presses.up(9.0)
    presses.down(10.0)
    assert presses.is_held(12.0)


def test_it_says_how_long_it_has_to_be_held_yet():
    presses = Presses(HOLD)
    assert presses.wait_s(0.0) is None
    presses.down(1.0)
    assert presses.wait_s(1.5) == pytest.approx(1.5)
    presses.up(1.6)
    assert presses.wait_s(1.7) is None


@given(st.lists(st.floats(0.001, 1.9), min_size=1, max_size=60))
def test_nothing_shorter_than_the_hold_ever_starts(pauses):
    """Whatever the rhythm: no press here lasts two seconds, and no gap between two is a bounce."""
    at, presses = 10.0, []
    for pause in pauses:
        presses.append((at, at + pause))
        at += pause + CHATTER_S + 0.01
    assert starts_of(HOLD, presses) == []


@given(st.lists(st.floats(0.001, 2.5), min_size=1, max_size=60))
def test_two_deeds_are_apart_whatever_the_rhythm(pauses):
    """After a press that counted, nothing counts until the key was left alone."""
    at, presses = 10.0, []
    for pause in pauses:
        presses.append((at, at + pause / 2))
        at += pause
    assert len(starts_of(TWICE, presses)) <= 1
