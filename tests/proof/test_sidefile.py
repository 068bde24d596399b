"""What was approved comes back as it was; what a careless hand made of it is told, with its place."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import ReadingUnusable
from broadcaster.model.texts import ApprovedReading, Reading, Syllable
from broadcaster.proof.sidefile import approved, as_reading, parse_reading, text_hash, write_reading
from broadcaster.render.reading import read_any

AT = datetime(2026, 11, 24, 7, 30, 0, 123, tzinfo=timezone(timedelta(hours=8)))
NAME = "event/water-off"
FILE = """\
text_sha256 = "abab"
who = "王书记"
at = 2026-11-24T07:30:00+08:00

[[line]]
spoken = "单丽，今天。\\n"
pinyin = "shan4 LÜ4 jin1 tian1"

[[line]]
spoken = "A组"
pinyin = "a zu3"
"""


def test_a_file_that_a_person_wrote_is_read():
    assert parse_reading(NAME, FILE) == ApprovedReading(
        script=NAME,
        text_sha256="abab",
        spoken="单丽，今天。\nA组",
        syllables=(
            Syllable("单", "shan4"),
            Syllable("丽", "lv4"),
            Syllable("今", "jin1"),
            Syllable("天", "tian1"),
            Syllable("A", "A"),
            Syllable("组", "zu3"),
        ),
        who="王书记",
        at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC),
    )


def test_an_approved_reading_is_written_as_people_can_read_it():
    reading = read_any("乡亲们，102户。\n说好。")

    written = write_reading(approved(reading, NAME, " 王书记\n", AT))

    assert written.split("\n\n", 1)[1] == (
        f'text_sha256 = "{text_hash(reading.text)}"\n'
        'who = "王书记"\n'
        "at = 2026-11-24T07:30:00+08:00\n"
        "\n"
        "[[line]]\n"
        'spoken = "乡亲们，一百零二户。\\n"\n'
        'pinyin = "xiang1 qin1 men5 yi4 bai3 ling2 er4 hu4"\n'
        "\n"
        "[[line]]\n"
        'spoken = "说好。"\n'
        'pinyin = "shuo1 hao3"\n'
    )


def test_what_has_no_syllable_is_not_kept_so_nobody_takes_it_for_spoken():
    reading = Reading(text="é大²", spoken="é大²\x7f\u2028", syllables=(Syllable("大", "da4"),))

    assert approved(reading, NAME, "王", AT).spoken == "大"


def test_the_kept_reading_is_that_of_the_text_for_the_voice():
    kept = approved(read_any("今天停水。"), NAME, "王", AT)

    assert as_reading(kept, "今天停水。") == read_any("今天停水。")


def test_a_reading_that_no_voice_could_speak_is_not_kept():
    reading = Reading(text="诶", spoken="诶", syllables=(Syllable("诶", "ê4"),))

    with pytest.raises(ReadingUnusable) as caught:
        approved(reading, NAME, "王", AT)

    assert caught.value.sentence.zh == "第 1 行“诶”的 'ê4' 不是带数字声调的拼音，比如 ying2。"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="一不了行长重101.-:，。\n “”A\"\\'", max_size=60))
def test_whatever_is_read_comes_back_from_the_file_as_it_was_approved(text):
    reading = read_any(text)
    if not reading.syllables:
        return
    kept = approved(reading, NAME, "王书记", AT)

    assert parse_reading(NAME, write_reading(kept)) == kept
    assert kept.syllables == reading.syllables


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        (
            'spoken = "A组"',
            'spoken = "A组 B"',
            "第 2 行有 3 个字，却有 2 个音。请一字一音。",
            "line 2 has 3 characters but 2 syllables. Write one syllable a character.",
        ),
        (
            "shan4",
            "dan",
            "第 1 行“单”的 'dan' 不是带数字声调的拼音，比如 ying2。",
            "line 1: 'dan' for 单 is not pinyin with a tone number, as in ying2.",
        ),
        (
            'spoken = "A组"',
            'spoken = "4组"',
            "第 2 行里有数字 '4'。念法里要写成汉字，比如“四万”。",
            "line 2 holds the digit '4'. A reading is written in hanzi, for example 四万.",
        ),
        (
            'pinyin = "a zu3"',
            "",
            "'line 2.pinyin' 没有写。",
            "'line 2.pinyin' is missing.",
        ),
        ('who = "王书记"', "", "'who' 没有写。", "'who' is missing."),
        (
            "+08:00",
            "",
            "'at' 要写成带时区的时间，比如 2026-11-24T07:30:00+08:00。",
            "'at' must be a time with its offset, for example 2026-11-24T07:30:00+08:00.",
        ),
        (
            "who =",
            "whom =",
            "没有叫 'whom' 的一项。能写的有：line、text_sha256、who、at。",
            "there is no key called 'whom'. Known: line, text_sha256, who, at.",
        ),
        (
            FILE[FILE.index("\n[[line]]") :],
            "",
            "没有一行 [[line]]。",
            "it holds no [[line]].",
        ),
        (
            FILE[FILE.index("\n[[line]]") :],
            '\n[[line]]\nspoken = "。"\npinyin = ""\n',
            "里面没有可念的字。",
            "there is nothing to say in it.",
        ),
    ],
)
def test_every_slip_of_a_hand_is_told_with_its_place(old, new, zh, en):
    assert old in FILE
    with pytest.raises(ReadingUnusable) as caught:
        parse_reading(NAME, FILE.replace(old, new))

    assert (caught.value.sentence.zh, caught.value.sentence.en) == (zh, en)


@pytest.mark.parametrize("text", ["who = ", "[" * 2000, "line = 3", "\x00", "a = 1979-05-27T25:00:00Z"])
def test_what_is_no_such_file_is_refused_in_words(text):
    with pytest.raises(ReadingUnusable):
        parse_reading(NAME, text)
