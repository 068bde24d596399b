"""Who comes in, and who does not."""

import threading

import pytest
from argon2 import PasswordHasher

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.doorkeeper.passwords import CROWD, Passwords
from broadcaster.errors import NameTaken, Refused
from broadcaster.model.people import Right, Role
from broadcaster.model.words import Sentence
from tests.doorkeeper.conftest import GOOD, cheap_passwords

HERE = {"address": "10.0.0.7", "label": "Android · Chrome"}
DAY_S = 24 * 3600


def sign_in(doorkeeper, name="王主任", password=GOOD, **more):
    return doorkeeper.sign_in(name, password, **HERE | more)


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.sentence


def test_the_first_owner_needs_the_code_from_the_screen(doorkeeper):
    assert refusal(doorkeeper.sign_up_first, "AAAA-AAAA", "贼", GOOD, address="6.6.6.6") == Sentence(
        "开站码不对。它在运行 dalaba run 的屏幕上，每次开站都不一样。",
        "the code is wrong. It stands on the screen where dalaba run was started, and is new with each start.",
    )
    code = doorkeeper.first_code()
    owner = doorkeeper.sign_up_first(code.lower().replace("-", " "), " 王  主任 ", GOOD, address="1.1.1.1")

    assert (owner.name, owner.roles) == ("王 主任", {Role.OWNER})
    assert doorkeeper.first_code() == ""
    refused = refusal(doorkeeper.sign_up_first, code, "贼", GOOD, address="6.6.6.6")
    assert refused.zh == "已经有站长了。请用自己的名字登录。"


def test_the_code_cannot_be_guessed_by_trying_from_many_addresses(doorkeeper):
    code = doorkeeper.first_code()
    for number in range(5):
        refusal(doorkeeper.sign_up_first, "BBBB-BBBB", "贼", GOOD, address=f"6.6.6.{number}")

    assert "请等" in refusal(doorkeeper.sign_up_first, code, "王主任", GOOD, address="6.6.6.99").zh


def test_a_right_password_lets_in_and_the_cookie_is_known(doorkeeper, owner):
    visitor, token = sign_in(doorkeeper, "王主任")

    assert doorkeeper.visitor(token) == visitor
    assert visitor.account == owner
    assert token not in repr(visitor)
    assert doorkeeper.visitor("") is doorkeeper.visitor("forged") is None


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(doorkeeper, owner):
    wrong = refusal(sign_in, doorkeeper, password="不是这一句不是这一句")
    nobody = refusal(sign_in, doorkeeper, name="没有这个人")

    assert wrong == nobody
    assert wrong == Sentence(
        "名字或者密码不对。请再看一看，再输一遍。", "the name or the password is wrong. Type them again."
    )


def test_a_sixth_try_has_to_wait_also_after_a_restart(doorkeeper, owner, store, clock):
    for _ in range(5):
        refusal(sign_in, doorkeeper, password="猜一猜猜一猜猜")
    later = Doorkeeper(store, clock, cheap_passwords())

    assert refusal(sign_in, later) == Sentence(
        "输错太多次了，请等 16 秒再试。", "too many wrong tries: wait 16 seconds, then try again."
    )
    clock.advance(15)
    assert sign_in(later)[0].account == owner


def test_waits_grow_and_end_at_a_quarter_of_an_hour(doorkeeper, owner, clock):
    waits = []
    for _ in range(14):
        sentence = refusal(sign_in, doorkeeper, password="猜一猜猜一猜猜")
        if "等" in sentence.zh:
            waits.append(int("".join(char for char in sentence.zh if char.isdigit())))
            clock.advance(waits[-1])
    assert waits == sorted(waits)
    for _ in range(20):
        sentence = refusal(sign_in, doorkeeper, password="猜一猜猜一猜猜")
        seconds = int("".join(char for char in sentence.zh if char.isdigit()) or 0)
        assert seconds <= 901
        clock.advance(seconds)


def test_guessing_from_elsewhere_does_not_lock_a_cadre_out_for_long(doorkeeper, owner, clock):
    """A stranger who types the cadre's name all night must not keep the cadre from the red button in the morning."""
    for number in range(200):
        with pytest.raises(Refused):
            doorkeeper.sign_in("王主任", "猜一猜猜一猜猜", address=f"9.9.{number}.1", label="")

    clock.advance(60)
    assert sign_in(doorkeeper)[0].account == owner


