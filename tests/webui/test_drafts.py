"""What the station says about drafts: which were taken, whose go; and that a press which comes late does nothing."""

import re

import pytest

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD
from webui.freshness import is_late

NUMBER = "0123456789abcdef"
LATE = "网络不好，这一次按下去，过了很久才送到，没有播。还要播，请再按一次。"


def taken(person):
    """What the page that is open tells the script that keeps drafts."""
    return re.search(r'data-taken="([^"]*)"', person.answer.text)[1].split()


def test_a_form_that_was_taken_is_told_to_the_browser_and_one_with_a_mistake_is_not(owner):
    owner.open("/settings/outputs/main").press("存", level_db="400", draft=NUMBER)
    assert owner.code == 422 and taken(owner) == []
    assert f'data-typed="{NUMBER}"' in owner.answer.text

    owner.press("存", level_db="-3", draft=NUMBER)

    assert owner.code == 200 and taken(owner) == [NUMBER]
    assert "data-typed" not in owner.answer.text


def test_a_preview_carries_the_draft_on_and_only_what_takes_effect_is_taken(owner):
    owner.open("/timetable/slots/noon").press("看看会变什么", title="防火", draft=NUMBER)
    assert taken(owner) == []

    owner.press("就这样，生效")

    assert taken(owner) == [NUMBER]


@pytest.mark.parametrize(
    "path, button, typed",
    [
        ("/people", "给一次码", {"name": "李会计", "role": "editor"}),
        ("/settings/programs", "给令牌", {"name": "水位计", "scope": "read"}),
    ],
)
def test_what_is_answered_by_a_page_of_its_own_is_taken_too(owner, path, button, typed):
    owner.open(path).press(button, draft=NUMBER, **typed)

    assert owner.code == 200 and taken(owner) == [NUMBER]


def test_a_form_of_somebody_whose_session_has_ended_was_not_taken(house):
    house.has("王主任", Role.OWNER)
    stranger = house.stranger().open("/sign-in").send("/settings/outputs/main", level_db="-3", draft=NUMBER)

    assert stranger.path == "/sign-in" and taken(stranger) == []


def test_a_form_that_was_refused_leads_back_to_its_page_and_never_elsewhere(owner):
    for referrer, way in (
        ("http://localhost/scripts/edit/policy/fire?from=1", "/scripts/edit/policy/fire?from=1"),
        ("http://localhost/timetable/look", None),
        ("http://localhost//evil.example/today", None),
        ("https://evil.example/today", None),
    ):
        form = {"csrf_token": "too old"}
        answer = owner.client.post("/scripts/new", data=form, headers={"Accept": "text/html", "Referer": referrer})
        assert answer.status_code == 400
        assert re.findall(r'href="([^"]*)">(?:(?!</a>).)*回到刚才那一页', answer.text, re.DOTALL) == [way] * bool(way)


def test_only_numbers_are_believed(owner):
    owner.open("/settings/outputs/main").press("存", level_db="-3", draft='"><script>')

    assert taken(owner) == []


def test_drafts_go_with_whoever_signs_out_or_makes_room_for_another(house, owner):
    account = house.has("王主任", Role.OWNER)
    house.has("李会计", Role.EDITOR)
    owner.open("/me").press("退出登录")
    assert taken(owner) == [f"*{account.id}"]

    owner.press("登录", name="王主任", password=GOOD)
    assert taken(owner) == []
    owner.open("/sign-in").press("登录", name="王主任", password=GOOD)
    assert taken(owner) == []
    owner.open("/sign-in").press("登录", name="李会计", password=GOOD)
    assert taken(owner) == [f"*{account.id}"]


def test_an_emergency_that_the_network_held_back_does_not_go_out_by_itself(house, owner):
    old = str(int(owner.client.get("/alive").json["at"]) - 25_000)
    wish = {"script": "free", "words": "发山洪了", "reason": "水库"}
    owner.open("/emergency").send("/emergency/call", asked_at=old, **wish)

    assert owner.code == 409 and LATE in owner.words
    assert "发山洪了" in owner.answer.text
    assert not house.station.calls() and house.deeds() == []

    owner.send("/emergency/call", asked_at=owner.client.get("/alive").json["at"], **wish)
    assert [call.entry.who for call in house.station.calls()] == ["王主任"]


@pytest.mark.parametrize(
    "given, late", [("", False), ("soon", True), ("9" * 15, True), ("9" * 400, True), ("-1", True)]
)
def test_a_stamp_that_no_station_gave_is_late_and_none_is_not(given, late):
    assert is_late(given) is late
