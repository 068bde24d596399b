"""Writing, putting a reading right, listening, saving and approving, in a real browser with a real voice."""

import re

import pytest
from playwright.sync_api import expect

from broadcaster.model.people import Role
from tests.webui.browser.ruler import troubles
from tests.webui.browser.views import VIEWS as SIZES

VIEWS = pytest.mark.parametrize("view", list(SIZES))
FIRE = "/scripts/edit/policy/fire"
DOUBTFUL = "乡亲们，乐清的乐乐还2个东西，重的很长，龟裂。请大家早点把柴火收好，夜里不要点火。"


@VIEWS
def test_write_look_correct_listen_save_and_approve(browse, voiced, view):
    window = browse(view=view, name="李会计", roles=(Role.EDITOR,))
    page = window.open("/scripts")
    window.picture("scripts-list")
    page.get_by_role("link", name=re.compile("秋冬防火")).click()
    expect(page.get_by_role("heading", name="喇叭会这样念")).to_be_visible()
    window.picture("scripts-open")

    page.get_by_label("要念的话").fill(DOUBTFUL)
    expect(page.get_by_text("拿不准的 1 处")).to_be_visible()
    window.picture("scripts-doubt")
    page.get_by_role("button", name=re.compile("应该念")).click()
    expect(page.get_by_text("没有拿不准的字。")).to_be_visible()
    assert "乐" in (voiced.village.home.lexicon).read_text(encoding="utf-8")
    expect(page.get_by_label("要念的话")).to_have_value(DOUBTFUL)

    page.get_by_role("button", name="听一听").click()
    expect(page.locator("#wave")).to_be_visible(timeout=60_000)
    drawn = page.evaluate(
        "() => { const w = document.getElementById('wave');"
        " return [...w.getContext('2d').getImageData(0, 0, w.width, w.height).data].filter((v) => v > 0).length }"
    )
    assert drawn > 1_000
    page.wait_for_function("() => document.getElementById('audio').duration > 5")
    assert voiced.deck.heard == []
    window.picture("scripts-heard")
    assert troubles(page, "a script with its sound") == []
    page.set_viewport_size(SIZES[view])

    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_text("存好了。")).to_be_visible()
    assert page.evaluate("() => localStorage.length") == 0

    approver = browse(view=view, name="王书记", roles=(Role.APPROVER,))
    page = approver.open("/approval")
    approver.picture("approval-queue")
    page.get_by_role("link", name=re.compile("秋冬防火")).click()
    approver.picture("approval-script")
    page.get_by_role("button", name="听一听").click()
    expect(page.locator("#wave")).to_be_visible(timeout=60_000)
    page.get_by_label("要说的话").fill("看过了")
    page.get_by_role("button", name="批准，就这么播").click()
    expect(page.get_by_text("批准了，记在审批本里。")).to_be_visible()
    page.goto(voiced.address + "/approval/trail")
    expect(page.get_by_text("王书记 批准")).to_be_visible()
    approver.picture("approval-trail")


@VIEWS
def test_two_people_and_the_versions_are_pictured(browse, open_house, view):
    first, second = browse(view=view, name="李会计", roles=(Role.EDITOR,)), browse(view=view)
    first.open(FIRE), second.open(FIRE)
    first.page.get_by_label("要念的话").fill("天干物燥，请大家小心火烛，不要上山抽烟。")
    first.page.get_by_role("button", name="存", exact=True).click()
    expect(first.page.get_by_text("存好了。")).to_be_visible()
    second.page.get_by_label("要念的话").fill("天干物燥，请老人小孩小心火烛。")
    second.page.get_by_role("button", name="存", exact=True).click()
    expect(second.page.get_by_role("heading", name="别人刚存的")).to_be_visible()
    expect(second.page.get_by_label("要念的话")).to_have_value("天干物燥，请老人小孩小心火烛。")
    second.picture("scripts-both")
    second.complaints.clear()  # the console tells of the answer 409
    page = first.open("/scripts/versions/policy/fire")
    page.get_by_role("link", name="比一比").last.click()
    expect(page.locator("ins").first).to_be_visible()
    first.picture("scripts-versions")


def test_a_draft_outlives_the_page_and_undo_goes_back(browse, open_house):
    window = browse()
    page = window.open(FIRE)
    before = page.get_by_label("要念的话").input_value()
    page.get_by_label("要念的话").fill("写了一半")
    expect(page.get_by_text("草稿已经记在这台机器上。")).to_be_visible()
    page = window.open(FIRE)
    expect(page.get_by_text("记着您")).to_be_visible()
    window.picture("scripts-draft")
    page.get_by_role("button", name="拿回写的").click()
    expect(page.get_by_label("要念的话")).to_have_value("写了一半")
    page.get_by_role("button", name="今天的日期").click()
    expect(page.get_by_label("要念的话")).to_have_value(re.compile("{{ today }}"))
    page.get_by_role("button", name="退一步").click()
    expect(page.get_by_label("要念的话")).to_have_value("写了一半")
    page.get_by_role("button", name="退一步").click()
    expect(page.get_by_label("要念的话")).to_have_value(before)


def test_a_lost_connection_keeps_the_draft(browse, open_house):
    window = browse()
    page = window.open(FIRE)
    window.context.set_offline(True)
    page.get_by_label("要念的话").fill("断网的时候写的")
    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_text("您写的记在这台机器的浏览器里")).to_be_visible()
    window.context.set_offline(False)
    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_text("存好了。")).to_be_visible()
    window.complaints.clear()  # of the lost connection


def test_what_is_pasted_from_wechat_arrives_clean(browse, open_house):
    window = browse()
    page = window.open(FIRE)
    page.get_by_label("要念的话").fill("")
    page.evaluate(
        "() => { const data = new DataTransfer(); data.setData('text/plain', '今天　停水😀[微笑]\\u200b，请　存水。');"
        " document.getElementById('body').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data,"
        " bubbles: true, cancelable: true })); }"
    )
    expect(page.get_by_label("要念的话")).to_have_value("今天停水，请存水。")


@VIEWS
def test_without_javascript_the_same_is_done_by_buttons(browse, voiced, view):
    window = browse(view=view, javascript=False)
    page = window.open(FIRE)
    page.get_by_label("要念的话").fill(DOUBTFUL)
    page.get_by_role("button", name="看怎么念").last.click()
    page.get_by_role("button", name=re.compile("应该念")).click()
    expect(page.get_by_text("没有拿不准的字。")).to_be_visible()
    expect(page.get_by_label("要念的话")).to_have_value(DOUBTFUL)
    page.get_by_role("button", name="听一听").last.click()
    expect(page.locator("audio")).to_have_attribute("src", re.compile(r"/scripts/sound/[0-9a-f]{32}\.wav"))
    window.picture("scripts-no-javascript")
    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_text("存好了。")).to_be_visible()
