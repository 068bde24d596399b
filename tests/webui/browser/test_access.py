"""What people with weak eyes or shaking hands need, measured by axe-core and a ruler, on every page."""

import json

from axe_playwright_python.sync_playwright import Axe

from tests.station.conftest import at
from tests.webui.browser.conftest import LOOKS, VIEWS

PAGES = ("/today", "/emergency", "/log", "/me", "/more", "/nowhere")
PAGES += (
    "/people",
    "/settings",
    "/settings/programs",
    "/settings/programs/api",
    "/settings/health",
    "/settings/changes",
    "/settings/station",
    "/settings/backup",
    "/settings/outputs",
    "/settings/outputs/main",
    "/settings/zones/new",
    "/settings/voices",
    "/settings/voices/default",
    "/settings/lexicon",
    "/settings/lexicon/word",
)
OPEN_TO_ALL = ("/sign-in", "/join")
SMALLEST_TARGET_PX = 59.5
SMALLEST_TEXT_PX = 16.0
TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, .text, textarea, .choice label, .tick')]
  .filter((one) => one.checkVisibility() && !one.closest('.skip') && one.matches(':not(.skip)'))
  .map((one) => [one.tagName + ' ' + one.textContent.trim().slice(0, 20), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0)
  .map(([name, box]) => [name, box.width, box.height])"""
TEXTS = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((one) => [one.textContent.trim().slice(0, 20), parseFloat(getComputedStyle(one).fontSize)])"""


@LOOKS
def test_axe_finds_nothing_and_nothing_is_too_small(browse, open_house, view, look):
    open_house.until(at("07:30:02"))
    open_house.station.emergency("script:emergency/flood", who="王主任", reason="上游水库泄洪")
    open_house.village.advance(2)
    signed_in, stranger = browse(view=view, look=look), browse(view=view, look=look, signed_in=False)
    axe = Axe()
    found = []
    for window, path in [(signed_in, path) for path in PAGES] + [(stranger, path) for path in OPEN_TO_ALL]:
        page = window.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for violation in axe.run(page).response["violations"]:
            nodes = [(node["target"], node["failureSummary"][:300]) for node in violation["nodes"][:3]]
            found.append((path, violation["id"], nodes))
        found += [(path, "too small", one) for one in page.evaluate(TARGETS) if one[2] < SMALLEST_TARGET_PX]
        found += [(path, "text", one) for one in page.evaluate(TEXTS) if one[1] < SMALLEST_TEXT_PX]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > VIEWS[view]["width"]:
            found.append((path, "scrolls sideways", wide))
    signed_in.complaints.clear()  # /nowhere is not there
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_axe_is_awake(browse):
    window = browse()
    page = window.open("/today")
    page.evaluate("document.getElementById('main').innerHTML = '<img src=/static/icon.svg><input type=text>'")

    assert {one["id"] for one in Axe().run(page).response["violations"]} >= {"image-alt", "label"}
