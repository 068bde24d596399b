"""The lexicon on the page: found, heard, added, changed, taken out, taken back; never lost between two people."""

import pytest

from broadcaster.model.people import Role
from broadcaster.station.lexicondesk import ALREADY_THERE, NOTHING_TO_UNDO, SOMEBODY_ELSE
from broadcaster.study.roster import Person, Roster, person_id

FILE = """# 村里的词
[words]
"盖家营" = "ge3 jia1 ying2" # 不念盖

[people]
"单桂兰" = "shan4 gui4 lan2"
"""


@pytest.fixture
def lexicon(house):
    house.village.home.lexicon.write_text(FILE, encoding="utf-8")
    house.village.advance(2)
    return house.village.home.lexicon


def words_of(house):
    return dict(house.station._books.in_force.lexicon)


def test_words_and_names_are_listed_and_found(house, owner, lexicon):
    words = owner.open("/settings").open("/settings/lexicon").words
    assert "词表里的（2 个）" in words and "盖家营 ge3 jia1 ying2" in words and "单桂兰 shan4 gui4 lan2 人名" in words

    found = owner.open("/settings/lexicon?find=GUI4").words
    assert "单桂兰" in found and "盖家营" not in found
    assert "没有找到。" in owner.open("/settings/lexicon?find=没有的").words


def test_a_word_is_added_and_is_in_force_at_once(house, owner, lexicon):
    owner.open("/settings/lexicon/word").press("存", word="乐清", said="yuè qīng")

    assert "记住了" in owner.words and "“乐清”念 yue4 qing1" in owner.words
    assert words_of(house)["乐清"] == "yue4 qing1"
    assert house.deeds()[-1] == ("王主任", "lexicon.word", "乐清", "", "yue4 qing1")
    assert '"盖家营" = "ge3 jia1 ying2" # 不念盖\n' in lexicon.read_text(encoding="utf-8")


def test_a_name_is_changed_moved_and_taken_out_and_taken_back(house, owner, lexicon):
    owner.open("/settings/lexicon/word?word=单桂兰").press("存", said="dan1 gui4 lan2", table="words")
    assert house.deeds()[-1] == ("王主任", "lexicon.word", "单桂兰", "shan4 gui4 lan2", "dan1 gui4 lan2")
    assert "单桂兰 dan1 gui4 lan2 人名" not in owner.words

    owner.open("/settings/lexicon/word?word=单桂兰").press("从词表里删掉")
    assert "单桂兰" not in words_of(house)
    assert house.deeds()[-1] == ("王主任", "lexicon.word", "单桂兰", "dan1 gui4 lan2", "")

    owner.press("撤销这次改动")
    assert words_of(house)["单桂兰"] == "dan1 gui4 lan2"
    assert house.deeds()[-1] == ("王主任", "lexicon.word", "单桂兰", "", "dan1 gui4 lan2")


def test_a_word_is_heard_before_it_is_saved(house, owner, lexicon):
    owner.open("/settings/lexicon/word").press("听一听", word="乐清", said="yuè qīng")

    assert "<audio controls" in owner.answer.text and 'value="yuè qīng"' in owner.answer.text
    order = house.village.renderer.orders[-1]
    assert order.texts == ("乐清",) and order.lexicon[-1] == ("乐清", "yue4 qing1")
    assert lexicon.read_text(encoding="utf-8") == FILE and house.village.heard == []


@pytest.mark.parametrize(
    ("word", "said", "wrong"),
    [
        ("", "yue4", "'' 不能放进词表。只写 1 到 20 个汉字，不要标点和字母。"),
        ("abc", "yue4", "'abc' 不能放进词表。"),
        ("乐清", "yue4", "'乐清' 有 2 个字，'yue4' 却有 1 个音。请一字一音。"),
        ("乐清", "le qing", "'le' 不是带声调的拼音。"),
        ('乐"\n清', "yue4 qing1", "不能放进词表。"),
    ],
)
@pytest.mark.parametrize("button", ["存", "听一听"])
def test_what_cannot_be_read_is_refused_with_what_would_be_right(owner, lexicon, word, said, wrong, button):
    owner.open("/settings/lexicon/word").press(button, word=word, said=said)

    assert owner.code == 422 and wrong in owner.words and f'value="{said}"' in owner.answer.text
    assert lexicon.read_text(encoding="utf-8") == FILE


