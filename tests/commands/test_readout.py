"""Pinyin stands over its own character in a terminal where a hanzi takes two columns."""

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.commands.readout import WIDTH, cells, readout, rows, width_of
from broadcaster.model.texts import Doubt, DoubtKind, Reading, Syllable
from broadcaster.model.words import Sentence
from broadcaster.render.reading import read_any

READING = Reading(
    text="乡亲们，\n查A组",
    spoken="乡亲们，\n查A组。",
    syllables=tuple(map(Syllable, "乡亲们查A组", ["xiang1", "qin1", "men5", "cha2", "A", "zu3"])),
    doubts=(
        Doubt(
            kind=DoubtKind.POLYPHONE,
            start=5,
            written="查",
            reading="cha2",
            alternatives=("zha1",),
            why=Sentence("姓查念 zhā。", "as a surname it is zha1."),
        ),
        Doubt(kind=DoubtKind.DROPPED, start=0, written="★", reading=""),
    ),
)


def test_a_reading_is_shown_line_by_line_with_what_is_in_doubt():
    assert readout(READING) == [
        "念作 / spoken: 乡亲们，\n查A组。",
        "",
        "  xiang1 qin1 men5",
        "  乡     亲   们   ，",
        "  cha2 A zu3",
        "  查   A 组  。",
        "",
        "拿不准的 2 处 / in doubt: 2",
        "  2:1 “查” → “cha2”，也能念 / or: zha1",
        "    姓查念 zhā。 / as a surname it is zha1.",
        "  1:1 “★” → 不念 / not said",
    ]


def test_a_reading_without_doubts_says_nothing_of_them():
    assert readout(read_any("大米。")) == ["念作 / spoken: 大米。", "", "  da4 mi3", "  大  米  。"]


def test_a_hanzi_takes_two_columns_and_a_mark_over_it_none():
    assert [width_of(text) for text in ("大", "a1", "，", "e\u0301", "")] == [2, 2, 2, 1, 0]


@given(st.text(alphabet="一二三重庆，。\nABC101 ", max_size=200))
def test_no_row_is_wider_than_the_terminal_and_no_syllable_is_lost(text):
    reading = read_any(text)
    shown = [row for line in cells(reading) for row in rows(line)]

    assert [cell.pinyin for row in shown for cell in row if cell.pinyin] == [one.pinyin for one in reading.syllables]
    for line in readout(reading)[1:]:
        assert width_of(line.rstrip("，。 ")) <= WIDTH + 1
