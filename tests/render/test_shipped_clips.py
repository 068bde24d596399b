"""A sample of the shipped texts through the real voice, measured by ffmpeg; ``make bench`` measures all of them."""

import shutil
from datetime import timedelta

import pytest

from tests.measure.loudness import loudness

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
]

LONGEST = timedelta(minutes=3)


def test_shipped_clips_are_at_their_loudness_and_under_their_ceiling():
    measured = loudness(2)

    assert [str(one) for one in measured.sounds if not one.is_right] == []
    assert len(measured.sounds) >= 9 + 4
    assert all(one.length_s < LONGEST.total_seconds() for one in measured.sounds if "near" in one.name)
