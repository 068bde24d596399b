"""One-time codes: how people get a password that nobody else ever knew."""

import pytest

from broadcaster.errors import NameTaken, Refused
from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD

NEW = "井边有一棵大枣树"
WRONG = "the code is wrong, out of date or used already"


@pytest.fixture
def desk(doorkeeper):
    return doorkeeper.invitations


def test_somebody_new_chooses_a_password_and_comes_in(doorkeeper, desk, owner, store):
    _, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    assert code not in repr(store.invitations.invitations())
    account = doorkeeper.use_code(code.lower().replace("-", " "), NEW, address="1.1.1.1")

    assert (account.name, account.roles) == ("李会计", frozenset({Role.EDITOR}))
    visitor, _ = doorkeeper.sign_in("李会计", NEW, address="1.1.1.1", label="")
    assert visitor.account == account
    with pytest.raises(Refused, match=WRONG):
        doorkeeper.use_code(code, NEW, address="1.1.1.1")


def test_a_password_that_will_not_do_costs_no_code(doorkeeper, desk, owner):
    _, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    with pytest.raises(Refused, match="too easy to guess"):
        doorkeeper.use_code(code, "12345678", address="1.1.1.1")

    assert doorkeeper.use_code(code, NEW, address="1.1.1.1").name == "李会计"


def test_a_code_is_good_for_three_days(doorkeeper, desk, owner, clock):
    _, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    clock.advance(3 * 86_400)

    assert desk.waiting() == []
    with pytest.raises(Refused, match=WRONG):
        doorkeeper.use_code(code, NEW, address="1.1.1.1")


def test_a_forgotten_password_is_chosen_anew_and_every_device_is_signed_out(doorkeeper, desk, owner):
    _, token = doorkeeper.let_in(owner, label="", is_trusted=True)
    _, code = desk.renew(owner, who="李会计")
    assert doorkeeper.visitor(token) is not None  # until the code is used

    doorkeeper.use_code(code, NEW, address="1.1.1.1")
    assert doorkeeper.visitor(token) is None
    with pytest.raises(Refused):
        doorkeeper.sign_in("王主任", GOOD, address="1.1.1.1", label="")
    doorkeeper.sign_in("王主任", NEW, address="1.1.1.1", label="")


def test_a_code_for_somebody_who_was_switched_off_is_worth_nothing(doorkeeper, desk, owner):
    clerk = doorkeeper.make_account("李会计", GOOD, [Role.EDITOR], who="王主任")
    _, code = desk.renew(clerk, who="王主任")
    doorkeeper.change_account(clerk.id, who="王主任", is_active=False)

    with pytest.raises(Refused, match=WRONG):
        doorkeeper.use_code(code, NEW, address="1.1.1.1")


def test_a_name_is_invited_once(desk, owner):
    desk.invite("李会计", [Role.EDITOR], who="王主任")
    for name in ("李会计", "王主任"):
        with pytest.raises(NameTaken):
            desk.invite(name, [Role.EDITOR], who="王主任")
    with pytest.raises(Refused, match="choose at least one role"):
        desk.invite("张三", [], who="王主任")


def test_a_withdrawn_code_is_worth_nothing(doorkeeper, desk, owner):
    invitation, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    desk.withdraw(invitation.account, who="王主任")

    with pytest.raises(Refused, match=WRONG):
        doorkeeper.use_code(code, NEW, address="1.1.1.1")


def test_codes_cannot_be_guessed_from_one_address(doorkeeper, desk, owner):
    _, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    for _ in range(20):
        with pytest.raises(Refused, match=WRONG):
            doorkeeper.use_code("AAAA-BBBB-CCCC", NEW, address="6.6.6.6")

    with pytest.raises(Refused, match="too many wrong tries"):
        doorkeeper.use_code(code, NEW, address="6.6.6.6")
    assert doorkeeper.use_code(code, NEW, address="1.1.1.1").name == "李会计"


def test_what_was_given_out_is_on_record_without_the_code(doorkeeper, desk, owner):
    _, code = desk.invite("李会计", [Role.EDITOR], who="王主任")
    doorkeeper.use_code(code, NEW, address="1.1.1.1")
    deeds = [(deed.who, deed.what, deed.subject, deed.after) for _, deed in doorkeeper.deeds()]

    assert deeds[:2] == [("李会计", "account.join", "李会计", ""), ("王主任", "account.invite", "李会计", "editor")]
    assert code not in repr(deeds)
