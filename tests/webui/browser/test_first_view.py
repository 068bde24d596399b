"""What a phone has to fetch before its owner sees anything."""

import pytest

from tests.webui.browser.phone import first_view

MOST_BYTES = 250_000


@pytest.mark.parametrize("path", ["/sign-in", "/today"])
def test_the_first_page_is_light_enough_for_a_thin_line(browse, open_house, path):
    window = browse(view="phone", signed_in=path == "/today")

    weight, _ = first_view(window.page, open_house.address + path, is_throttled=False)

    assert 10_000 < weight < MOST_BYTES


LOOKS = """() => [...document.querySelectorAll("body, body *")].map(one => {
  const looks = getComputedStyle(one);
  return one.tagName + "." + one.className + ": " + [...looks].filter(name => !name.startsWith("--"))
    .map(name => name + "=" + looks.getPropertyValue(name)).join(";");
})"""
WITH_ALL_OF_BOOTSTRAP = """() => new Promise(done => {
  const link = document.querySelector('link[href^="/bootstrap-"]');
  link.addEventListener("load", () => done(true));
  link.href = "/bootstrap/static/css/bootstrap.min.css";
})"""
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"


@pytest.mark.parametrize(
    "path", ["/today", "/scripts", "/timetable", "/emergency", "/log/find", "/people", "/settings"]
)
def test_a_page_looks_as_with_the_whole_of_bootstrap(browse, open_house, path):
    """What is left out of the stylesheet must be nothing that any element of ours would have."""
    page = browse(view="phone", signed_in=True).page
    page.goto(open_house.address + path, wait_until="load")
    page.evaluate(
        "text => { const own = new CSSStyleSheet(); own.replaceSync(text); document.adoptedStyleSheets = [own]; }",
        STILL,
    )
    with_ours = page.evaluate(LOOKS)
    page.evaluate(WITH_ALL_OF_BOOTSTRAP)

    assert len(with_ours) > 50
    assert page.evaluate(LOOKS) == with_ours
