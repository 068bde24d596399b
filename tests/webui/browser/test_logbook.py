"""The log in a real browser: found by words, one airing looked at, the paper book as it is printed, minutes drawn."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from broadcaster.model.airing import LogEntry, airing_id
from broadcaster.model.words import Fate, Sentence
from tests.station.conftest import at
from tests.webui.browser.conftest import LOOKS, VIEWS
from tests.webui.browser.test_timetable import troubles

BOTH = pytest.mark.parametrize("view", list(VIEWS))
WHY = Sentence("因为停电，已错过时限", "there was no power")


@pytest.fixture
def busy_house(open_house):
    """Two weeks of a village."""
    for number in range(14):
        for hour, slot, title in (
            (7, "morning", "积分怎么算"),
            (12, "noon", "秋冬防火，别在山上抽烟"),
            (18, "evening", "少吃盐"),
        ):
            planned = at(f"2026-11-{10 + number} {hour:02}:30")
            is_missed = (number, hour) in ((3, 12), (9, 18))
            began = None if is_missed else planned + timedelta(milliseconds=3)
            open_house.village.store.log.write(
                LogEntry(
                    airing=airing_id(slot, planned),
                    slot=slot,
                    title=title,
                    planned_at=planned,
                    zones=("east",) if number % 4 == 0 else ("all",),
                    scripts=("policy/fire",),
                    fate=Fate.MISSED if is_missed else Fate.AIRED,
                    reason=WHY if is_missed else Sentence("", ""),
                    started_at=began,
                    finished_at=began and began + timedelta(seconds=70 + 17 * number),
                )
            )
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


@LOOKS
def test_axe_and_ruler_find_nothing(browse, busy_house, view, look):
    window = browse(view=view, look=look)
    found = []
    days = "from=2026-11-10&to=2026-11-23"
    for path in (
        "/log?day=2026-11-20",
        f"/log/find?{days}",
        "/log/airing/noon@2026-11-20T12:30:00",
        "/log/books",
        f"/log/register?{days}",
        f"/log/approvals?{days}",
        f"/log/minutes?{days}",
    ):
        window.open(path)
        found += troubles(window, path)
        if "minutes" in path or "find" in path:
            window.picture(f"log-{path.split('/')[-1].split('?')[0]}-{look}")
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
