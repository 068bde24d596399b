"""Blocks with instants, in the order in which a deck and a microphone give them, become one verdict for each airing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.words import Heard
from broadcaster.playout.attention import Attention, Taken
from broadcaster.playout.listening import LATE_S
from tests.playout.test_listening import speech
from tests.pulse import RATE_HZ

SENT = speech(14.0, seed=1)
OTHER = speech(20.0, seed=2)
BLOCK, CHUNK = 480, 960
AT = 1000.0


def send(attention, airing, samples, at=AT):
    for start in range(0, len(samples), BLOCK):
        attention.sent(airing, at + start / RATE_HZ, samples[start : start + BLOCK])


def take(attention, samples, at, jitter=None):
    """*jitter* gives each chunk a wrong instant, as a busy machine does."""
    for number, start in enumerate(range(0, len(samples), CHUNK)):
        wrong_s = jitter[number % len(jitter)] if jitter else 0.0
        attention.taken(at + start / RATE_HZ + wrong_s, samples[start : start + CHUNK])


def yard(sound, delay_s, gain=0.1, before_s=1.0, after_s=4.0):
    """From *before_s* before the sound until long after it."""
    lead, tail = (np.zeros(round(s * RATE_HZ), dtype=np.float32) for s in (before_s + delay_s, after_s))
    return np.concatenate([lead, sound * np.float32(gain), tail])


@pytest.fixture
def attention():
    return Attention()


def test_a_long_airing_is_heard_in_parts_and_judged_when_it_is_over(attention):
    send(attention, "a", SENT)
    take(attention, yard(SENT, 0.4), AT - 1)
    assert attention.verdicts(AT + 30) == []
    attention.over("a")

    [(airing, verdict)] = attention.verdicts(AT + 30)

    assert airing == "a"
    assert verdict.heard is Heard.YES
    assert verdict.delay_ms == pytest.approx(400, abs=12)
    assert verdict.level_db == pytest.approx(-20, abs=0.7)
    assert attention.verdicts(AT + 60) == []


def test_an_airing_that_the_yard_did_not_hear(attention):
    send(attention, "a", SENT)
    attention.over("a")
    take(attention, OTHER, AT - 1)

    [(_, verdict)] = attention.verdicts(AT + 30)

    assert verdict.heard is Heard.NO


def test_a_verdict_waits_until_the_sound_could_have_come(attention):
    send(attention, "a", SENT)
    attention.over("a")
    end = AT + len(SENT) / RATE_HZ
    take(attention, yard(SENT, 0.4)[: round((len(SENT) / RATE_HZ + LATE_S) * RATE_HZ)], AT - 1)

    assert attention.verdicts(end + LATE_S) == []


def test_a_microphone_that_gives_nothing_heard_neither_yes_nor_no(attention):
    send(attention, "a", SENT)
    attention.over("a")

    [(_, verdict)] = attention.verdicts(AT + 60)

    assert verdict.heard is Heard.NOT_LISTENED


def test_only_what_was_listened_to_counts_when_the_microphone_was_away_for_a_while(attention):
    send(attention, "a", SENT)
    attention.over("a")
    heard = yard(SENT, 0.4)
    take(attention, heard[: 10 * RATE_HZ], AT - 1)
    take(attention, heard[12 * RATE_HZ :], AT + 11)

    [(_, verdict)] = attention.verdicts(AT + 60)

    assert verdict.heard is Heard.YES


def test_an_airing_that_was_cut_and_went_on_has_one_verdict(attention):
    half = 7 * RATE_HZ
    send(attention, "a", SENT[:half])
    send(attention, "flood", OTHER[:half], AT + 7)
    attention.over("flood")
    take(attention, yard(np.concatenate([SENT[:half], OTHER[:half]]), 0.2), AT - 1)
    assert [airing for airing, _ in attention.verdicts(AT + 20)] == ["flood"]
    send(attention, "a", SENT[half:], AT + 40)
    attention.over("a")
    take(attention, yard(SENT[half:], 0.2), AT + 39)

    [(airing, verdict)] = attention.verdicts(AT + 60)

    assert (airing, verdict.heard) == ("a", Heard.YES)


@pytest.mark.slow
@given(jitter=st.lists(st.floats(-0.03, 0.03), min_size=1, max_size=7))
@settings(max_examples=10, deadline=None)
def test_instants_that_are_read_carelessly_do_not_tear_the_sound_apart(jitter):
    attention = Attention()
    send(attention, "a", SENT)
    attention.over("a")
    take(attention, yard(SENT, 0.4), AT - 1, jitter)

    [(_, verdict)] = attention.verdicts(AT + 60)

    assert verdict.heard is Heard.YES
    assert verdict.delay_ms == pytest.approx(400, abs=60)


@given(chunks=st.lists(st.integers(1, 4000), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_what_was_taken_in_comes_out_as_it_went_in(chunks):
    taken, at, all_of_it = Taken(), 0.0, []
    for number, count in enumerate(chunks):
        samples = np.full(count, number + 1, dtype=np.float32)
        taken.put(AT + at, samples)
        all_of_it.append(samples)
        at += count / RATE_HZ
    whole = np.concatenate(all_of_it)

    got = taken.between(AT, len(whole) / RATE_HZ - 2 / RATE_HZ)

    assert got is not None
    assert np.array_equal(got, whole[: len(got)])
    assert taken.between(AT - 1, 2.0) is None
    assert taken.between(AT, at + 1.0) is None
