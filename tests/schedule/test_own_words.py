"""lexicon.toml: what it holds, and every way in which it can be wrong."""

import pytest

from broadcaster.model.words import Complaint, Sentence
from broadcaster.schedule.own_words import parse_own_words


def test_words_and_people_are_read_in_either_spelling():
    found = parse_own_words('[words]\n"大营村" = "da4 ying2 cun1"\n"谢桥" = "xiè qiáo"\n[people]\n"单丽" = "Shàn lì"\n')

    assert found.lexicon == (("大营村", "da4 ying2 cun1"), ("谢桥", "xie4 qiao2"), ("单丽", "shan4 li4"))
    assert found.complaints == ()


def test_people_come_last_so_that_their_names_win_over_words():
    found = parse_own_words('[people]\n"解放" = "xie4 fang4"\n[words]\n"解放" = "jie3 fang4"\n')

    assert found.lexicon == (("解放", "jie3 fang4"), ("解放", "xie4 fang4"))


def test_an_empty_file_and_one_of_comments_hold_nothing():
    assert parse_own_words("").lexicon == parse_own_words("# 一个也没有\n[words]\n[people]\n").lexicon == ()


@pytest.mark.parametrize(
    ("text", "path", "zh", "en"),
    [
        (
            '[words]\n"大营村" = "da4 ying2"',
            "words.大营村",
            "'大营村' 有 3 个字，'da4 ying2' 却有 2 个音。请一字一音。",
            "'大营村' has 3 characters, but 'da4 ying2' has 2 syllables. Write one syllable a character.",
        ),
        (
            '[people]\n"单丽" = "shan li"',
            "people.单丽",
            '\'shan\' 不是带声调的拼音。请一字一音，声调写数字（轻声 5，ü 写 v），例如 "大营村" = "da4 ying2 cun1"，'
            "或者照拼音标调。",
            "'shan' is not pinyin with tones. Write one syllable a character, with tone numbers (5 for the "
            'neutral tone, v for ü), for example "大营村" = "da4 ying2 cun1", or with tone marks.',
        ),
        (
            '"大营村" = "da4 ying2 cun1"',
            "大营村",
            "这一行要写在 [words]（词）或 [people]（人名）下面。请移过去。",
            "this line belongs below [words] or, for the name of a person, [people]. Move it there.",
        ),
        (
            '[word]\n"大营村" = "da4 ying2 cun1"',
            "word",
            "没有叫 'word' 的段落。是不是 'words'？能写的有：people、words。",
            "there is no table called 'word'. Did you mean 'words'? Known: people, words.",
        ),
        (
            "words = 3",
            "words",
            "'3' 的位置不对，这里要一个表。请单独写一行 [words]，下面每行写一项。",
            "'3' is in the place of a table. Write [words] on a line of its own and one key a line below it.",
        ),
    ],
)
def test_a_line_with_a_mistake_is_told_and_left_out(text, path, zh, en):
    found = parse_own_words(text)

    assert found.complaints == (Complaint(file="lexicon.toml", path=path, what=Sentence(zh, en)),)
    assert found.lexicon == ()


def test_the_lines_beside_a_mistake_count():
    found = parse_own_words('[words]\n"单" = "dan"\n"查营" = "zha1 ying2"\n')

    assert found.lexicon == (("查营", "zha1 ying2"),)
    assert len(found.complaints) == 1


def test_a_file_that_is_no_toml_is_told_and_has_no_words():
    found = parse_own_words("[words]\n大营 = da4 ying2\n")

    assert found.lexicon is None
    assert [one.what.zh for one in found.complaints] == [
        '第 2 行第 1 个字写得不对：\'大营 = da4 ying2\'。等号前面的汉字要加英文引号，例如 "大营村" = "da4 ying2 cun1"。'
    ]
