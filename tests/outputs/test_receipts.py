"""How much of what was sent has not arrived, told by what the other end acknowledges."""

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.outputs.receipts import Receipts


def test_what_is_acknowledged_has_arrived_and_the_rest_is_held_back():
    receipts = Receipts()
    assert receipts.held_back(10, 0) == 10  # the encoder has given nothing yet
    receipts.written(800, 10)
    receipts.written(100, 15)

    assert receipts.held_back(20, 900) == 20
    assert receipts.held_back(20, 100) == 10
    assert receipts.held_back(20, 0) == 5


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 50), st.integers(0, 20_000)), max_size=60))
def test_never_less_than_none_nor_more_than_all_and_nothing_comes_back(steps):
    receipts, blocks, total, taken = Receipts(), 0, 0, 0
    for count, more, waiting in steps:
        blocks, total = blocks + more, total + count
        receipts.written(count, blocks)
        now_taken = blocks - receipts.held_back(blocks, min(waiting, total))
        assert taken <= now_taken <= blocks
        taken = now_taken
    assert receipts.held_back(blocks, 0) == 0
