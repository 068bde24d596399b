"""One word put into lexicon.toml, with everything else as it was."""

import pytest

from broadcaster.errors import Refused
from broadcaster.schedule.own_word import with_word
from broadcaster.schedule.own_words import parse_own_words

FILE = '# 我们的词\n[words]\n# 村名\n"大营村" = "da4 ying2 cun1" # 别改\n\n[people]\n"单丽" = "shan4 li4"\n'


def test_a_new_word_comes_in_and_comments_stay():
    made = with_word(FILE, "重阳", "chóng yáng")

    assert made == FILE.replace("[words]\n", '[words]\n"重阳" = "chóng yáng"\n')
    assert dict(parse_own_words(made).lexicon)["重阳"] == "chong2 yang2"


def test_a_word_that_is_there_is_replaced_where_it_stands():
    assert '[people]\n"单丽" = "dan1 li4"\n' in with_word(FILE, "单丽", "dan1 li4")


def test_a_file_without_the_table_gets_it():
    assert with_word("", "重阳", "chong2 yang2") == '[words]\n"重阳" = "chong2 yang2"\n'
    assert with_word('[people]\n"单丽" = "shan4 li4"', "重阳", "chong2 yang2").endswith(
        '\n\n[words]\n"重阳" = "chong2 yang2"\n'
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [("重阳", "chong2"), ("重阳", "chong2 yangg2"), ("", ""), ('x"\n[y]', "a1"), ("a", "a1"), ("重", "chong")],
)
def test_what_is_no_word_or_no_pinyin_is_refused(word, said):
    with pytest.raises(Refused):
        with_word(FILE, word, said)


def test_a_broken_file_is_left_alone():
    with pytest.raises(Refused) as caught:
        with_word("[words\n", "重阳", "chong2 yang2")

    assert caught.value.sentence.en == "lexicon.toml has a mistake and was left as it is. Put that right first."