def test_one_address_cannot_try_name_after_name(doorkeeper, owner):
    for number in range(20):
        refusal(sign_in, doorkeeper, name=f"人{number}")

    assert "请等" in refusal(sign_in, doorkeeper).zh


def test_a_clock_that_was_set_back_locks_nobody_out(doorkeeper, owner, clock):
    for _ in range(9):
        refusal(sign_in, doorkeeper, password="猜一猜猜一猜猜")
    clock.set(clock.now().replace(year=2020))

    assert sign_in(doorkeeper)[0].account == owner


def test_a_signed_out_cookie_is_dead(doorkeeper, owner):
    visitor, token = sign_in(doorkeeper)
    doorkeeper.sign_out(visitor)

    assert doorkeeper.visitor(token) is None


def test_each_sign_in_has_a_token_of_its_own(doorkeeper, owner):
    assert sign_in(doorkeeper)[1] != sign_in(doorkeeper)[1]


def test_a_trusted_phone_stays_signed_in_for_months_and_others_half_a_day(doorkeeper, owner, clock):
    _, phone = sign_in(doorkeeper, is_trusted=True)
    _, office = sign_in(doorkeeper)
    clock.advance(12 * 3600)
    assert doorkeeper.visitor(office) is None
    for _ in range(6):
        clock.advance(100 * DAY_S)
        assert doorkeeper.visitor(phone) is not None
    clock.advance(181 * DAY_S)
    assert doorkeeper.visitor(phone) is None


def test_a_lost_phone_is_signed_out_from_another_device_and_only_by_its_owner(doorkeeper, owner):
    lost, token = sign_in(doorkeeper, is_trusted=True)
    other = doorkeeper.make_account("李会计", GOOD, [Role.EDITOR], who="王主任")
    stranger, _ = doorkeeper.let_in(other, label="PC", is_trusted=False)
    doorkeeper.forget(stranger, lost.device.id)
    assert doorkeeper.visitor(token) is not None

    here, _ = sign_in(doorkeeper)
    doorkeeper.forget(here, lost.device.id)

    assert doorkeeper.visitor(token) is None
    assert [one.id for one in doorkeeper.devices(owner.id)] == [here.device.id]


def test_who_is_switched_off_is_out_at_once_and_everywhere(doorkeeper, owner):
    account = doorkeeper.make_account("李会计", GOOD, [Role.EDITOR], who="王主任")
    _, token = doorkeeper.let_in(account, label="PC", is_trusted=True)
    doorkeeper.change_account(account.id, who="王主任", is_active=False)

    assert doorkeeper.visitor(token) is None
    refusal(sign_in, doorkeeper, name="李会计")


def test_the_last_owner_cannot_be_lost(doorkeeper, owner):
    sentence = refusal(doorkeeper.change_account, owner.id, who="王主任", is_active=False)
    assert sentence == refusal(doorkeeper.change_account, owner.id, who="王主任", roles=[Role.EDITOR])
    assert sentence == Sentence(
        "这是最后一个站长，不能停用，也不能改掉。请先让另一个人当站长。",
        "this is the last owner, who can be neither switched off nor changed. Make somebody else an owner first.",
    )
    doorkeeper.make_account("李会计", GOOD, [Role.OWNER], who="王主任")
    assert not doorkeeper.change_account(owner.id, who="李会计", is_active=False).is_active


def test_a_new_password_signs_out_every_other_device(doorkeeper, owner):
    _, phone = sign_in(doorkeeper, is_trusted=True)
    here, token = sign_in(doorkeeper)
    refusal(doorkeeper.change_own_password, here, "不是旧的不是旧的", "新的密码新密码", address="1.1.1.1")
    doorkeeper.change_own_password(here, GOOD, "井边有一棵大枣树", address="1.1.1.1")

    assert doorkeeper.visitor(phone) is None
    assert doorkeeper.visitor(token) is not None
    assert sign_in(doorkeeper, password="井边有一棵大枣树")


