"""Attacks on the page, each tried for real."""

import re

import pytest

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD
from webui.shield import is_own, own_path

NOON = "noon@2026-11-24T12:00:00"
HTML = {"Accept": "text/html"}


def test_guessing_passwords_is_throttled(house):
    house.has("王主任", Role.OWNER)
    thief = house.stranger().open("/sign-in")
    for _ in range(5):
        thief.press("登录", name="王主任", password="猜一个猜一个")
    thief.press("登录", name="王主任", password=GOOD)

    assert thief.code == 422
    assert "输错太多次了，请等 16 秒再试。" in thief.words


@pytest.mark.parametrize(
    "path", ["/today/skip", "/today/stop", "/emergency/call", "/me/password", "/sign-out", "/look"]
)
def test_a_forged_form_from_another_page_does_nothing(house, owner, path):
    owner.open("/today")
    fields = {"airing": NOON, "script": "free", "words": "假的", "size": "30"}
    none = "表单里没有本页给的钥匙，没有做任何改动。请从网页上重新打开，再按一次；浏览器要允许 cookie。"
    wrong = "这个页面开得太久了，没有做任何改动。请再按一次。"
    for token, said in (({}, none), ({"csrf_token": "forged"}, wrong)):
        answer = owner.client.post(path, data=fields | token, headers=HTML)
        assert answer.status_code == 400
        assert said in answer.text
    assert house.deck.playing is None
    assert owner.open("/today").path == "/today"
    assert house.deeds() == []


def test_a_token_of_somebody_else_is_worth_nothing(house, owner):
    other = house.person("李会计", Role.EDITOR).open("/today")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other.answer.text)[1]
    owner.open("/today")

    assert owner.client.post("/today/skip", data={"airing": NOON, "csrf_token": token}).status_code == 400


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after_it(house):
    house.has("王主任", Role.OWNER)
    victim = house.stranger()
    victim.client.set_cookie("dalaba_in", "planted", domain="localhost")
    victim.open("/sign-in")
    token_before = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', victim.answer.text)[1]
    victim.press("登录", name="王主任", password=GOOD)

    assert victim.client.get_cookie("dalaba_in").value != "planted"
    thief = house.stranger()
    thief.client.set_cookie("dalaba_in", "planted", domain="localhost")
    assert thief.open("/today").path == "/sign-in"
    assert victim.client.post("/today/stop", data={"csrf_token": token_before}).status_code == 400


@pytest.mark.parametrize(("scheme", "mark"), [("https", "__Host-"), ("http", "")])
def test_over_tls_no_cookie_travels_without_it(house, scheme, mark):
    house.has("王主任", Role.OWNER)
    person = house.stranger()
    address = f"{scheme}://localhost"
    form = person.client.get("/sign-in", base_url=address, headers=HTML)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]
    data = {"name": "王主任", "password": GOOD, "csrf_token": token}
    inside = person.client.post("/sign-in", base_url=address, data=data, headers=HTML)

    cookies = form.headers.getlist("Set-Cookie") + inside.headers.getlist("Set-Cookie")
    assert {f"{mark}dalaba_form", f"{mark}dalaba_in"} <= {cookie.partition("=")[0] for cookie in cookies}
    for cookie in cookies:
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is bool(mark) or "Expires=Thu, 01 Jan 1970" in cookie


