"""The log in a real browser: found by words, one airing looked at, the paper book as it is printed, minutes drawn."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.two_weeks import WHY, live_two_weeks
from tests.webui.browser.views import VIEWS

BOTH = pytest.mark.parametrize("view", list(VIEWS))


@pytest.fixture
def busy_house(open_house):
    live_two_weeks(open_house.village.store.log)
    return open_house


@BOTH
def test_a_missed_airing_is_found_and_the_register_printed(browse, busy_house, view):
    window = browse(view=view)
    page = window.open("/log")
    page.get_by_role("link", name="查记录").click()
    page.get_by_label("结果").select_option("trouble")
    page.get_by_role("button", name="找", exact=True).click()
    expect(page.get_by_text(WHY.zh)).to_have_count(2)
    window.picture("log-find")
    page.get_by_role("link", name="少吃盐").click()
    expect(page.get_by_text("天干物燥，请大家小心火烛。")).to_be_visible()
    window.picture("log-airing")
    page.goto(window.address + "/log/minutes?from=2026-11-10&to=2026-11-23")
    window.picture("log-minutes")
    page.goto(window.address + "/log/books")
    window.picture("log-books")
    page.get_by_label("从哪天起").first.fill("2026-11-10")
    page.get_by_role("button", name="看，再打印").first.click()
    expect(page.get_by_role("heading", name="播出登记本")).to_be_visible()
    window.picture("log-register")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="下载 PDF")).to_be_hidden()
    expect(page.get_by_role("link", name="紧急广播")).to_be_hidden()
    window.picture("log-register-paper")
