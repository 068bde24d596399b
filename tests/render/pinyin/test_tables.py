"""The shipped tables themselves: a slip in one of ten thousand entries is found here and not on the air."""

import re

import pytest

from broadcaster.model.pinyin import is_syllable
from broadcaster.render.pinyin import tables

NAMES = ("polyphones", "words", "places", "neutral", "plain", "usual", "settled", "surnames", "contexts")


@pytest.mark.parametrize("name", NAMES)
def test_every_table_says_in_its_first_line_what_it_holds(name):
    first = (tables.resources.files("broadcaster.render.pinyin") / f"{name}.tsv").read_text(encoding="utf-8")

    assert first.startswith("# ")


@pytest.mark.parametrize("name", ["words", "places"])
def test_words_have_one_syllable_a_character(name):
    rows = tables.rows(f"{name}.tsv")

    assert [row for row in rows if len(row) != 2 or len(row[0]) != len(row[1].split())] == []
    assert [row for row in rows for one in row[1].split() if not is_syllable(one)] == []


@pytest.mark.parametrize("name", ["words", "places"])
def test_no_word_stands_twice(name):
    words = [row[0] for row in tables.rows(f"{name}.tsv")]

    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_polyphones_stand_in_their_words_and_each_word_has_one_reading_of_each():
    seen = {}
    for char, reading, words in tables.rows("polyphones.tsv"):
        assert is_syllable(reading), (char, reading)
        for word in words.split():
            assert char in word and len(word) > 1, (char, word)
            assert seen.setdefault((char, word), reading) == reading, (char, word)


def test_usual_readings_are_syllables():
    assert [row for row in tables.rows("usual.tsv") if not is_syllable(row[1])] == []


def test_surnames_have_a_syllable_a_character_and_stand_once():
    rows = tables.rows("surnames.tsv")

    assert [
        row for row in rows if len(row[0]) != len(row[1].split()) or row[2:] not in ([], ["private"], ["untitled"])
    ] == []
    assert len({row[0] for row in rows}) == len(rows)


def test_surroundings_are_patterns_with_a_reading():
    for chars, reading, before, after in tables.rows("contexts.tsv"):
        assert chars and is_syllable(reading.removeprefix("!"))
        assert re.compile(before) and re.compile(after)


def test_what_is_neutral_is_known_with_its_stress():
    for (words,) in tables.rows("neutral.tsv"):
        assert [word for word in words.split() if len(word) < 2] == []


def test_only_old_measures_of_several_syllables_and_two_ghosts_have_no_reading():
    silent = "".join(chr(code) for code in range(0x4E00, 0x9FA6) if not tables.alone(chr(code)))

    assert silent == "兙兡嗧桛烪瓧瓰瓱瓼甅"
