"""What normalising promises for any text at all."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadcaster.model.texts import DoubtKind
from broadcaster.render.normalize import normalize
from broadcaster.render.normalize.clean import plain
from broadcaster.render.normalize.marks import PAUSES, QUOTES
from broadcaster.render.normalize.markup import HANZI

SIGNS = "0123456789.,:;/-—~+*=<>()（）[]【】《》“”\"'#@%‰℃°¥$×÷±≥|_^&!?…·① \n\t，。、：；！？"
WORDS = "年月日时点分秒号第元个名户人亩斤米度温以比为至到零一二两三十百千万亿周电话码室王张村"
LETTERS = "aAmkgGWwhtsIVxXTLP"
texts = st.text(alphabet=st.sampled_from(SIGNS + WORDS + LETTERS), max_size=40) | st.text(max_size=40)


@given(texts)
@settings(max_examples=150, deadline=None)
@example("“《》”")
@example("2026-13-45")
@example("-5℃~-3℃")
def test_normalising_twice_changes_nothing(text):
    once = normalize(text).text

    assert normalize(once).text == once


@given(texts)
@settings(max_examples=80, deadline=None)
def test_only_hanzi_letters_and_known_marks_are_left(text):
    for char in normalize(text).text:
        assert re.match(f"[{HANZI}A-Za-z{PAUSES}{QUOTES} ]", char), char
        assert not char.isdigit()


@given(texts)
@settings(max_examples=80, deadline=None)
def test_every_character_knows_where_it_was_written(text):
    spoken = normalize(text)

    assert len(spoken.origins) == len(spoken.text)
    assert list(spoken.origins) == sorted(spoken.origins)
    assert all(0 <= at < len(text) for at in spoken.origins)


@given(texts)
@settings(max_examples=80, deadline=None)
def test_a_doubt_quotes_what_was_written(text):
    for doubt in normalize(text).doubts:
        assert doubt.written
        assert text[doubt.start : doubt.start + len(doubt.written)] == doubt.written
        assert doubt.why.zh and doubt.why.en


@given(st.text(alphabet="👍🎉☎★→ⓐ한かЖ\u202e\ud800\x00abc王。 ", max_size=20))
@settings(max_examples=60, deadline=None)
def test_what_is_dropped_is_told(text):
    told = {place for doubt in normalize(text).doubts for place in range(doubt.start, doubt.start + len(doubt.written))}
    for place, char in enumerate(text):
        dropped = unicodedata.category(plain(char) or " ") in ("So", "Cs", "Cc") or char in "한かЖ\u202e"
        if dropped:
            assert place in told, char


FLOODS = (
    *(
        "1-",
        "(",
        "<a",
        "12:",
        "a.",
        "**",
        " ",
        "\n",
        "“《",
        "www.",
        "1x",
        "98年",
        "电话1",
        "比分1:1、",
        "①",
        "\ud800",
        "-1℃",
        "2到",
    ),
)


@pytest.mark.slow
@pytest.mark.timeout(20)
@pytest.mark.parametrize("flood", FLOODS, ids=ascii)
def test_fifty_thousand_of_anything_come_to_an_end(flood):
    """A rule whose pattern goes back over the text again and again needs minutes; the limit stands for "for ever"."""
    spoken = normalize((flood * 50_000)[:50_000])

    assert not any(char.isdigit() for char in spoken.text)
    assert len(spoken.origins) == len(spoken.text)


def test_nothing_is_left_of_nothing():
    assert normalize("").text == ""
    assert normalize("！？。，、").text == ""
    assert normalize("\u200b\ufeff").doubts == ()


def test_an_emoji_is_dropped_and_told():
    (doubt,) = normalize("大家好👍👍，请注意").doubts

    assert (doubt.kind, doubt.start, doubt.written) == (DoubtKind.DROPPED, 3, "👍👍")
    assert doubt.why.zh == "这里有念不出来的符号，播出时不念。"
    assert doubt.why.en == "These signs cannot be said and will be left out."


def test_a_mark_that_turns_the_direction_is_told_because_it_hides_the_order():
    (doubt,) = normalize("请拨打\u202e110").doubts

    assert doubt.why.en == (
        "Invisible control characters stood here and were left out; look whether the words round them are right."
    )
