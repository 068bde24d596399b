"""Speech for horns: the band, the resampling, the compressor, and that none of them changes the length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.render.horns import AFTER_S, BEFORE_S, RINGS_S, SPEECH_LUFS, compressed, in_band
from broadcaster.render.meter import integrated_lufs
from tests.render.signals import RATE_HZ, silence, sine, speechlike

WIDE = (50.0, 20_000.0)
RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000]


def level_db(samples):
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return 10 * np.log10(np.mean(middle.astype(float) ** 2))


@pytest.mark.parametrize(
    ("hz", "loss_db"), [(250, -3), (125, -12.3), (1000, 0), (3000, -0.3), (6000, -3), (12_000, -12.3)]
)
def test_the_band_ends_at_its_frequencies_with_gentle_slopes(hz, loss_db):
    tone = sine(1, hz=hz)

    assert level_db(in_band(tone, RATE_HZ, 250, 6000)) - level_db(tone) == pytest.approx(loss_db, abs=0.3)


@pytest.mark.parametrize("rate_hz", RATES)
def test_a_tone_of_any_rate_is_the_same_tone_at_48_khz(rate_hz):
    heard = in_band(sine(1, hz=1000, rate_hz=rate_hz), rate_hz, *WIDE)

    middle = heard[8_000:40_000]
    spectrum = np.abs(np.fft.rfft(middle * np.kaiser(len(middle), 20))) ** 2
    place = int(np.argmax(spectrum))
    others = np.delete(spectrum, range(place - 12, place + 13))
    assert place * RATE_HZ / len(middle) == pytest.approx(1000, abs=1)
    assert 10 * np.log10(np.sum(others) / np.sum(spectrum)) < -80, "mirrored, folded or distorted"


@given(frames=st.integers(200, 30_000), rate_hz=st.sampled_from(RATES), low=st.floats(50, 800))
@settings(max_examples=40)
def test_the_length_depends_on_the_sound_and_not_on_the_band(frames, rate_hz, low):
    """Clips of one airing for different horns must be equally long."""
    tone = sine(frames / rate_hz, hz=700, rate_hz=rate_hz)

    heard = in_band(tone, rate_hz, low, 6000)

    expected = (frames / rate_hz + RINGS_S + AFTER_S + BEFORE_S) * RATE_HZ
    assert len(heard) == len(in_band(tone, rate_hz, 250, 12_000))
    assert len(heard) == pytest.approx(expected, abs=0.012 * RATE_HZ)


def test_silence_at_both_ends_is_left_out_but_for_a_breath():
    said = sine(0.5, hz=800)

    heard = in_band(np.concatenate([silence(0.7), said, silence(1.1)]), RATE_HZ, 250, 6000)

    assert len(heard) / RATE_HZ == pytest.approx(0.5 + BEFORE_S + AFTER_S + RINGS_S, abs=0.011)


def test_a_soft_consonant_at_the_edge_is_kept():
    """The f of 发 is 30 dB below its vowel."""
    hiss = speechlike(0.08, dbfs=-45)
    heard = in_band(np.concatenate([silence(0.2), hiss, sine(0.3, hz=500, dbfs=-12)]), RATE_HZ, 250, 6000)

    assert len(heard) / RATE_HZ > 0.08 + 0.3 + AFTER_S


def test_nothing_sounds_before_its_time():
    """A filter that rings ahead smears the beginning of every syllable."""
    click = silence(0.5)
    click[12_000] = 1.0

    heard = in_band(click, RATE_HZ, 250, 6000)

    start = round(BEFORE_S * RATE_HZ)
    assert np.max(np.abs(heard[: start - 240]), initial=0) < 0.001 * np.max(np.abs(heard))


def test_what_rings_on_has_died_away_at_the_end():
    heard = in_band(sine(0.3, hz=300, dbfs=-6), RATE_HZ, 250, 6000)

    assert 20 * np.log10(np.max(np.abs(heard[-48:]))) < -60


@pytest.mark.parametrize("samples", [silence(0.2), silence(0)], ids=["silence", "nothing"])
def test_silence_goes_through(samples):
    assert not in_band(samples, 22_050, 250, 6000).any()
    assert not compressed(samples, 3).any()


# --- the compressor ---------------------------------------------------------------------------------------------


def test_six_decibels_more_come_out_as_two_at_three_to_one():
    softer, louder = (compressed(sine(1, dbfs=dbfs), 3) for dbfs in (-18, -12))

    assert level_db(louder) - level_db(softer) == pytest.approx(2, abs=0.1)


def test_what_is_soft_is_left_alone():
    soft = sine(1, dbfs=-40)

    assert compressed(soft, 3) == pytest.approx(soft, abs=1e-7)
    assert compressed(soft, 1) is soft


def test_after_something_loud_the_gain_comes_back_slowly():
    samples = np.concatenate([sine(0.5, dbfs=-12), sine(1, dbfs=-40)])

    heard = compressed(samples, 3)

    def gain_db(at_s):
        part = slice(int(at_s * RATE_HZ), int((at_s + 0.02) * RATE_HZ))
        return 10 * np.log10(np.mean(heard[part] ** 2) / np.mean(samples[part] ** 2))

    assert gain_db(0.2) == pytest.approx(gain_db(0.4), abs=0.1)
    assert gain_db(0.2) < gain_db(0.55) < gain_db(0.65) < gain_db(0.9)
    assert gain_db(1.3) == pytest.approx(0, abs=0.1)


def test_nothing_is_turned_down_more_than_a_few_milliseconds_ahead():
    samples = np.concatenate([sine(0.5, dbfs=-40), sine(0.5, dbfs=-12)])

    heard = compressed(samples, 3)

    assert heard[:23_000] == pytest.approx(samples[:23_000], abs=1e-6)


@given(seed=st.integers(0, 100), ratio=st.floats(1, 10))
@settings(max_examples=15)
def test_compression_makes_nothing_louder_and_keeps_the_length(seed, ratio):
    samples = speechlike(1, seed=seed)

    heard = compressed(samples, ratio)

    assert len(heard) == len(samples)
    assert np.all(np.abs(heard) <= np.abs(samples) + 1e-6)


def test_speech_is_brought_together_gently():
    """Three to six decibels of gain for speech at its usual level: more would sound squashed."""
    said = speechlike(4)
    said *= np.float32(10 ** ((SPEECH_LUFS - integrated_lufs(said)) / 20))

    lost = integrated_lufs(said) - integrated_lufs(compressed(said, 3))

    assert 2 < lost < 7
