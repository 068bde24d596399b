"""What espeak-ng makes of our pinyin: every syllable, in each version that is here."""

import pytest

from tests.measure.espeak import espeak_score, libraries, parsed, shipped_phrases, standard_syllables

LIBRARIES = libraries()
EVERY = 25


def test_phonemes_are_parsed_back_to_syllables():
    assert parsed("ts.h'ua55n_|") == ("chuan", "1")
    assert parsed("t@22_|") == ("de", "5")
    assert parsed("tS;'ong214_|") == ("jong", "3")
    assert parsed("(en)kS@Nt'u:(cmn)_|")[1] == ""


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not LIBRARIES, reason="no library of espeak-ng is installed")
@pytest.mark.parametrize("library", LIBRARIES, ids=[one.name for one in LIBRARIES])
def test_every_syllable_is_said_as_it_is_written(library):
    score = espeak_score(library, standard_syllables(), "syllables")

    assert score.misses == ()
    assert score.of > 2_000


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not LIBRARIES, reason="no library of espeak-ng is installed")
@pytest.mark.parametrize("library", LIBRARIES, ids=[one.name for one in LIBRARIES])
def test_phrases_of_the_shipped_scripts_are_said_as_they_are_written(library):
    score = espeak_score(library, shipped_phrases()[::EVERY], "phrases")

    assert score.misses == ()
    assert score.of > 300
