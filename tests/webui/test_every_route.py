"""What holds for every route of the page, also for those that are written tomorrow."""

import re
from urllib.parse import urlsplit

import pytest

from broadcaster.model.people import Role
from tests.webui.strange import HTML, ask, path_of

FOR_ANYBODY = {
    "alive.here",
    "accounts.first",
    "accounts.sign_in",
    "accounts.sign_out",
    "people.join",
    "looks.look",
    "looks.manifest",
    "looks.png",
    "looks.sheet",
    "static",
    "bootstrap.static",
}


OWN_AFFAIRS = {"accounts", "looks", "emergency"}
FOR_EVERYBODY_SIGNED_IN = {"today.stop", "scripts.reading", "scripts.listen"}


def rules(house, method):
    """(endpoint, path) of each route that takes *method*; programs have a door of their own."""
    for rule in house.app.url_map.iter_rules():
        if method in rule.methods and not rule.endpoint.startswith("api."):
            yield rule.endpoint, path_of(rule, {"size": "192", "kind": "policy"}, "fire")


def owner_at(house, path):
    """An owner whose browser holds the key of forms, as after any page."""
    return house.person("王主任", Role.OWNER).open(path)


def test_who_is_not_signed_in_sees_the_doors_and_nothing_else(house):
    house.has("王主任", Role.OWNER)
    stranger, seen = house.stranger(), set()
    for method in ("GET", "POST"):
        for endpoint, path in rules(house, method):
            with stranger.client.open(path, method=method, headers=HTML) as answer:
                is_let_in = answer.status_code not in (303, 400, 401, 404) or (
                    answer.status_code == 303 and not answer.location.startswith("/sign-in")
                )
                if is_let_in:
                    seen.add(endpoint)

    assert seen <= FOR_ANYBODY


def test_no_form_is_taken_without_the_key_that_the_page_gave_out(house):
    owner = owner_at(house, "/today")
    before = {path: path.read_bytes() for path in house.village.home.root.rglob("*.t*") if path.is_file()}
    for key in ({}, {"csrf_token": "forged"}):
        for endpoint, path in rules(house, "POST"):
            with owner.client.post(path, data={"does": "save", "title": "x", **key}, headers=HTML) as answer:
                assert answer.status_code == 400, (endpoint, answer.status_code)

    assert house.deeds() == []
    assert {path: path.read_bytes() for path in before} == before
    assert owner.open("/today").path == "/today"


def test_who_may_only_press_the_red_button_presses_no_other(house):
    """Each right is asked for where the deed is done, not where the button is shown."""
    watchman = house.person("赵看守", Role.EMERGENCY).open("/today")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', watchman.answer.text)[1]
    for endpoint, path in rules(house, "POST"):
        if endpoint.partition(".")[0] in OWN_AFFAIRS or endpoint in FOR_EVERYBODY_SIGNED_IN | FOR_ANYBODY:
            continue
        with watchman.client.post(path, data={"csrf_token": token, "does": "save"}, headers=HTML) as answer:
            assert answer.status_code in (403, 404), (endpoint, answer.status_code)

    assert house.deeds() == []


def test_every_answer_carries_its_shield_and_no_page_an_inline_script(house):
    owner = owner_at(house, "/today")
    for endpoint, path in rules(house, "GET"):
        with owner.client.get(path, headers=HTML) as answer:
            assert "unsafe" not in answer.headers["Content-Security-Policy"], endpoint
            assert answer.headers["X-Content-Type-Options"] == "nosniff", endpoint
            assert answer.headers["X-Frame-Options"] == "DENY", endpoint
            if answer.mimetype == "text/html":
                assert re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|<style", answer.text) is None, endpoint


@pytest.mark.parametrize("away", ["https://evil.example", "/\\evil.example"])
def test_no_page_sends_anybody_away(house, away):
    """Neither by an address of the query, nor by the page that was left, nor by a field of a form."""
    owner = owner_at(house, "/today")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', owner.answer.text)[1]
    tricks = {"next": away, "back": away, "to": away, "url": away, "return": away}
    for method in ("GET", "POST"):
        for endpoint, path in rules(house, method):
            if endpoint in ("accounts.sign_out",):
                continue
            with owner.client.open(
                path,
                method=method,
                query_string=tricks,
                data={"csrf_token": token, **tricks} if method == "POST" else None,
                headers=HTML | {"Referer": away},
            ) as answer:
                goes_to = urlsplit(answer.headers.get("Location", ""))
                assert (goes_to.scheme, goes_to.netloc) in {("", ""), ("http", "localhost")}, endpoint


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_strange_requests_break_nothing_and_show_nothing(house, seed):
    """Path traversal, header and template injection, dates that are none. ``make bench SUBJECTS=attacks`` has more."""
    owner = owner_at(house, "/today")

    codes = ask(owner, house, 300, seed)

    assert len(codes) > 250 and {200, 400, 404} <= set(codes)
    assert owner.open("/today").path == "/today"
