"""Coming and going, as a person does it in a browser without JavaScript."""

import re

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD
from tests.webui.conftest import House


def test_a_new_station_leads_to_the_first_owner(house):
    person = house.stranger().open("/")
    assert person.path == "/first"

    person.press("开站", code=house.doorkeeper.first_code(), name="王主任", password=GOOD, again=GOOD)

    assert person.path == "/today"
    assert "王主任 站长" in person.open("/me").words
    assert house.stranger().open("/first").path == "/sign-in"


def test_what_was_typed_is_kept_but_for_passwords_and_the_remedy_is_said(house):
    person = house.stranger().open("/first")
    person.press("开站", code="AAAA-AAAA", name="王主任", password=GOOD, again="不一样的密码呀")
    assert person.code == 422
    assert "两次输的密码不一样。请再输一遍。" in person.words
    assert 'value="王主任"' in person.answer.text
    assert GOOD not in person.answer.text

    person.press("开站", password=GOOD, again=GOOD)
    assert "开站码不对。" in person.words
    person.press("开站", name="", password=GOOD, again=GOOD)
    assert "这里不能空着。" in person.words
    person.press("开站", code=house.doorkeeper.first_code(), name="王主任", password="12345678", again="12345678")
    assert "这个密码太容易猜。" in person.words


def test_signing_in_leads_to_the_page_that_was_asked_for(house):
    house.has("王主任", Role.OWNER)
    person = house.stranger().open("/log?day=2026-11-20")
    assert "请先登录。" in person.words
    person.press("登录", name="王主任", password=GOOD)

    assert person.answer.request.full_path == "/log?day=2026-11-20"


def test_a_trusted_phone_keeps_its_cookie_and_an_office_pc_does_not(house):
    house.has("王主任", Role.OWNER)
    for ticked in ({}, {"is_trusted": "y"}):
        person = house.stranger().open("/sign-in")
        person.client.post(
            "/sign-in",
            data={"name": "王主任", "password": GOOD, "csrf_token": _token(person), **ticked},
        )
        cookie = person.client.get_cookie("dalaba_in")
        assert (cookie.max_age is not None) == bool(ticked)
        assert cookie.http_only and cookie.same_site == "Lax"


def _token(person):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.answer.text)[1]


def test_a_lost_phone_is_signed_out_from_the_list(house, owner):
    phone = house.person("王主任")
    owner.open("/me").press("让它退出")

    assert "那台设备已经退出。" in owner.words
    assert phone.open("/today").path == "/sign-in"
    assert owner.open("/today").path == "/today"


def test_one_cannot_sign_out_the_devices_of_others(house, owner):
    other = house.person("李会计", Role.EDITOR)
    (device,) = house.doorkeeper.devices(house.has("王主任").id)
    other.open("/me").send(f"/me/devices/{device.id}/forget")

    assert owner.open("/today").path == "/today"


def test_a_password_is_changed_with_the_old_one(house, owner):
    owner.open("/me").press("换密码", old="不对的旧密码", new="井边有一棵大枣树", again="井边有一棵大枣树")
    assert "旧密码不对。" in owner.words
    owner.press("换密码", old=GOOD, new="井边有一棵大枣树", again="井边有一棵大枣树")

    assert "密码改好了" in owner.words
    person = house.stranger().open("/sign-in").press("登录", name="王主任", password="井边有一棵大枣树")
    assert person.path == "/today"


def test_every_page_but_the_doors_needs_somebody(house):
    house.has("王主任", Role.OWNER)
    for_anybody = {"accounts.first", "accounts.sign_in", "accounts.sign_out", "people.join"}
    for_anybody |= {"alive.here", "looks.choose", "looks.manifest", "looks.png", "looks.sheet"}
    for_anybody |= {"static", "bootstrap.static"}
    client = house.stranger().client
    for rule in house.app.url_map.iter_rules():
        path = re.sub("<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]+>", r"\1", rule.rule))
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(path, method=method, headers={"Accept": "text/html"})
            if rule.endpoint.startswith("api."):
                assert answer.status_code == (200 if rule.endpoint == "api.document" else 401), (method, path)
            elif rule.endpoint not in for_anybody:
                assert answer.status_code in (303, 400), (method, path)
                assert answer.status_code == 400 or answer.location.startswith("/sign-in"), (method, path)


def test_the_page_of_a_station_whose_disk_is_broken_still_starts(tmp_path):
    from broadcaster.model.words import Sentence
    from tests.fakes_store import MemoryStore

    books = MemoryStore()
    books.fail_with(Sentence("磁盘满了", "full"))
    person = House(tmp_path, books=books).stranger().open("/sign-in")

    assert person.code == 503
    assert "磁盘满了" in person.words
