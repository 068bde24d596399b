"""Levelling: the target is met, the ceiling is never passed, and the limiter neither clicks nor pumps."""

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.render.gain import AHEAD_MS, drawn, eased
from broadcaster.render.loudness import RELEASE_MS, levelled, to_int16
from broadcaster.render.meter import MS, integrated_lufs, true_peak_dbtp
from tests.render.signals import measured_by_ffmpeg, silence, sine, speechlike

NEAR_ENOUGH_LU = 0.5
"""What a listener cannot tell; the figure that every clip is held to."""

reductions = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.5, 0.9]), min_size=1, max_size=300)


@given(reductions)
def test_the_gain_is_low_enough_all_through_each_millisecond(reduction):
    wanted = np.array(reduction)
    edges = eased(wanted, RELEASE_MS)
    line = drawn(edges, 0, len(wanted) * MS).reshape(-1, MS)

    assert len(edges) == len(wanted) + 1
    assert np.all(line >= wanted[:, None] - 1e-6)


@given(reductions)
def test_the_gain_never_jumps(reduction):
    """A step is a click. The whole way down takes at least the look-ahead."""
    edges = eased(np.array(reduction), RELEASE_MS)

    assert np.max(np.abs(np.diff(edges)), initial=0) <= 0.9 / (AHEAD_MS + 1) + 1e-6


def test_the_gain_begins_to_move_five_milliseconds_before_a_peak_and_is_back_after_three_releases():
    wanted = np.zeros(1000)
    wanted[500] = 0.5
    edges = eased(wanted, RELEASE_MS)

    assert np.all(edges[: 500 - AHEAD_MS] == 0)
    assert edges[500] == edges[501] == 0.5
    assert edges[500 + int(3 * RELEASE_MS) + AHEAD_MS] < 0.5 * 0.06
    assert np.all(np.diff(edges[502:]) <= 0)


@pytest.mark.slow
@given(
    seed=st.integers(0, 1000),
    dbfs=st.floats(-50, 0),
    target=st.floats(-30, -14),
    ceiling=st.floats(-9, -1),
    spike=st.floats(0, 1),
)
@settings(max_examples=25)
def test_loudness_is_met_and_no_peak_passes_the_ceiling(seed, dbfs, target, ceiling, spike):
    signal = speechlike(1.5, seed=seed, dbfs=dbfs)
    signal[len(signal) // 2] = spike * 2 * np.max(signal)

    level = levelled(signal, target, ceiling)

    assert true_peak_dbtp(level.samples) <= ceiling
    assert np.max(np.abs(level.samples.astype(int))) <= 32768 * 10 ** (ceiling / 20)
    assert len(level.samples) == len(signal)
    assert level.loudness_lufs == integrated_lufs(level.samples)
    assert level.loudness_lufs <= target + 0.1
    if ceiling >= target + 13:
        assert level.loudness_lufs == pytest.approx(target, abs=NEAR_ENOUGH_LU)


def test_what_needs_no_limiting_is_only_scaled():
    signal = speechlike(2, dbfs=-20)

    level = levelled(signal, -30, -1)

    ratio = level.samples / 32768 / np.where(np.abs(signal) > 0.01, signal, np.nan)
    assert np.nanmax(ratio) - np.nanmin(ratio) < 0.01


def test_a_steady_tone_keeps_its_shape_under_the_limiter():
    """Pumping or ripple would show as other frequencies beside the tone."""
    level = levelled(sine(2, hz=1000, dbfs=-20), -1, -3)

    middle = level.samples[24_000:72_000] / 32768
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))) ** 2
    others = np.delete(spectrum, range(995, 1006))
    assert level.true_peak_dbtp <= -3
    assert 10 * np.log10(np.sum(others) / np.sum(spectrum)) < -60


def test_a_peak_turns_down_its_own_neighbourhood_only():
    signal = speechlike(4, dbfs=-14)
    signal[96_000] = 1.0
    signal[96_001] = -1.0

    level = levelled(signal, -32, -6)

    ratio = np.abs(level.samples / 32768) / np.maximum(np.abs(signal), 1e-9)
    loud = np.abs(signal) > 0.05
    before = ratio[: 96_000 - (AHEAD_MS + 2) * MS][loud[: 96_000 - (AHEAD_MS + 2) * MS]]
    after = ratio[96_000 + 12 * int(RELEASE_MS) * MS :][loud[96_000 + 12 * int(RELEASE_MS) * MS :]]
    assert np.min(before) == pytest.approx(np.median(after), rel=0.01)


def test_silence_stays_silence():
    level = levelled(np.concatenate([silence(0.5), speechlike(1), silence(0.5)]), -16, -2)

    assert not level.samples[:24_000].any() and not level.samples[-24_000:].any()
    assert not levelled(silence(1), -16, -2).samples.any()
    assert levelled(silence(0), -16, -2).samples.shape == (0,)


def test_a_click_alone_is_not_driven_into_the_ceiling():
    """Twelve decibels of limiting are the most; then it stays softer than the target."""
    click = silence(2)
    click[1000] = 0.5

    level = levelled(click, -16, -2)

    assert level.loudness_lufs < -16 and level.true_peak_dbtp <= -2


def test_the_same_sound_gives_the_same_bytes():
    signal = speechlike(2)

    assert levelled(signal, -16, -2).samples.tobytes() == levelled(signal.copy(), -16, -2).samples.tobytes()


def test_full_scale_is_met_and_never_wraps():
    assert to_int16(np.array([1.5, 1.0, 0.5, -1.0, -7.0, 1e-5], dtype=np.float32)).tolist() == [
        *(32767, 32767, 16384, -32768, -32768, 0)
    ]


@pytest.mark.real
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize(("target", "ceiling"), [(-16, -2), (-23, -1), (-19, -6)])
def test_ffmpeg_agrees_that_it_is_as_loud_as_it_should_be(target, ceiling):
    signal = np.concatenate([silence(0.5), speechlike(3, seed=4), silence(1), speechlike(3, seed=5, dbfs=-6)])

    loudness, peak = measured_by_ffmpeg(levelled(signal, target, ceiling).samples)

    assert loudness == pytest.approx(target, abs=NEAR_ENOUGH_LU)
    assert peak <= ceiling + 0.05  # told to a tenth
