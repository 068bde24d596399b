"""What nobody has levelled stays below the ceiling, and what is quiet enough stays as it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.playout.limiter import KNEE, Limiter
from tests.pulse import RATE_HZ, tone

CEILING_DB = -2.0
CEILING = 10 ** (CEILING_DB / 20)


def limited(samples, block=480):
    limiter = Limiter(CEILING_DB)
    samples = np.asarray(samples, dtype=np.float32)
    return np.concatenate([limiter.limit(samples[at : at + block]) for at in range(0, len(samples), block)])


def test_what_is_quiet_enough_is_not_touched():
    quiet = tone(300, 1.0, 0.9 * KNEE * CEILING).astype(np.float32)

    assert np.array_equal(limited(quiet), quiet)


@given(peaks=st.lists(st.floats(0, 4), min_size=1, max_size=20), block=st.sampled_from([1, 7, 480, 5000]))
@settings(max_examples=30, deadline=None)
def test_no_sample_passes_the_ceiling(peaks, block):
    loud = np.concatenate([tone(300, 0.02, peak) for peak in peaks])

    heard = limited(loud, block)

    assert len(heard) == len(loud)
    assert np.max(np.abs(heard), initial=0.0) <= CEILING + 1e-6


def test_the_gain_moves_without_a_jump():
    loud = np.concatenate([tone(100, 0.5, 0.3), tone(100, 0.5, 1.0), tone(100, 0.5, 0.3)])

    assert np.max(np.abs(np.diff(limited(loud)))) < 0.03


def test_after_a_shout_it_comes_back_within_a_second():
    heard = limited(np.concatenate([tone(300, 0.5, 2.0), tone(300, 1.5, 0.3)]))

    assert np.max(np.abs(heard[-RATE_HZ // 10 :])) == pytest.approx(0.3, abs=0.01)
