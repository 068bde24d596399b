"""Accounts for others, as the owner gives them out and as people take them up."""

import re

import pytest

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD

NEW = "井边有一棵大枣树"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


def test_somebody_new_comes_in_with_a_code_and_no_default_password(house, owner):
    owner.open("/people").press("给一次码", name="李会计", role="editor")
    code = CODE.search(owner.words)[0]
    assert "请他打开 http://localhost/join" in owner.words
    assert code not in owner.open("/people").answer.text
    assert "李会计 到 2026-11-27 07:29 有效" in owner.words

    clerk = house.stranger().open("/sign-in").open("/join")
    clerk.press("进来", code=code.lower(), password=NEW, again="别的密码不一样")
    assert "两次输的密码不一样。" in clerk.words
    clerk.press("进来", code=code.lower(), password=NEW, again=NEW)
    assert clerk.path == "/today"
    assert "李会计 写稿人" in clerk.open("/me").words
    assert house.stranger().open("/join").press("进来", code=code, password=NEW, again=NEW).code == 422
    assert "给了一次码" not in owner.open("/people").words
    assert house.deeds() == [
        ("王主任", "account.invite", "李会计", "", "editor"),
        ("李会计", "account.join", "李会计", "", ""),
    ]


def test_what_was_typed_is_kept_and_the_remedy_is_said(owner):
    owner.open("/people").press("给一次码", name="李会计")
    assert (owner.code, "请至少选一个职责。" in owner.words) == (422, True)
    assert 'value="李会计"' in owner.answer.text
    owner.press("给一次码", name="王主任", role="editor")
    assert "已经有人叫“王主任”了。" in owner.words
    assert 'value="editor" checked' in owner.answer.text


def test_roles_are_changed_and_the_last_owner_stays(house, owner):
    clerk = house.has("李会计", Role.EDITOR)
    owner.open(f"/people/{clerk.id}").press("改职责", role="emergency")
    assert "“李会计”改好了。" in owner.words
    assert house.doorkeeper.account(clerk.id).roles == {Role.EMERGENCY}
    assert house.deeds()[-1] == ("王主任", "account.change", "李会计", "editor", "emergency")

    me = house.has("王主任")
    owner.open(f"/people/{me.id}").press("停用这个账号")
    assert owner.code == 409
    assert "这是最后一个站长，不能停用，也不能改掉。" in owner.words


def test_who_is_switched_off_is_out_at_once_and_can_be_switched_on(house, owner):
    clerk = house.person("李会计", Role.EDITOR)
    account = house.has("李会计")
    owner.open(f"/people/{account.id}").press("停用这个账号")
    assert clerk.open("/today").path == "/sign-in"
    assert "停用了" in owner.open("/people").words
    assert owner.open(f"/people/{account.id}").send(f"/people/{account.id}/code").code == 409

    owner.open(f"/people/{account.id}").press("重新启用")
    clerk.open("/sign-in").press("登录", name="李会计", password=GOOD)
    assert clerk.path == "/today"


def test_a_forgotten_password_and_a_lost_phone(house, owner):
    clerk = house.person("李会计", Role.EDITOR)
    account = house.has("李会计")
    owner.open(f"/people/{account.id}").press("让它退出")
    assert "现在没有登录着的设备。" in owner.words
    assert clerk.open("/today").path == "/sign-in"

    owner.press("忘了密码：给一次码")
    code = CODE.search(owner.words)[0]
    clerk.open("/join").press("进来", code=code, password=NEW, again=NEW)
    assert clerk.path == "/today"
    clerk.open("/me").press("退出登录")
    assert clerk.open("/sign-in").press("登录", name="李会计", password=GOOD).code == 422


def test_a_withdrawn_code_is_worth_nothing(house, owner):
    owner.open("/people").press("给一次码", name="李会计", role="editor")
    code = CODE.search(owner.words)[0]
    owner.open("/people").press("作废“李会计”的码")

    assert "那个一次码作废了。" in owner.words
    stranger = house.stranger().open("/join").press("进来", code=code, password=NEW, again=NEW)
    assert "一次码不对，或者过期了，或者已经用过。" in stranger.words


@pytest.mark.parametrize("role", [Role.APPROVER, Role.EDITOR, Role.EMERGENCY])
def test_nobody_but_an_owner_touches_accounts(house, owner, role):
    other = house.person("张三", role)
    me = house.has("王主任")
    other.open("/today")
    for path in ("/people", f"/people/{me.id}"):
        assert other.open(path).code == 403
    other.open("/today")
    for path in ("invite", f"{me.id}/off", f"{me.id}/roles", f"{me.id}/code", f"{me.id}/devices/x/forget"):
        assert other.send(f"/people/{path}", name="x", role="owner").code == 403
        other.open("/today")
    assert house.deeds() == []


def test_a_forged_form_invites_nobody(house, owner):
    owner.open("/people")
    for path in ("invite", "x/off", "x/roles", "x/code", "x/uninvite"):
        assert owner.client.post(f"/people/{path}", data={"name": "x", "role": "owner"}).status_code == 400
    assert house.deeds() == []


def test_somebody_who_is_not_there_is_told_so(owner):
    assert "没有这个人。请回到名单里再选。" in owner.open("/people/nobody").words
