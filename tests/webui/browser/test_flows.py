"""The flows that a cadre goes through, in a real browser, on a desk and on a small phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.doorkeeper.conftest import GOOD
from tests.station.conftest import at

VIEWS = pytest.mark.parametrize("view", ["desk", "phone"])


@VIEWS
def test_the_first_owner_signs_up_out_and_in(browse, open_house, view):
    window = browse(view=view, signed_in=False)
    page = window.open("/")
    expect(page).to_have_url(re.compile("/first$"))
    window.picture("first")
    page.get_by_label("开站码").fill(open_house.doorkeeper.first_code().lower())
    page.get_by_label("您的名字").fill("王主任")
    page.get_by_label("想一个密码").fill(GOOD)
    page.get_by_label("再输一遍密码").fill(GOOD)
    page.get_by_label("这是我自己的手机").check()
    page.get_by_role("button", name="开站").click()
    expect(page).to_have_url(re.compile("/today$"))

    page.goto(open_house.address + "/me")
    expect(page.get_by_text("Linux · Chrome")).to_be_visible()
    window.picture("own")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.get_by_label("名字").fill("王主任")
    page.get_by_label("密码").fill("不是这一句不是")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("名字或者密码不对")).to_be_visible()
    expect(page.get_by_label("名字")).to_have_value("王主任")
    window.picture("sign-in-wrong")
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("密码").fill(GOOD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/today$"))


@VIEWS
def test_today_keeps_itself_fresh(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/today")
    expect(page.get_by_role("heading", name="现在没有在播")).to_be_visible()
    window.picture("today-before")

    open_house.until(at("07:30:03"))

    expect(page.get_by_role("heading", name="正在播")).to_be_visible()
    expect(page.get_by_text("第 1 遍，0:03")).to_be_visible()
    window.picture("today-on-air")
    open_house.village.advance(2)
    expect(page.get_by_text("第 1 遍，0:05")).to_be_visible()

    page.get_by_role("button", name="停", exact=True).click()
    expect(page.get_by_text("已经停了。")).to_be_visible()
    open_house.village.advance(2)
    expect(page.get_by_role("heading", name="现在没有在播")).to_be_visible()
    page.get_by_role("button", name="这次不播").first.click()
    expect(page.get_by_text("王主任 取消了这一次")).to_be_visible()
    page.get_by_text("今天先不播").click()
    page.get_by_label("为什么（写在记录里）").fill("李家有丧事")
    window.picture("today-hold-form")
    page.get_by_role("button", name="停到傍晚").click()
    expect(page.get_by_role("button", name="恢复播出")).to_be_visible()
    window.picture("today-held")


@VIEWS
def test_the_red_button_is_held_and_stopped(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/today")
    page.get_by_role("link", name=re.compile("^紧急")).filter(visible=True).click()
    page.get_by_label("山洪").check()
    page.get_by_label("为什么").fill("上游水库泄洪")
    window.picture("emergency-chosen")
    window.hold()
    expect(page.get_by_role("heading", name=re.compile("马上响|正在响"))).to_be_visible(timeout=15_000)
    page.mouse.up()
    assert open_house.deck.playing.cue.permit.reason == "上游水库泄洪"
    open_house.village.advance(2)
    expect(page.get_by_role("heading", name="正在响")).to_be_visible()
    expect(page.get_by_text("已经播了 1 遍")).to_be_visible()
    window.picture("emergency-on-air")
    open_house.village.advance(20)
    expect(page.get_by_text(re.compile("已经播了 [23] 遍"))).to_be_visible()

    page.get_by_role("button", name="停", exact=True).click()
    expect(page.get_by_text("已经停了。")).to_be_visible()
    assert open_house.deck.playing is None


def test_a_red_button_let_go_too_early_does_nothing(browse, open_house):
    window = browse()
    page = window.open("/emergency")
    page.get_by_label("山洪").check()
    button = window.hold()
    expect(button).to_have_class(re.compile("is-held"))
    page.mouse.up()
    expect(button).not_to_have_class(re.compile("is-held"))
    assert open_house.deck.playing is None


@VIEWS
def test_without_javascript_an_emergency_takes_a_second_step(browse, open_house, view):
    window = browse(view=view, javascript=False)
    page = window.open("/emergency")
    expect(page.get_by_role("button", name="按住两秒")).to_be_hidden()
    page.get_by_label("自己写几句").check()
    page.get_by_label("要说的话").fill("东沟要发山洪，马上往学校操场走！")
    page.get_by_role("button", name="下一步").click()
    window.picture("emergency-ask")
    page.get_by_role("button", name="确认，马上播出").click()
    expect(page.get_by_text("东沟要发山洪").first).to_be_visible()
    assert open_house.deck.playing is not None
    page.get_by_role("button", name="停", exact=True).click()
    assert open_house.deck.playing is None


def test_a_station_that_cannot_be_reached_is_told_and_found_again(browse, open_house):
    window = browse()
    page = window.open("/today")
    window.context.set_offline(True)
    expect(page.get_by_text("连不上广播站")).to_be_visible()
    window.context.set_offline(False)
    expect(page.get_by_text("连不上广播站")).to_be_hidden()
    window.complaints.clear()  # of the lost connection
