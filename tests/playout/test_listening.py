"""Whether it was heard: with echo, noise, a far microphone, clocks that run apart; and other words are not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.words import Heard
from broadcaster.playout.listening import EARLY_S, LATE_S, PART_S, Match, Verdict, compare, judge_parts
from tests.pulse import RATE_HZ
from tests.render.signals import silence

STEP_S = 0.012
"""A frame is 10 ms, and an echo smears where the sound seems to be."""


def speech(seconds, seed):
    """Syllables of a voice: harmonics of a moving pitch through two moving formants, with pauses between words."""
    by = np.random.default_rng(seed)
    parts, count = [], 0
    while count < seconds * RATE_HZ:
        n = round(by.uniform(0.12, 0.3) * RATE_HZ)
        t = np.arange(n) / RATE_HZ
        pitch = by.uniform(110, 190) * (1 + by.uniform(-0.3, 0.3) * t / t[-1])
        first, second = by.uniform(300, 900), by.uniform(1000, 3000)
        turns = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
        sound = np.zeros(n)
        for k in range(1, 30):
            hz = k * pitch.mean()
            strength = np.exp(-(((hz - first) / 200) ** 2)) + 0.4 * np.exp(-(((hz - second) / 300) ** 2))
            sound += strength * np.sin(k * turns)
        sound += 0.05 * by.standard_normal(n) * (by.random() < 0.5)
        parts.append(sound * np.sin(np.pi * np.arange(n) / n) ** 0.5 * by.uniform(0.4, 1.0))
        if by.random() < 0.2:
            parts.append(np.zeros(round(by.uniform(0.1, 0.6) * RATE_HZ)))
        count = sum(map(len, parts))
    whole = np.concatenate(parts)[: round(seconds * RATE_HZ)]
    return (0.3 * whole / np.max(np.abs(whole))).astype(np.float32)


WORDS = speech(PART_S, seed=1)
OTHER_WORDS = speech(PART_S + EARLY_S + LATE_S, seed=2)


def microphone(sound, delay_s=0.0, gain_db=0.0, snr_db=None, seed=5):
    """What a microphone takes in from EARLY_S before until LATE_S after *sound* was sent."""
    by = np.random.default_rng(seed)
    taken = np.zeros(round((PART_S + EARLY_S + LATE_S) * RATE_HZ), dtype=np.float32)
    at = round((EARLY_S + delay_s) * RATE_HZ)
    part = sound[: len(taken) - at]
    taken[at : at + len(part)] = part * 10 ** (gain_db / 20)
    floor_db = -90.0 if snr_db is None else 10 * np.log10(np.mean(part**2)) + gain_db - snr_db
    return taken + (10 ** (floor_db / 20) * by.standard_normal(len(taken))).astype(np.float32)


def in_a_valley(sound, seconds=0.8, seed=3):
    """Reverberation, and an echo from the hill a third of a second later at half the loudness."""
    by = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    answer = 0.012 * by.standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    answer[0], answer[round(0.33 * RATE_HZ)] = 1.0, 0.5
    size = 1 << (len(sound) + n).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: len(sound)].astype(np.float32)


@pytest.mark.slow
@given(delay_s=st.floats(0, 2.0), gain_db=st.floats(-40, 6))
@settings(max_examples=25, deadline=None)
def test_any_delay_and_any_loudness_are_told(delay_s, gain_db):
    match = compare(WORDS, microphone(WORDS, delay_s, gain_db))

    assert match.is_heard
    assert match.delay_s == pytest.approx(delay_s, abs=STEP_S)
    assert match.level_db == pytest.approx(gain_db, abs=0.7)


@pytest.mark.parametrize("snr_db", [20, 10, 0, -5])
def test_it_is_heard_through_echo_and_noise(snr_db):
    match = compare(WORDS, microphone(in_a_valley(WORDS), 0.7, -20, snr_db))

    assert match.is_heard
    assert match.delay_s == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("snr_db", [10, 0])
def test_people_who_talk_beside_the_microphone_do_not_hide_it(snr_db):
    taken = microphone(WORDS, 0.5) + OTHER_WORDS * np.std(WORDS) / np.std(OTHER_WORDS) * 10 ** (-snr_db / 20)

    assert compare(WORDS, taken.astype(np.float32)).is_heard


@pytest.mark.parametrize("ppm", [-100, 100])
def test_clocks_that_run_apart_do_not_matter(ppm):
    """Ten minutes into an airing the microphone is 60 ms off, and runs on."""
    at = np.arange(len(WORDS)) * (1 + ppm * 1e-6)
    drifted = np.interp(at, np.arange(len(WORDS)), WORDS).astype(np.float32)

    match = compare(WORDS, microphone(drifted, 0.5 + 600 * ppm * 1e-6))

    assert match.is_heard
    assert match.delay_s == pytest.approx(0.5 + 600 * ppm * 1e-6, abs=STEP_S)


@pytest.mark.slow
@given(seed=st.integers(10, 10_000))
@settings(max_examples=8, deadline=None)
def test_other_words_of_the_same_voice_are_not_what_was_sent(seed):
    assert not compare(WORDS, speech(PART_S + EARLY_S + LATE_S, seed)).is_heard


@pytest.mark.parametrize(
    "taken",
    [
        silence(PART_S + EARLY_S + LATE_S),
        microphone(WORDS * 0, snr_db=None),
        np.sin(np.arange(round((PART_S + EARLY_S + LATE_S) * RATE_HZ)) * 0.05).astype(np.float32),
    ],
    ids=["digital silence", "a dead horn in a quiet yard", "hum"],
)
def test_silence_and_hum_are_not_what_was_sent(taken):
    assert not compare(WORDS, taken).is_heard


def test_nothing_can_be_told_of_silence_or_of_a_syllable():
    assert compare(silence(PART_S), microphone(WORDS)) is None
    assert compare(WORDS[: RATE_HZ // 2], microphone(WORDS)) is None
    assert compare(WORDS[:0], WORDS[:0]) is None


HEARD, NOT_HEARD = Match(0.8, 0.5, -12.04), Match(0.1, 1.9, -60.0)


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([], Verdict(heard=Heard.NOT_LISTENED)),
        ([HEARD], Verdict(heard=Heard.YES, delay_ms=500, level_db=-12.0)),
        ([HEARD, NOT_HEARD], Verdict(heard=Heard.YES, delay_ms=500, level_db=-12.0)),
        ([HEARD, NOT_HEARD, NOT_HEARD], Verdict(heard=Heard.NO)),
        ([Match(0.8, -0.004, 0.0)], Verdict(heard=Heard.YES, delay_ms=0, level_db=0.0)),
    ],
)
def test_an_airing_was_heard_when_most_of_it_was(parts, verdict):
    assert judge_parts(parts) == verdict
