"""Pinyin over hanzi, and the words that would settle a doubt."""

from broadcaster.model.texts import DoubtKind
from broadcaster.render.reading import read_any
from broadcaster.render.ruby import ruby

TEXT = "第2段：乐清的乐乐还2个东西。\n请7:30来。"


def test_every_sounding_character_has_its_own_syllable():
    found = ruby(TEXT)
    cells = [cell for line in found.lines for cell in line]

    assert found.reading == read_any(TEXT)
    assert [cell.pinyin for cell in cells if cell.pinyin] == [one.pinyin for one in found.reading.syllables]
    assert [cell.char for cell in cells if cell.pinyin] == [one.char for one in found.reading.syllables]
    assert len(found.lines) == 2


def test_a_word_settles_the_doubt_that_it_is_offered_for():
    found = ruby("乐清的乐乐还2个东西，重的很长，龟裂。")
    number = next(at for at, one in enumerate(found.reading.doubts) if one.kind is DoubtKind.POLYPHONE)
    doubt, word = found.reading.doubts[number], found.words[number][0]
    assert word.word[word.at] == doubt.written

    after = ruby("乐清的乐乐还2个东西，重的很长，龟裂。", [(word.word, word.said(doubt.alternatives[0]))])

    assert doubt.start not in [one.start for one in after.reading.doubts]
    assert doubt.alternatives[0] in [one.pinyin for one in after.reading.syllables]


def test_nothing_to_say_has_no_lines():
    assert ruby("").lines == ruby("\n\n").lines == ()
