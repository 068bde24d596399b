"""The whole policy of a deck, with no clock and no sound."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.words import IfInterrupted, Priority
from broadcaster.playout.decide import CutIn, Miss, Refuse, Rest, Start, Waiting, after_a_cut, decide
from broadcaster.playout.gate import NO_RULES
from tests.playout.air import NIGHT, NOON, cue

SECOND = timedelta(seconds=1)


def waits(airing, order=1, **more):
    return Waiting(cue=cue(airing, **more), order=order)


def ask(*waiting, playing=None, now=NOON, rules=NIGHT, **more):
    return decide(waiting, playing, now, rules, **more)


def test_nothing_starts_before_its_instant():
    prices = waits("prices")

    assert ask(prices, now=NOON - timedelta(microseconds=1)) == Rest()
    assert ask(prices) == Start(prices)


def test_a_flood_warning_cuts_into_the_market_prices():
    prices, flood = waits("prices"), waits("flood", priority=Priority.EMERGENCY)

    assert ask(flood, playing=prices) == CutIn(flood)


def test_equals_wait_for_each_other():
    prices, weather = waits("prices"), waits("weather", 2)

    assert ask(weather, playing=prices) == Rest()


def test_the_first_due_of_equals_goes_first():
    early, late = waits("early", 2, at=NOON - SECOND), waits("late", 1)

    assert ask(late, early) == Start(early)


def test_among_emergencies_the_newest_wins():
    old, new = (waits(name, order, priority=Priority.EMERGENCY) for order, name in enumerate(("old", "new")))

    assert ask(old, new) == Start(new)
    assert ask(new, playing=old) == CutIn(new)
    assert ask(old, playing=new) == Rest()


def test_what_is_past_its_grace_is_missed_and_not_played_late():
    prices = waits("prices", grace_s=60.0)

    assert ask(prices, now=NOON + 60 * SECOND) == Start(prices)
    assert ask(prices, now=NOON + 61 * SECOND) == Miss(prices)


def test_an_emergency_waits_for_its_amplifier_but_for_no_clock_that_was_set_back():
    """Called in the second before the clock fell back by two days, it waited for two days."""
    flood = waits("flood", priority=Priority.EMERGENCY)

    assert ask(flood, now=NOON - 10 * SECOND) == Rest()
    assert ask(flood, now=NOON - timedelta(days=2)) == Start(flood)


def test_an_emergency_is_never_too_late_whatever_the_clock_shows():
    flood = waits("flood", priority=Priority.EMERGENCY, grace_s=60.0)

    assert ask(flood, now=NOON + timedelta(days=2)) == Start(flood)


def test_the_gate_is_asked_before_anything_starts():
    prices = waits("prices")

    assert ask(prices, rules=None) == Refuse(prices, NO_RULES)


def test_what_would_have_to_end_in_quiet_hours_at_once_does_not_begin():
    last = NOON.replace(hour=20, minute=59, second=59)

    assert isinstance(ask(waits("prices", at=last), now=last, until=last + SECOND), Refuse)


def test_speech_waits_for_the_siren_that_it_follows():
    speech = waits("flood", 2, priority=Priority.EMERGENCY, follows="flood~siren")
    siren = waits("flood~siren", 1, priority=Priority.EMERGENCY)

    assert ask(speech, playing=siren, present=["flood~siren", "flood"]) == Rest()
    assert ask(speech, present=["flood"]) == Start(speech)


def test_what_was_cut_goes_on_at_its_sentence_begins_anew_or_is_dropped():
    playing = replace(waits("prices", sentence_starts=(0, 1000, 5000)), play=2, sounded=4321)

    def cut(how, position=4321):
        return after_a_cut(replace(playing, cue=replace(playing.cue, if_interrupted=how)), position)

    resumed = cut(IfInterrupted.RESUME)
    assert (resumed.offset, resumed.play, resumed.sounded, resumed.has_sounded) == (1000, 2, 4321, True)
    assert cut(IfInterrupted.RESUME, position=5000).offset == 5000
    assert cut(IfInterrupted.RESTART).offset == 0
    assert cut(IfInterrupted.RESTART).has_sounded
    assert cut(IfInterrupted.DROP) is None


waiting = st.builds(
    lambda number, priority, at, grace: waits(
        f"a{number}", number, priority=priority, at=NOON + timedelta(seconds=at), grace_s=float(grace)
    ),
    st.integers(1, 9),
    st.sampled_from(Priority),
    st.integers(-100, 100),
    st.integers(0, 100),
)


@given(st.lists(waiting, max_size=5), st.none() | waiting)
def test_nothing_is_cut_by_its_equal_but_an_older_emergency(all_waiting, playing):
    match ask(*all_waiting, playing=playing):
        case CutIn(by):
            assert playing is not None
            assert (by.cue.priority, by.order) > (playing.cue.priority, playing.order)
            assert by.cue.priority > playing.cue.priority or by.cue.priority is Priority.EMERGENCY


@given(st.lists(waiting, max_size=5))
def test_an_emergency_that_is_due_is_never_behind_anything(all_waiting):
    match ask(*all_waiting):
        case Start(one):
            due = [other for other in all_waiting if other.is_due(NOON)]
            assert one.cue.priority == max(other.cue.priority for other in due)
            assert one.is_due(NOON)
            assert not one.is_too_late(NOON)
