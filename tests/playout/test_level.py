"""How loud: by setting and hour, an emergency in its own way, and never with a click."""

from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import LevelSpan, OutputSettings
from broadcaster.playout.level import Fader, gains_of

BLOCK = 960
EARLY = LevelSpan(QuietHours(time(6, 30), time(8)), -20.0)
NIGHT = LevelSpan(QuietHours(time(20), time(7)), -40.0)
MAIN = OutputSettings(name="main", level_db=-6.0206, levels=(EARLY, NIGHT), emergency_level_db=6.0206)


@pytest.mark.parametrize(
    ("local", "gain"),
    [(time(12), 0.5), (time(6, 30), 0.1), (time(7, 59, 59), 0.1), (time(8), 0.5), (time(23), 0.01), (time(6), 0.01)],
)
def test_the_hour_decides_how_loud_it_is_and_the_first_span_counts(local, gain):
    assert gains_of(MAIN, local) == pytest.approx((gain, 2.0), rel=1e-4)


@settings(deadline=None, max_examples=60)
@given(muted=st.booleans(), local=st.times(), level=st.floats(-60, 12))
def test_an_emergency_knows_no_mute_no_hour_and_no_level(muted, local, level):
    output = OutputSettings(name="a", is_muted=muted, level_db=level, levels=(NIGHT,), emergency_level_db=0.0)

    assert gains_of(output, local)[1] == 1.0


def test_a_muted_output_is_silent_but_for_emergencies():
    muted = OutputSettings(name="a", is_muted=True)

    assert gains_of(muted, time(12)) == (0.0, 1.0)


def test_full_level_leaves_the_samples_as_they_are():
    block = np.linspace(-1, 1, BLOCK, dtype=np.float32)

    assert Fader().fade(block, 1.0) is block


@settings(deadline=None, max_examples=60)
@given(gains=st.lists(st.floats(0, 4), min_size=2, max_size=8))
def test_no_change_of_level_clicks_and_nothing_passes_full_scale(gains):
    fader, steady = Fader(), np.full(BLOCK, 0.2, dtype=np.float32)

    heard = np.concatenate([fader.fade(steady, gain) for gain in gains])

    assert len(heard) == BLOCK * len(gains)
    assert np.max(np.abs(np.diff(heard))) <= 0.2 * 4 / BLOCK + 1e-4
    assert np.max(np.abs(heard)) <= 1.0
    assert heard[-1] == pytest.approx(min(1.0, 0.2 * gains[-1]), abs=1e-4)


def test_what_begins_after_a_rest_begins_at_the_level_of_its_own_hour():
    fader, block = Fader(), np.full(BLOCK, 0.2, dtype=np.float32)
    fader.fade(block, 1.0)
    fader.rest(0.5)

    assert np.all(fader.fade(block, 0.5) == np.float32(0.1))
