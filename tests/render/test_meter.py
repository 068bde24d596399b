"""Our meter against the published reference signals of EBU Tech 3341, and against ffmpeg's."""

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.render.loudness import to_int16
from broadcaster.render.meter import (
    BLOCK_MS,
    MS,
    PIECE,
    energies,
    integrated_lufs,
    lufs_of,
    sample_peaks,
    true_peak_dbtp,
)
from tests.render.signals import measured_by_ffmpeg, silence, sine, speechlike

MONO = 10 * np.log10(2)
"""The reference signals have two equal channels; one of them alone is 3 dB less loud."""
EBU_TOLERANCE_LU = 0.1
GATED = {
    "1: 1 kHz at -23 dBFS": (-23.0, [(20, -23)]),
    "2: 1 kHz at -33 dBFS": (-33.0, [(20, -33)]),
    "3: soft before and after": (-23.0, [(10, -36), (60, -23), (10, -36)]),
    "4: below the absolute gate, too": (-23.0, [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)]),
    "5: three levels": (-23.0, [(20, -26), (20.1, -20), (20, -26)]),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", GATED)
def test_the_reference_signals_of_ebu_tech_3341_are_as_loud_as_published(case):
    loudness, steps = GATED[case]
    signal = np.concatenate([sine(seconds, dbfs=dbfs) for seconds, dbfs in steps])

    assert integrated_lufs(signal) == pytest.approx(loudness - MONO, abs=EBU_TOLERANCE_LU)


PEAKS = {
    "15: quarter of the rate, 0 degrees": (-6.0, 12_000, 0.0),
    "16: quarter of the rate, 45 degrees": (-6.0, 12_000, np.pi / 4),
    "17: sixth of the rate, 60 degrees": (-6.0, 8_000, np.pi / 3),
    "18: eighth of the rate, 67.5 degrees": (-6.0, 6_000, 67.5 / 180 * np.pi),
}


@pytest.mark.parametrize("case", PEAKS)
def test_the_peak_between_the_samples_is_found_as_published(case):
    """Tech 3341 allows +0.2 and -0.4 dB. A meter of samples alone would miss up to 3 dB."""
    peak, hz, phase = PEAKS[case]
    t = np.arange(48_000) / 4800
    signal = sine(1, hz=hz, dbfs=peak, phase=phase) * np.minimum(1, np.minimum(t, t[::-1])).astype(np.float32)

    assert peak - 0.4 <= true_peak_dbtp(signal) <= peak + 0.2


def test_silence_and_nothing_have_no_loudness_and_no_peak():
    for signal in (silence(1), silence(0), to_int16(silence(0.3))):
        assert integrated_lufs(signal) == float("-inf")
        assert true_peak_dbtp(signal) == float("-inf")


def test_pauses_do_not_make_speech_softer():
    said = speechlike(6)
    with_pauses = np.concatenate([said, silence(8), said])

    assert integrated_lufs(with_pauses) == pytest.approx(integrated_lufs(said), abs=0.3)


def test_what_is_shorter_than_a_block_is_measured_as_if_silence_followed():
    short = sine(0.1, dbfs=-20)

    assert integrated_lufs(short) == pytest.approx(-20 - MONO + 10 * np.log10(100 / BLOCK_MS), abs=0.2)


def test_whole_numbers_and_fractions_measure_the_same():
    signal = speechlike(2)

    assert integrated_lufs(to_int16(signal)) == pytest.approx(integrated_lufs(signal), abs=0.01)
    assert true_peak_dbtp(to_int16(signal)) == pytest.approx(true_peak_dbtp(signal), abs=0.01)


@given(start=st.integers(0, 2 * PIECE), gain_db=st.floats(-40, 0))
@settings(max_examples=20)
def test_neither_place_nor_level_changes_what_is_measured(start, gain_db):
    """Pieces are an accident of how it is computed: a sound across their edge measures as it does within one."""
    said = speechlike(1.0) * np.float32(10 ** (gain_db / 20))
    moved = np.concatenate([np.zeros(start // MS * MS, dtype=np.float32), said])

    assert np.sum(energies(moved)) == pytest.approx(np.sum(energies(said)), rel=1e-3)
    assert true_peak_dbtp(moved) == pytest.approx(true_peak_dbtp(said), abs=1e-4)


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=400))
@settings(max_examples=50)
def test_no_peak_is_lower_than_its_highest_sample(values):
    signal = np.array(values, dtype=np.int16)
    highest = np.max(np.abs(signal.astype(float))) / 32768

    assert np.max(sample_peaks(signal)) == pytest.approx(highest)
    assert highest == 0 or true_peak_dbtp(signal) >= 20 * np.log10(highest) - 1e-4


def test_energies_are_those_of_the_filter_of_the_standard():
    """Against the recursion of BS.1770 itself, sample by sample."""
    signal = speechlike(0.8, seed=5)
    x = signal.astype(float)
    for (b0, b1, b2), (a1, a2) in (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
    ):
        y = np.zeros(len(x))
        for n in range(len(x)):
            y[n] = b0 * x[n]
            y[n] += b1 * x[n - 1] - a1 * y[n - 1] if n >= 1 else 0
            y[n] += b2 * x[n - 2] - a2 * y[n - 2] if n >= 2 else 0
        x = y

    assert energies(signal) == pytest.approx((x * x).reshape(-1, MS).sum(axis=1), rel=1e-3, abs=1e-9)
    assert lufs_of(energies(signal)) == pytest.approx(lufs_of((x * x).reshape(-1, MS).sum(axis=1)), abs=0.001)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_we_measure_what_ffmpeg_measures(seed):
    signal = to_int16(np.concatenate([speechlike(3, seed=seed), silence(1.3), speechlike(2, seed=seed + 9, dbfs=-9)]))

    loudness, peak = measured_by_ffmpeg(signal)

    assert integrated_lufs(signal) == pytest.approx(loudness, abs=0.1)
    assert true_peak_dbtp(signal) == pytest.approx(peak, abs=0.15)
