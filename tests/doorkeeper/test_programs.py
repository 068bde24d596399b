"""Programs with a token, at the doorkeeper."""

import pytest

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.doorkeeper.pace import Buckets, Pace
from broadcaster.doorkeeper.programs import ACTING, READING, STOPPING, hashed
from broadcaster.errors import NameTaken, Refused
from broadcaster.model.people import Scope
from broadcaster.model.words import Sentence
from tests.doorkeeper.conftest import cheap_passwords


@pytest.fixture
def desk(doorkeeper):
    return doorkeeper.programs


def test_a_token_is_shown_once_and_kept_as_its_hash_only(desk, store):
    program, token = desk.admit("河道水位计", [Scope.READ], who="王主任")

    assert token.startswith("dalaba_") and len(token) > 45
    assert token not in repr(store.programs.programs())
    assert program.token == hashed(token)
    assert desk.recognise(token, address="1.1.1.1").name == "河道水位计"
    assert desk.recognise(token[:-1], address="1.1.1.1") is None


def test_a_revoked_token_is_dead_at_once_and_its_name_is_free(desk, doorkeeper):
    program, token = desk.admit("河道水位计", [Scope.READ], who="王主任")
    desk.revoke(program.id, who="王主任")
    desk.revoke(program.id, who="王主任")

    assert desk.recognise(token, address="1.1.1.1") is None
    desk.admit("河道水位计", [Scope.SAY], who="王主任")
    assert [(deed.what, deed.subject, deed.before, deed.after) for _, deed in doorkeeper.deeds()] == [
        ("program.admit", "河道水位计", "", "say"),
        ("program.revoke", "河道水位计", "read", ""),
        ("program.admit", "河道水位计", "", "read"),
    ]


def test_a_program_needs_a_name_of_its_own_and_something_to_do(desk):
    desk.admit("河道水位计", [Scope.READ], who="王主任")

    with pytest.raises(NameTaken, match="a program is called '河道水位计' already"):
        desk.admit(" 河道水位计 ", [Scope.READ], who="王主任")
    with pytest.raises(Refused, match="choose at least one thing that it may do"):
        desk.admit("别的", [], who="王主任")
    with pytest.raises(Refused, match="there is no such program"):
        desk.revoke("nobody", who="王主任")


def test_guessing_is_throttled_by_address_and_a_right_token_comes_in_all_the_same(desk, store, clock):
    _, token = desk.admit("河道水位计", [Scope.READ], who="王主任")
    for number in range(20):
        assert desk.recognise(f"dalaba_{number}", address="6.6.6.6") is None

    with pytest.raises(Refused, match="too many wrong tries: wait 16 seconds"):
        desk.recognise("dalaba_20", address="6.6.6.6")
    assert desk.recognise("dalaba_20", address="7.7.7.7") is None
    assert desk.recognise(token, address="6.6.6.6") is not None
    again = Doorkeeper(store, clock, cheap_passwords()).programs
    with pytest.raises(Refused, match="too many wrong tries"):
        again.recognise("dalaba_20", address="6.6.6.6")


def test_when_a_program_was_seen_is_known_to_ten_minutes(desk, store, clock):
    _, token = desk.admit("河道水位计", [Scope.READ], who="王主任")
    desk.recognise(token, address="1.1.1.1")
    first = store.programs.programs()[0].seen_at
    clock.advance(300)
    desk.recognise(token, address="1.1.1.1")
    assert store.programs.programs()[0].seen_at == first == clock.now().replace(minute=0)
    clock.advance(301)
    desk.recognise(token, address="1.1.1.1")
    assert store.programs.programs()[0].seen_at == clock.now()


def test_a_broken_disk_locks_no_program_out_that_was_in(desk, store):
    _, token = desk.admit("河道水位计", [Scope.EMERGENCY_PREPARED], who="王主任")
    desk.recognise(token, address="1.1.1.1")
    store.fail_with(Sentence("磁盘坏了", "broken"))

    assert desk.recognise(token, address="1.1.1.1").name == "河道水位计"
    assert desk.recognise("dalaba_x", address="1.1.1.1") is None


def test_talking_too_much_leaves_the_stop_free(desk, clock):
    program, _ = desk.admit("河道水位计", list(Scope), who="王主任")
    waits = [desk.must_wait(program, ACTING) for _ in range(11)]

    assert waits == [0] * 10 + [3]
    assert desk.must_wait(program, STOPPING) == 0
    assert desk.must_wait(program, READING) == 0
    clock.advance(3)
    assert desk.must_wait(program, ACTING) == 0
    assert desk.must_wait(program, ACTING) == 3


def test_a_bucket_never_holds_more_than_it_may():
    buckets, pace = Buckets(), Pace(a_minute=60, at_once=2)

    assert [buckets.take("a", pace, 0.0) for _ in range(3)] == [0, 0, 1]
    assert [buckets.take("a", pace, 1000.0) for _ in range(3)] == [0, 0, 1]
    assert buckets.take("b", pace, 1000.0) == 0
