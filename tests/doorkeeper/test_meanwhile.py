"""Somebody is switched off in the very moment in which they do something: what was ended stays ended."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.doorkeeper.lifetimes import SEEN_EVERY
from broadcaster.doorkeeper.passwords import Passwords
from broadcaster.errors import NameTaken, Refused
from broadcaster.model.people import Role, Scope
from broadcaster.model.words import Sentence
from tests.doorkeeper.conftest import GOOD, cheap_passwords

NEW = "村东头的柿子红了一片"


class SlowPasswords(Passwords):
    """Hashing takes as long as what is done meanwhile."""

    def __init__(self):
        super().__init__(cheap_passwords()._hasher)
        self.meanwhile = lambda: None

    def hashed(self, password):
        hashed = super().hashed(password)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return hashed

    def is_right(self, password, hashed):
        is_right = super().is_right(password, hashed)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return is_right


@pytest.fixture
def passwords():
    return SlowPasswords()


@pytest.fixture
def doorkeeper(store, clock, passwords):
    return Doorkeeper(store, clock, passwords)


@pytest.fixture
def editor(doorkeeper, owner):
    return doorkeeper.make_account("李会计", GOOD, [Role.EDITOR], who="王主任")


def test_who_is_switched_off_while_choosing_a_password_stays_off(doorkeeper, passwords, editor):
    """The account came back to life: it was read before the hash was made, and written back after it."""
    visitor, _ = doorkeeper.sign_in("李会计", GOOD, address="x", label="phone")

    def off():
        passwords.meanwhile = lambda: doorkeeper.change_account(editor.id, who="王主任", is_active=False)

    passwords.meanwhile = off  # while the old password is looked at; then while the new one is hashed
    with pytest.raises(Refused) as refused:
        doorkeeper.change_own_password(visitor, GOOD, NEW, address="x")

    assert refused.value.sentence == Sentence(
        "这个账号停用了，密码没有改。", "this account is switched off, and its password was not changed."
    )
    assert not doorkeeper.account(editor.id).is_active
    with pytest.raises(Refused):
        doorkeeper.sign_in("李会计", NEW, address="x", label="phone")


def test_roles_that_are_taken_away_while_a_code_is_used_stay_away(doorkeeper, passwords, editor):
    boss = doorkeeper.change_account(editor.id, who="王主任", roles=[Role.OWNER])
    _, code = doorkeeper.invitations.renew(boss, who="王主任")
    passwords.meanwhile = lambda: doorkeeper.change_account(editor.id, who="王主任", roles=[Role.EDITOR])
    doorkeeper.use_code(code, NEW, address="x")

    assert doorkeeper.account(editor.id).roles == {Role.EDITOR}


def test_who_is_switched_off_while_a_code_is_used_does_not_come_in(doorkeeper, passwords, editor):
    _, code = doorkeeper.invitations.renew(editor, who="王主任")
    passwords.meanwhile = lambda: doorkeeper.change_account(editor.id, who="王主任", is_active=False)
    with pytest.raises(Refused):
        doorkeeper.use_code(code, NEW, address="x")

    assert not doorkeeper.account(editor.id).is_active


@pytest.mark.parametrize("what", ["off", "another password"])
def test_who_is_sent_away_while_signing_in_gets_no_cookie(doorkeeper, passwords, editor, what):
    """Switched on again a year later, that cookie would have been good."""

    def meanwhile():
        if what == "off":
            doorkeeper.change_account(editor.id, who="王主任", is_active=False)
        else:
            doorkeeper.set_password(editor.id, NEW, who="王主任")

    passwords.meanwhile = meanwhile
    with pytest.raises(Refused):
        doorkeeper.sign_in("李会计", GOOD, address="x", label="phone")
    doorkeeper.change_account(editor.id, who="王主任", is_active=True)

    assert doorkeeper.devices(editor.id) == []


def test_a_device_that_is_signed_out_while_it_asks_is_not_written_back(doorkeeper, store, clock, editor):
    visitor, token = doorkeeper.sign_in("李会计", GOOD, address="x", label="phone")
    clock.advance((SEEN_EVERY + timedelta(seconds=1)).total_seconds())
    found = store.devices.device(visitor.device.token)
    doorkeeper.forget(visitor, visitor.device.id)

    doorkeeper._touched(found, clock.now())

    assert doorkeeper.visitor(token) is None
    assert store.devices.devices(editor.id) == []


def test_a_device_that_is_signed_out_is_not_known_from_memory_either(doorkeeper, store, editor):
    visitor, token = doorkeeper.sign_in("李会计", GOOD, address="x", label="phone")
    doorkeeper.forget(visitor, visitor.device.id)
    doorkeeper._remembered(visitor)  # a request that was on the way
    store.fail_with(Sentence("磁盘满了", "the disk is full"))

    assert doorkeeper.visitor(token) is None


def test_a_token_that_is_revoked_while_its_program_asks_stays_dead(doorkeeper, store, clock, owner):
    program, token = doorkeeper.programs.admit("水位计", [Scope.READ], who="王主任")
    doorkeeper.programs.revoke(program.id, who="王主任")

    doorkeeper.programs._touched(program, clock.now())

    assert doorkeeper.programs.recognise(token, address="x") is None


def test_two_owners_who_switch_each_other_off_leave_one(doorkeeper, store, owner):
    """Each looked whether there is another owner, and there was."""
    other = doorkeeper.make_account("赵书记", GOOD, [Role.OWNER], who="王主任")
    both_have_looked = threading.Barrier(2, timeout=0.3)
    look = store.accounts.accounts

    def look_together():
        found = look()
        with suppress(threading.BrokenBarrierError):
            both_have_looked.wait()
        return found

    store.accounts.accounts = look_together
    refused = []

    def off(one):
        try:
            doorkeeper.change_account(one.id, who="x", is_active=False)
        except Refused as error:
            refused.append(error)

    threads = [threading.Thread(target=off, args=(one,)) for one in (owner, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.accounts.accounts = look

    assert len(refused) == 1
    assert doorkeeper.has_owner()


def test_the_code_of_the_start_makes_one_owner_however_quickly_it_is_pressed(doorkeeper, passwords):
    code = doorkeeper.first_code()
    passwords.meanwhile = lambda: doorkeeper.sign_up_first(code, "李会计", GOOD, address="x")
    with pytest.raises((Refused, NameTaken)):
        doorkeeper.sign_up_first(code, "王主任", GOOD, address="x")

    assert [one.name for one in doorkeeper.accounts()] == ["李会计"]
