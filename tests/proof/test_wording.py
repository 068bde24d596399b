"""Two texts side by side."""

from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.proof.wording import Fate, Piece, compared

TEXTS = st.text(st.sampled_from("今天下午两点停水，。2:30ab \n"), max_size=40)


def test_what_went_and_came_is_told_apart():
    assert compared("今天下午两点停水。", "今天下午三点停水，请存水。") == (
        Piece(Fate.SAME, "今天下午"),
        Piece(Fate.GONE, "两"),
        Piece(Fate.NEW, "三"),
        Piece(Fate.SAME, "点停水"),
        Piece(Fate.NEW, "，请存水"),
        Piece(Fate.SAME, "。"),
    )


def test_numbers_and_words_are_not_torn():
    assert compared("14:30 bus", "15:30 bus")[:2] == (Piece(Fate.GONE, "14:30"), Piece(Fate.NEW, "15:30"))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_are_in_it_whole(before, after):
    pieces = compared(before, after)

    assert "".join(one.text for one in pieces if one.fate is not Fate.NEW) == before
    assert "".join(one.text for one in pieces if one.fate is not Fate.GONE) == after
