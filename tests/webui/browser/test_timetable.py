"""The timetable in a real browser: a slot is added, its mistake seen, its two weeks looked at, saved and undone."""

import pytest
from playwright.sync_api import expect

from tests.webui.browser.views import VIEWS

BOTH = pytest.mark.parametrize("view", list(VIEWS))


@BOTH
def test_a_slot_is_added_mended_looked_at_saved_and_undone(browse, open_house, view):
    file = open_house.village.home.schedule
    before = file.read_text(encoding="utf-8")
    window = browse(view=view)
    page = window.open("/timetable")
    window.picture("timetable-week")
    page.get_by_role("link", name="加一个时段").click()
    page.get_by_label("叫什么").fill("赶集提醒")
    page.get_by_label("时间 1").fill("22:30")
    page.get_by_label("每天").uncheck()
    page.get_by_label("星期六").check()
    page.get_by_label("第 1 样").select_option("next:study")
    page.get_by_role("button", name="看看会变什么").click()

    expect(page.get_by_text("在静音时段 21:00-06:30 里")).to_be_visible()
    expect(page.get_by_label("叫什么")).to_have_value("赶集提醒")
    window.picture("timetable-complaint")
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("时间 1").fill("09:30")
    page.get_by_role("button", name="看看会变什么").click()

    expect(page.get_by_text("多播 09:30 赶集提醒")).to_have_count(2)
    assert file.read_text(encoding="utf-8") == before
    window.picture("timetable-preview")
    page.get_by_role("button", name="就这样，生效").click()

    expect(page.get_by_text("写好了，马上生效")).to_be_visible()
    assert "赶集提醒" in file.read_text(encoding="utf-8")
    window.picture("timetable-saved")
    page.get_by_role("button", name="撤销这次改动").click()
    expect(page.get_by_text("不播 09:30 赶集提醒")).to_have_count(2)
    window.picture("timetable-undo")
    page.get_by_role("button", name="就这样，生效").click()
    expect(page.get_by_text("写好了，马上生效")).to_be_visible()
    assert file.read_text(encoding="utf-8") == before


@BOTH
def test_without_javascript_the_form_does_the_same(browse, open_house, view):
    window = browse(view=view, javascript=False)
    page = window.open("/timetable/slots/noon")
    page.get_by_label("时间 1").fill("12:10")
    page.get_by_role("button", name="看看会变什么").click()
    page.get_by_role("button", name="就这样，生效").click()
    assert 'at = "12:10"' in open_house.village.home.schedule.read_text(encoding="utf-8")