@pytest.mark.parametrize("password", ["短", "12345678", "11111111", "王主任王主任王", "PASSWORD", "x" * 200])
def test_passwords_that_would_be_guessed_are_refused(doorkeeper, password):
    assert "密码" in refusal(doorkeeper.make_account, "王主任", password, [Role.EDITOR], who="x").zh


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "王\x00", "王\u202e"])
def test_names_that_cannot_stand_in_the_books_are_refused(doorkeeper, name):
    assert refusal(doorkeeper.make_account, name, GOOD, [Role.EDITOR], who="x").zh == "名字要 1 到 40 个字。"


def test_a_name_is_given_once(doorkeeper, owner):
    with pytest.raises(NameTaken) as taken:
        doorkeeper.make_account("王主任", GOOD, [Role.EDITOR], who="x")
    assert taken.value.sentence == Sentence(
        "已经有人叫“王主任”了。请换一个名字，比如加上姓。",
        "somebody is called '王主任' already. Choose another name, for example with the family name.",
    )


def test_a_role_must_be_chosen(doorkeeper):
    assert refusal(doorkeeper.make_account, "李会计", GOOD, [], who="x").zh == "请至少选一个职责。"


def test_roles_give_their_rights_and_a_switched_off_account_none(doorkeeper, owner):
    account = doorkeeper.make_account("李会计", GOOD, [Role.EDITOR, Role.EMERGENCY], who="王主任")

    assert account.rights == {Right.AIR, Right.WRITE, Right.EMERGENCY}
    assert owner.rights == set(Right)
    assert doorkeeper.change_account(account.id, who="王主任", is_active=False).rights == set()


def test_a_broken_disk_locks_nobody_out_who_was_in(doorkeeper, owner, store, clock):
    _, token = sign_in(doorkeeper)
    assert doorkeeper.visitor(token)
    store.fail_with(Sentence("磁盘满了", "full"))

    assert doorkeeper.visitor(token).account == owner
    assert doorkeeper.visitor("another") is None
    doorkeeper.note("王主任", "emergency.call", "x")
    assert len(doorkeeper.secret()) == 64
    clock.advance(13 * 3600)
    assert doorkeeper.visitor(token) is None


def test_every_change_is_on_record_with_before_and_after(doorkeeper, owner):
    account = doorkeeper.make_account("李会计", GOOD, [Role.EDITOR], who="王主任")
    doorkeeper.change_account(account.id, who="王主任", roles=[Role.APPROVER])
    doorkeeper.change_account(account.id, who="王主任", is_active=False)
    doorkeeper.set_password(account.id, "另一句好记的话呀", who="王主任")

    told = [(deed.who, deed.what, deed.subject, deed.before, deed.after) for _, deed in doorkeeper.deeds()]
    assert told == [
        ("王主任", "account.password", "李会计", "", ""),
        ("王主任", "account.change", "李会计", "approver", "approver (off)"),
        ("王主任", "account.change", "李会计", "editor", "approver"),
        ("王主任", "account.make", "李会计", "", "editor"),
        ("王主任", "account.first", "王主任", "", "owner"),
    ]


def test_the_key_that_signs_forms_outlives_a_restart(doorkeeper, store, clock):
    assert doorkeeper.secret() == Doorkeeper(store, clock, cheap_passwords()).secret()


def test_a_crowd_at_the_door_is_sent_away_and_not_kept_waiting():
    """Forty sign-ins at once held forty threads, and the emergency page waited behind them."""
    enter, leave = threading.Semaphore(0), threading.Event()

    class SlowHasher(PasswordHasher):
        def verify(self, hash, password):
            enter.release()
            assert leave.wait(20)
            return super().verify(hash, password)

    passwords = Passwords(SlowHasher(time_cost=1, memory_cost=8, parallelism=1))
    people = [threading.Thread(target=passwords.is_right, args=("x", None)) for _ in range(4)]
    for person in people:
        person.start()
    assert enter.acquire(timeout=20) and enter.acquire(timeout=20)
    assert not enter.acquire(blocking=False)
    while passwords._queue.acquire(blocking=False):  # the other two are about to queue
        passwords._queue.release()

    assert refusal(passwords.is_right, "x", None) == CROWD

    leave.set()
    for person in people:
        person.join(20)
    assert passwords.is_right("x", None) is False
