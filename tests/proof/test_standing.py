"""What a strict station may say, decided from the paper trail. Bytes decide."""

import hashlib
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.approval import Approval, Verdict
from broadcaster.proof.standing import AsItIs, Earlier, Nothing, choose, last_approved, register

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
A, B, C = (hashlib.sha256(letter.encode()).hexdigest() for letter in "ABC")


def approve(sha256, script="event/water-off", minutes=0):
    at = NOON + timedelta(minutes=minutes)
    return Approval(script=script, verdict=Verdict.APPROVED, who="王书记", at=at, sha256=sha256)


def withdraw(sha256, script="event/water-off", minutes=0):
    at = NOON + timedelta(minutes=minutes)
    return Approval(script=script, verdict=Verdict.WITHDRAWN, who="王书记", at=at, sha256=sha256)


def chosen(sha256, *decisions, script="event/water-off"):
    return choose(script, sha256, register(decisions))


def test_what_nobody_approved_is_not_said():
    assert chosen(A) == Nothing()


def test_what_was_approved_is_said_as_it_is():
    assert chosen(A, approve(A)) == AsItIs(approval=approve(A))


def test_a_later_edit_leaves_the_approved_revision_on_the_air():
    assert chosen(B, approve(A)) == Earlier(approval=approve(A))


def test_the_edit_is_said_once_it_is_approved_too():
    assert chosen(B, approve(A), approve(B)) == AsItIs(approval=approve(B))


def test_putting_an_approved_text_back_needs_no_new_approval():
    assert chosen(A, approve(A), approve(B)) == AsItIs(approval=approve(A))


def test_of_two_approved_out_of_order_the_one_approved_last_stays_on_the_air():
    """The clock does not decide: it may have been set back between the two."""
    newest_first = (approve(B, minutes=5), approve(A, minutes=0))

    assert chosen(C, *newest_first) == Earlier(approval=approve(A))


def test_a_withdrawn_script_is_silent_and_nothing_older_comes_back():
    assert chosen(B, approve(A), approve(B), withdraw(B)) == Nothing(withdrawal=withdraw(B))
    assert chosen(A, approve(A), approve(B), withdraw(B)) == Nothing(withdrawal=withdraw(B))


def test_a_withdrawn_text_may_be_approved_anew():
    assert chosen(A, approve(A), withdraw(A), approve(A, minutes=9)) == AsItIs(approval=approve(A, minutes=9))


def test_a_renamed_file_keeps_the_approval_of_its_bytes():
    assert chosen(A, approve(A, "event/old-name")) == AsItIs(approval=approve(A, "event/old-name"))


def test_a_renamed_and_edited_file_has_no_history_to_fall_back_on():
    assert chosen(B, approve(A, "event/old-name")) == Nothing()


def test_renaming_does_not_bring_a_withdrawn_text_back():
    decisions = (approve(A, "event/old-name"), withdraw(A, "event/old-name"))

    assert chosen(A, *decisions) == Nothing()


def test_withdrawing_a_script_holds_even_if_the_same_bytes_are_approved_elsewhere():
    decisions = (approve(A), withdraw(A), approve(A, "notice/water-off"))

    assert chosen(A, *decisions) == Nothing(withdrawal=withdraw(A))


def test_a_file_that_cannot_be_used_leaves_the_approved_revision_on_the_air():
    assert chosen("", approve(A)) == Earlier(approval=approve(A))
    assert chosen("") == Nothing()


def test_the_revision_before_is_the_one_approved_last():
    assert last_approved("event/water-off", register([approve(A), approve(B)])) == B
    assert last_approved("event/water-off", register([approve(A), withdraw(A)])) == ""
    assert last_approved("event/other", register([approve(A)])) == ""


NAMES = ("event/one", "event/two")
decided = st.lists(st.builds(lambda make, *rest: make(*rest), st.sampled_from([approve, withdraw]),
                             st.sampled_from([A, B, C]), st.sampled_from(NAMES)), max_size=8)  # fmt: skip


@given(decided, st.sampled_from(NAMES), st.sampled_from(["", A, B, C]))
def test_only_bytes_whose_approval_stands_are_ever_chosen(decisions, name, present):
    def stands(one):
        since = max((n for n, d in enumerate(decisions) if d == withdraw(d.sha256, one.script)), default=-1)
        return one.verdict is Verdict.APPROVED and one in decisions[since + 1 :]

    match choose(name, present, register(decisions)):
        case AsItIs(approval=approval):
            assert approval.sha256 == present
            assert stands(approval)
        case Earlier(approval=approval):
            assert approval.script == name
            assert stands(approval)
        case Nothing():
            assert not any(one.script == name and stands(one) for one in decisions)
