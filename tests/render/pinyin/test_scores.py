"""How well open sets made by others are read; what must not get worse."""

import pytest

from tests.measure.speech import DATA, cpp, hard_set_pinyin

needs_the_sets = pytest.mark.skipif(not DATA.is_dir(), reason=f"the open test sets are not at {DATA}")


@needs_the_sets
def test_no_syllable_of_the_hard_village_sentences_is_wrong():
    assert hard_set_pinyin().misses == ()


@pytest.mark.slow
@needs_the_sets
def test_at_least_97_of_100_polyphones_of_books_and_news_are_right():
    score = cpp()

    assert score.right / score.of >= 0.97, [str(miss) for miss in score.misses]
