"""Two readings side by side."""

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.texts import Syllable
from broadcaster.proof.differences import differences


def said(spoken, pinyin):
    return spoken, tuple(map(Syllable, [char for char in spoken if char.isalnum()], pinyin.split()))


def found(before, after):
    return [(one.place, one.before, one.after) for one in differences(*before, *after)]


def test_another_syllable_of_the_same_character_is_shown_with_its_neighbours():
    before = said("请单丽同志上台。", "qing3 shan4 li4 tong2 zhi4 shang4 tai2")
    after = said("请单丽同志上台。", "qing3 dan1 li4 tong2 zhi4 shang4 tai2")

    assert found(before, after) == [("请单丽同", "单 shan4", "单 dan1")]


def test_other_words_and_other_pauses_are_differences():
    before = said("幺零幺户，到。", "yao1 ling2 yao1 hu4 dao4")
    after = said("一百零一户到。", "yi4 bai3 ling2 yi1 hu4 dao4")

    assert found(before, after) == [
        ("幺零幺", "幺 yao1", "一百 yi4 bai3"),
        ("幺零幺户，", "幺 yao1", "一 yi1"),
        ("幺户，到。", "，", "（停顿没有了 / no pause）"),
    ]


def test_marks_that_nobody_hears_make_no_difference():
    before = said("“单丽”—《好》。", "shan4 li4 hao3")

    assert found(before, said("单丽好。", "shan4 li4 hao3")) == []


def test_a_difference_is_a_sentence_in_both_languages():
    [one] = differences(*said("单丽", "shan4 li4"), *said("单丽", "dan1 li4"))

    assert one.sentence.zh == "“单丽”：批准的念“单 shan4”，今天的规则念“单 dan1”"
    assert one.sentence.en == "in “单丽”: approved “单 shan4”, today's rules say “单 dan1”"


@given(st.text(alphabet="一二三，。\n", max_size=12), st.text(alphabet="一二三，。\n", max_size=12))
def test_there_is_no_difference_exactly_between_equals(one, other):
    def plain(text):
        return said(text, " ".join({"一": "yi1", "二": "er4", "三": "san1"}[c] for c in text if c.isalnum()))

    assert (found(plain(one), plain(other)) == []) == (one == other)