def test_two_people_at_one_word(house, owner, lexicon):
    other = house.person("李会计", Role.EDITOR)
    other.open("/settings/lexicon/word?word=盖家营")
    owner.open("/settings/lexicon/word?word=盖家营").press("存", said="gai4 jia1 ying2")
    other.press("存", said="ge3 jia5 ying2")

    assert other.code == 422 and SOMEBODY_ELSE.zh in other.words and 'value="ge3 jia5 ying2"' in other.answer.text
    assert words_of(house)["盖家营"] == "gai4 jia1 ying2"
    other.press("存")
    assert words_of(house)["盖家营"] == "ge3 jia5 ying2"


def test_a_word_that_is_there_is_not_added_twice(owner, lexicon):
    owner.open("/settings/lexicon/word").press("存", word="盖家营", said="gai4 jia1 ying2")

    assert owner.code == 422 and ALREADY_THERE.zh in owner.words
    assert lexicon.read_text(encoding="utf-8") == FILE


def test_what_was_edited_by_hand_since_is_not_taken_back(house, owner, lexicon):
    owner.open("/settings/lexicon/word").press("存", word="乐清", said="yue4 qing1")
    lexicon.write_text(lexicon.read_text(encoding="utf-8") + '"阿" = "a1"\n', encoding="utf-8")
    owner.press("撤销这次改动")

    assert owner.code == 409 and NOTHING_TO_UNDO.zh in owner.words
    assert "撤销这次改动" not in owner.open("/settings/lexicon").buttons()


def test_names_of_the_points_sheet_can_be_put_right(house, owner, lexicon):
    people = tuple(
        Person(id=person_id(name, "一组"), name=name, group="一组", pinyin=said)
        for name, said in (("曾乐", "zeng1 le4"), ("单桂兰", "dan1 gui4 lan2"))
    )
    house.station._books.bulletins.roster = Roster(people=people)
    words = owner.open("/settings/lexicon").words
    assert "积分表里的人名（1 个）" in words and "曾乐 zeng1 le4" in words

    owner.open("/settings/lexicon/word?word=曾乐").press("存", said="zeng1 yue4")
    assert '[people]\n"曾乐" = "zeng1 yue4"' in lexicon.read_text(encoding="utf-8")


def test_a_broken_file_is_shown_and_left_alone(house, owner, lexicon):
    lexicon.write_text("[words\n", encoding="utf-8")
    assert "lexicon.toml 有写错的地方，整个用不了。" in owner.open("/settings/lexicon").words
    owner.open("/settings/lexicon/word").press("存", word="乐清", said="yue4 qing1")
    assert owner.code == 422 and lexicon.read_text(encoding="utf-8") == "[words\n"


def test_a_full_disk_says_so_and_keeps_the_old(owner, lexicon, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("broadcaster.station.lexicondesk.write_durably", full)
    owner.open("/settings/lexicon/word").press("存", word="乐清", said="yue4 qing1")
    assert owner.code == 422 and "词表 lexicon.toml 没有存成：No space left on device。原来的还在。" in owner.words
    assert lexicon.read_text(encoding="utf-8") == FILE


def test_editors_may_and_others_may_not(house):
    assert house.person("李会计", Role.EDITOR).open("/settings/lexicon").code == 200
    other = house.person("赵六", Role.EMERGENCY)
    assert other.open("/settings/lexicon").code == 403
    assert other.open("/today").send("/settings/lexicon/word", word="乐清", said="yue4 qing1").code == 403


def test_in_english(owner, lexicon):
    owner.open("/settings/lexicon").press("就这样", language="en")
    assert "In the lexicon (2)" in owner.words
