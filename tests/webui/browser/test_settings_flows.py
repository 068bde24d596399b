"""What the owner does for people and for the station, in a real browser, on a desk and on a small phone."""

import re

import pytest
from playwright.sync_api import expect

from broadcaster.model.people import Role
from tests.station.conftest import at

VIEWS = pytest.mark.parametrize("view", ["desk", "phone"])
NEW = "井边有一棵大枣树"


@VIEWS
def test_somebody_is_invited_and_comes_in_on_another_phone(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/people")
    page.get_by_label("他的名字").fill("李会计")
    page.get_by_role("button", name="给一次码").click()
    expect(page.get_by_text("请至少选一个职责。")).to_be_visible()
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("写稿人").check()
    page.get_by_role("button", name="给一次码").click()
    expect(page.get_by_role("heading", name="给“李会计”的一次码")).to_be_visible()
    window.picture("people-code")
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="好了").click()
    expect(page.get_by_role("button", name="作废“李会计”的码")).to_be_visible()

    other = browse(view=view, signed_in=False)
    theirs = other.open("/sign-in")
    theirs.get_by_role("link", name="我有一次码").click()
    theirs.get_by_label("一次码").fill(code)
    theirs.get_by_label("想一个密码").fill(NEW)
    theirs.get_by_label("再输一遍密码").fill(NEW)
    other.picture("people-join")
    theirs.get_by_role("button", name="进来").click()
    expect(theirs).to_have_url(re.compile("/today$"))

    page.goto(open_house.address + "/people")
    window.picture("people")
    page.get_by_role("link", name="李会计").click()
    expect(page.get_by_text("Linux · Chrome")).to_be_visible()
    window.picture("people-one")
    page.get_by_role("button", name="让它退出").click()
    theirs.goto(open_house.address + "/today")
    expect(theirs).to_have_url(re.compile("/sign-in"))


@VIEWS
def test_a_program_gets_a_token_that_works_and_loses_it(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/settings")
    window.picture("settings")
    page.get_by_role("link", name="别的程序").click()
    page.get_by_label("程序的名字").fill("河道水位计")
    page.get_by_label("看：站况、节目、记录、紧急稿").check()
    page.get_by_label("紧急：播预备好的紧急稿").check()
    page.get_by_role("button", name="给令牌").click()
    token = page.locator("#token").inner_text()
    window.picture("programs-token")
    headers = {"Authorization": f"Bearer {token}"}
    asked = window.context.request.get(open_house.address + "/api/v1/status", headers=headers)
    assert asked.json()["station"] == "试验村"

    page.get_by_role("link", name="抄好了").click()
    expect(page.get_by_text("最近用过：2026-11-24")).to_be_visible()
    window.picture("programs")
    page.get_by_role("link", name="接口怎么用").click()
    window.picture("programs-api")
    page.goto(open_house.address + "/settings/programs")
    page.get_by_role("button", name="停用“河道水位计”").click()
    expect(page.get_by_text("“河道水位计”的令牌停用了。")).to_be_visible()
    assert window.context.request.get(open_house.address + "/api/v1/status", headers=headers).status == 401


@VIEWS
def test_the_owner_sees_how_the_station_is_and_who_changed_what(browse, open_house, view):
    open_house.has("李会计", Role.EDITOR)
    path = open_house.village.home.schedule
    path.write_text(path.read_text().replace('at = "12:00"', 'at = "25:00"'))
    open_house.until(at("07:29:30"))
    window = browse(view=view, look="18.auto.zh")
    page = window.open("/settings/health")
    expect(page.get_by_text("有的地方坏了，要修。")).to_be_visible()
    window.picture("health")
    page.get_by_role("link", name="回到设置").click()
    page.get_by_role("link", name="改动记录").click()
    page.get_by_label("找什么").fill("李会计")
    page.get_by_role("button", name="找").click()
    expect(page.get_by_text("改之后：editor")).to_be_visible()
    window.picture("changes")
