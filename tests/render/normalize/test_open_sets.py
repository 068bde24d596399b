"""The figures of docs/speech.md, counted on sets made by others."""

import pytest

from tests.measure import speech

pytestmark = pytest.mark.skipif(not speech.DATA.exists(), reason=f"the open test sets are not at {speech.DATA}")


def test_every_hard_village_sentence_is_read_right():
    score = speech.hard_set()

    assert score.misses == ()
    assert score.of >= 40


def test_more_than_eighty_five_percent_of_the_wetext_pairs_are_read_as_they_want():
    score = speech.wetext()

    assert score.of >= 130
    assert score.right / score.of >= 0.85