def test_a_signed_out_cookie_is_dead_wherever_it_was_copied(house, owner):
    stolen = owner.client.get_cookie("dalaba_in").value
    owner.open("/me").press("退出登录")
    thief = house.stranger()
    thief.client.set_cookie("dalaba_in", stolen, domain="localhost")

    assert thief.open("/today").path == "/sign-in"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%0d%0aSet-Cookie:x",
        "/\tevil",
        "javascript:alert(1)",
        "evil",
    ],
)
def test_nobody_is_sent_away_after_signing_in(house, elsewhere):
    house.has("王主任", Role.OWNER)
    person = house.stranger()
    person.answer = person.client.get("/sign-in", query_string={"next": elsewhere}, headers=HTML)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.answer.text)[1]
    data = {"name": "王主任", "password": GOOD, "csrf_token": token}
    answer = person.client.post("/sign-in", query_string={"next": elsewhere}, data=data)

    assert answer.status_code == 303
    assert answer.location == ("/%0d%0aSet-Cookie:x" if elsewhere.startswith("/%") else "/today")
    assert "x" not in {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert own_path("/log?day=1", "/today") == "/log?day=1"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/bootstrap/static/../../../etc/passwd",
        "/icon-..%2f..%2fetc%2fpasswd.png",
        "/icon-99999.png",
        "/static/\x00",
    ],
)
def test_no_path_leads_out_of_the_page(owner, path):
    answer = owner.client.get(path, headers=HTML, follow_redirects=True)

    assert answer.status_code == 404
    assert b"root:" not in answer.data and b"def create_app" not in answer.data


@pytest.mark.parametrize(
    "words", ["{{ 7 * 7 }}", "{% raw %}", "<script>alert(1)</script>", "'\"><img src=x onerror=a>"]
)
def test_what_people_type_is_shown_and_never_run(house, owner, words):
    owner.open("/today").press("今天都停", why=words)
    owner.open("/emergency").send("/emergency/ask", script="free", words=words + "水来了", reason=words)
    for path in ("/today", "/log"):
        owner.open(path)
        assert words not in owner.answer.text or "<" not in words
    assert "49" not in owner.open("/today").words.replace("149", "")
    assert words[:12] in owner.words


@pytest.mark.parametrize("name", ["Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"])
@pytest.mark.parametrize("path", ["/today", "/sign-in", "/static/dalaba.js", "/nowhere", "/emergency/part"])
def test_every_answer_carries_its_shield(owner, path, name):
    with owner.client.get(path, headers=HTML) as answer:
        assert answer.headers[name]


def test_the_policy_lets_no_inline_script_or_style_run_and_pages_need_none(house, owner):
    policy = owner.client.get("/today").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for path in ("/today", "/emergency", "/log", "/me", "/more"):
        text = owner.open(path).answer.text
        assert re.search(r"<script(?![^>]*\bsrc=)", text) is None
        assert re.search(r"\sstyle=|\son\w+=|<style", text) is None
        assert re.search(r'(src|href)="(https?:)?//', text) is None


@pytest.mark.parametrize(
    ("host", "is_fine"),
    [
        ("localhost:8080", True),
        ("192.168.1.20:8080", True),
        ("[fe80::1]:8080", True),
        ("dalaba.lan", True),
        ("evil.example", False),
        ("192.168.1.20.evil.example", False),
        ("localhost@evil.example", False),
        ("", False),
        ("local host", False),
        ("localhost:x", False),
    ],
)
def test_a_page_that_makes_its_own_name_lead_here_gets_nothing(host, is_fine):
    assert is_own(host, ("dalaba.lan",)) is is_fine


def test_a_foreign_host_name_is_told_how_to_ask(owner):
    answer = owner.client.get("/today", headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert answer.text == (
        "请用数字地址打开本页，或者把这个名字写进 schedule.toml 的 [page] hosts。\n"
        "Open this page by its number, or write this name into [page] hosts of schedule.toml.\n"
    )


def test_a_form_of_a_megabyte_or_of_a_thousand_fields_is_refused(owner):
    owner.open("/emergency")
    assert owner.send("/emergency/ask", words="水" * 400_000).code == 413
    assert "内容太多，没有收下。请分几次写。" in owner.words
    boundary = "x"
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(1000)) + "--x--"
    answer = owner.client.post(
        "/emergency/ask", data=parts, content_type=f"multipart/form-data; boundary={boundary}", headers=HTML
    )
    assert answer.status_code in (400, 413)


def test_names_of_people_stay_out_of_headers(house):
    house.has("a:b", Role.OWNER)
    person = house.stranger().open("/sign-in").press("登录", name="a:b\r\nX-Evil: 1", password=GOOD)

    assert "X-Evil" not in person.answer.headers
