"""What holds for every text, whatever is in it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.pinyin import is_syllable
from broadcaster.render.pinyin import sound
from broadcaster.render.pinyin.words import Lexicons, split

COMMON = st.sampled_from(
    "一不了得地的着还都种干长重行为中分好会看教角结解大营村书记单查华第零十百千万两几个只数一二三四五"
)
HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
RARE = st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)
LETTERS = st.sampled_from("aZbYwifiQ")
MARKS = st.sampled_from("，。！？：；、《》“” \n")
TEXTS = st.text(st.one_of(COMMON, COMMON, HANZI, RARE, LETTERS, MARKS), max_size=60)
WORDS = st.lists(
    st.text(COMMON, min_size=1, max_size=4).flatmap(
        lambda word: st.tuples(
            st.just(word),
            st.lists(st.sampled_from(["ma1", "lv4", "de5"]), min_size=len(word), max_size=len(word)).map(" ".join),
        )
    ),
    max_size=4,
)


@given(TEXTS, WORDS)
@settings(max_examples=150, deadline=None)
def test_each_hanzi_and_letter_sounds_once_in_order_or_is_told_as_silent(text, lexicon):
    found = sound(text, lexicon)
    places = [one.at for one in found.sounds]

    assert places == sorted(set(places))
    assert sorted([*places, *found.silent]) == [at for at, char in enumerate(text) if char.isalpha()]
    assert all(one.syllable.char == text[one.at].upper() for one in found.sounds)


@given(TEXTS, WORDS)
@settings(max_examples=150, deadline=None)
def test_every_sound_is_a_syllable_or_a_letter(text, lexicon):
    for one in sound(text, lexicon).sounds:
        if one.syllable.char.isascii():
            assert one.syllable.pinyin == one.syllable.char
        else:
            assert is_syllable(one.syllable.pinyin), one


@given(st.text(COMMON, max_size=20), st.text(COMMON, min_size=1, max_size=4), st.text(COMMON, max_size=20))
@settings(max_examples=150, deadline=None)
def test_the_stations_own_word_wins_wherever_it_stands(before, word, after):
    readings = {
        one.at: one.syllable.pinyin for one in sound(before + word + after, [(word, "fiao4 " * len(word))]).sounds
    }
    covered = [at for at, reading in readings.items() if reading == "fiao4"]

    assert len(covered) >= len(word), "the word is in the text at least once"


@given(st.text(st.one_of(COMMON, HANZI), max_size=40))
@settings(max_examples=150, deadline=None)
def test_cutting_into_words_loses_nothing(run):
    assert "".join(split(run, Lexicons({}))) == run


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_typed_raises(text):
    sound(text)


@pytest.mark.slow
def test_fifty_thousand_characters_are_read():
    text = "大营村的乡亲们还得种好每一亩地，一个也不能少。" * 2_200

    assert len(sound(text).sounds) == sum(map(str.isalpha, text)) > 46_000


def test_surrogates_nuls_and_marks_of_direction_are_passed_over():
    assert [one.syllable.pinyin for one in sound("大\ud800\x00\u202e营").sounds] == ["da4", "ying2"]


def test_two_own_words_that_overlap_do_not_shift_each_other():
    found = sound("大营村口", [("大营村", "da4 ying2 cun1"), ("村口", "fiao4 fiao4")])

    assert len(found.sounds) == 4 and all(re.fullmatch(r"[a-z]+\d", one.syllable.pinyin) for one in found.sounds)
