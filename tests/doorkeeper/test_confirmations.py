"""A program says it twice, or nothing is heard."""

from datetime import UTC, datetime

import pytest

from broadcaster.doorkeeper.confirmations import OTHERWISE, TOO_LATE, UNKNOWN, Confirmations
from broadcaster.errors import Refused
from broadcaster.model.people import Program, ProgramId, Scope
from tests.fakes import ManualClock

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def program(name):
    return Program(
        id=ProgramId(name), name=name, token="", scopes=frozenset({Scope.EMERGENCY_PREPARED}), made_by="王", made_at=NOW
    )


GAUGE, ALARM = program("gauge"), program("alarm")


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def desk(clock):
    return Confirmations(clock)


def refusal(desk, *words):
    with pytest.raises(Refused) as refused:
        desk.confirm(*words)
    return refused.value.sentence


def test_the_number_that_was_given_counts_once(desk):
    number = desk.ask(GAUGE, "flood")

    assert len(number) == 6 and number.isdigit()
    desk.confirm(GAUGE, number, "flood")
    assert refusal(desk, GAUGE, number, "flood") == UNKNOWN


def test_it_counts_for_thirty_seconds(desk, clock):
    number = desk.ask(GAUGE, "flood")
    clock.advance(30)
    desk.confirm(GAUGE, number, "flood")

    number = desk.ask(GAUGE, "flood")
    clock.advance(31)
    assert refusal(desk, GAUGE, number, "flood") == TOO_LATE


def test_it_counts_for_the_same_words_and_the_same_program_only(desk):
    number = desk.ask(GAUGE, ("flood", "east"))
    assert refusal(desk, GAUGE, number, ("flood", "west")) == OTHERWISE
    assert refusal(desk, GAUGE, number, ("flood", "east")) == UNKNOWN

    number = desk.ask(GAUGE, "flood")
    assert refusal(desk, ALARM, number, "flood") == UNKNOWN
    desk.confirm(GAUGE, number, "flood")


def test_who_guesses_has_one_try(desk):
    number = desk.ask(GAUGE, "flood")
    assert refusal(desk, GAUGE, "１２３４５六", "flood") == UNKNOWN
    assert refusal(desk, GAUGE, number, "flood") == UNKNOWN


def test_a_new_question_makes_the_one_before_void(desk, monkeypatch):
    numbers = iter([1, 2])
    monkeypatch.setattr("broadcaster.doorkeeper.confirmations.secrets.randbelow", lambda _: next(numbers))
    first, second = desk.ask(GAUGE, "flood"), desk.ask(GAUGE, "flood")

    assert (first, second) == ("000001", "000002")
    assert refusal(desk, GAUGE, first, "flood") == UNKNOWN
