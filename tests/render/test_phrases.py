"""Cutting a reading into phrases: at its marks, longer between names, and never in the middle of a word or a number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.render.names import is_a_name
from broadcaster.render.phrases import LONGEST_PHRASE, Pause, phrases
from broadcaster.render.reading import read_any, read_text


def cut(text):
    return [(phrase.spoken, phrase.pause) for phrase in phrases(read_text(text))]


def test_marks_are_pauses_of_their_own_length():
    assert cut("乡亲们，今天停水。请储水！\n明天恢复：早上来水；") == [
        ("乡亲们", Pause.COMMA),
        ("今天停水", Pause.SENTENCE),
        ("请储水", Pause.PARAGRAPH),
        ("明天恢复", Pause.COMMA),
        ("早上来水", Pause.SENTENCE),
    ]


@pytest.mark.parametrize(
    ("text", "between_names"),
    [
        ("张建国、李秀英、王德发。", 2),
        ("第一名，张建国、李秀英，都是四万分。", 1),
        ("上榜的有张建国、欧阳明、王德发三位同志。", 2),
        ("请张伟、王芳、李娜到村委会。", 2),
        ("地里有黄豆、高粱、马铃薯。", 0),
        ("今天去了东坡、西沟、南岭。", 0),
        ("带上雨衣、雨鞋、手电。", 0),
        ("白菜、张建国、萝卜。", 0),
    ],
)
def test_between_the_names_of_people_the_pause_is_one_of_its_own(text, between_names):
    pauses = [pause for _, pause in cut(text)]

    assert pauses.count(Pause.NAME) == between_names


@pytest.mark.parametrize("name", ["张建国", "李娜", "欧阳明", "诸葛小亮", "单丽"])
def test_a_name_begins_with_a_surname(name):
    assert is_a_name(name)


@pytest.mark.parametrize("word", ["黄豆", "马铃薯", "方便", "张", "村委会", "雨衣", "高高兴兴", ""])
def test_a_word_is_no_name(word):
    assert not is_a_name(word)


LONG = (
    "县里的农业技术员明天上午到咱们村的文化广场给大家讲怎么防治小麦的条锈病和赤霉病"
    "还要现场演示怎么配药怎么打药欢迎大家都来听"
)


def test_a_long_stretch_is_cut_into_equal_parts_after_a_particle_or_between_words():
    text = LONG * 4

    pieces = [piece for piece, _ in cut(text)]

    assert "".join(pieces) == text
    assert len(pieces) == 3
    assert max(map(len, pieces)) <= LONGEST_PHRASE and min(map(len, pieces)) > LONGEST_PHRASE / 2
    assert all(piece.endswith(("的", "了", "着", "过")) for piece in pieces[:-1]), pieces
    assert [pause for _, pause in cut(text)] == [Pause.NONE, Pause.NONE, Pause.SENTENCE]


def test_without_a_particle_near_the_cut_is_between_two_words():
    text = "自行车" * 45

    assert [len(piece) % 3 for piece, _ in cut(text)] == [0, 0]
    assert cut("山" * 70 + "和" + "山" * 59)[1][0].startswith("和")


def test_a_number_is_never_cut():
    text = "大家好" * 20 + "请打电话幺三八零零零零幺二三四五六七八九零幺二三四五" + "大家好" * 30

    pieces = [piece for piece, _ in cut(text)]

    assert len(pieces) == 2
    assert any("幺三八零零零零幺二三四五六七八九零幺二三四五" in piece for piece in pieces)


def test_marks_without_words_between_them_are_one_pause():
    assert cut("好，。好") == [("好", Pause.SENTENCE), ("好", Pause.SENTENCE)]
    assert cut("好，“”。好")[0] == ("好", Pause.SENTENCE)


alphabet = st.sampled_from([*"的了张王李三八零好大村水，、。！\n；A x“", "欧阳", "马铃薯", "一千"])


@given(st.lists(alphabet, max_size=400).map("".join))
@settings(max_examples=60)
def test_nothing_is_left_out_and_no_phrase_is_too_long(text):
    reading = read_any(text)

    found = phrases(reading)

    assert tuple(one for phrase in found for one in phrase.syllables) == reading.syllables
    assert all(len(phrase.spoken) <= LONGEST_PHRASE and phrase.syllables for phrase in found)
    assert all(phrase.pause is not Pause.NONE for phrase in found[-1:])
