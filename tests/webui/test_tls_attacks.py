"""Attacks on the page over TLS: a real server, real cookies, and somebody who sits between or beside."""

import http.client
import re
import ssl
import urllib.parse
from datetime import timedelta

import pytest

from broadcaster.model.people import Role, Scope
from tests.certificates import needs_openssl, pair, trusting
from tests.doorkeeper.conftest import GOOD
from tests.webui.conftest import House
from webui.app import create_app
from webui.encryption import Encryption
from webui.server import PageServer

pytestmark = [pytest.mark.real, pytest.mark.slow, needs_openssl]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Encrypted:
    """A house whose page speaks TLS on a real socket."""

    def __init__(self, folder, authority=None):
        self.house = House(folder)
        certificate, key = pair(folder, days=20_000, authority=authority)
        self.trusted = (authority or (certificate,))[0]
        encryption = Encryption(certificate, key)
        self.house.app = create_app(self.house.station, self.house.doorkeeper, encryption)
        self.server = PageServer(self.house.app, "127.0.0.1", 0, encryption)
        self.server.open()

    def ask(self, path, *, method="GET", form=None, cookies="", is_plain=False, **headers):
        """(answer, text) of one request; *is_plain*: without TLS."""
        if is_plain:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        else:
            context = trusting(self.trusted)
            connection = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=20, context=context)
        headers = {"Accept": "text/html", "Cookie": cookies} | headers
        body = None
        if form is not None:
            body, method = urllib.parse.urlencode(form), "POST"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def sign_in(self, cookies=""):
        """The answer to a right name and password, and the cookies of the browser after it."""
        answer, page = self.ask("/sign-in", cookies=cookies)
        form = {"csrf_token": TOKEN.search(page)[1], "name": "王主任", "password": GOOD}
        inside, _ = self.ask("/sign-in", form=form, cookies=after(answer, cookies))
        return inside, after(inside, after(answer, cookies))

    def close(self):
        self.server.close()
        self.house.station.backups.close()


def after(answer, cookies):
    """What the browser that held *cookies* sends from now on."""
    kept = dict(one.split("=", 1) for one in cookies.split("; ") if one)
    for cookie in set_cookies(answer):
        name, _, value = cookie.partition(";")[0].partition("=")
        kept[name] = value
    return "; ".join(f"{name}={value}" for name, value in kept.items() if value)


def set_cookies(answer):
    return answer.headers.get_all("Set-Cookie") or []


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory):
    encrypted = Encrypted(tmp_path_factory.mktemp("encrypted"))
    encrypted.house.has("王主任", Role.OWNER)
    yield encrypted
    encrypted.close()


def test_every_cookie_is_for_this_host_and_for_tls_alone(encrypted):
    _, page = encrypted.ask("/sign-in")
    form, _ = encrypted.ask("/sign-in")
    inside, _ = encrypted.sign_in()
    cookies = set_cookies(form) + set_cookies(inside)

    assert {"__Host-dalaba_form", "__Host-dalaba_in"} == {one.partition("=")[0] for one in cookies}
    for cookie in cookies:
        assert "Secure" in cookie and "Path=/" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
        assert "Domain" not in cookie
    assert "__Host-" not in page


def test_a_session_planted_from_a_page_without_tls_is_not_looked_at(encrypted):
    """Another port of this machine, or a neighbour who answers for http, can plant any cookie but those of TLS."""
    house = encrypted.house
    _, thiefs = house.doorkeeper.let_in(house.has("贼", Role.OWNER), label="thief", is_trusted=True)
    answer, _ = encrypted.ask("/today", cookies=f"dalaba_in={thiefs}")
    assert answer.status == 303 and answer.headers["Location"].startswith("/sign-in")

    inside, _ = encrypted.sign_in(f"dalaba_in={thiefs}; dalaba_form=planted")
    (cookie,) = [one for one in set_cookies(inside) if one.startswith("__Host-dalaba_in=")]
    mine = cookie.partition(";")[0]
    assert thiefs not in mine
    for planted in (f"dalaba_in={thiefs}; {mine}", f"{mine}; dalaba_in={thiefs}"):
        _, page = encrypted.ask("/me", cookies=planted)
        assert "王主任" in page and "贼" not in page


def test_a_key_of_forms_from_a_page_without_tls_opens_no_form(encrypted):
    """Whoever can plant both halves, cookie and field, would make people sign in as somebody else."""
    with encrypted.house.app.test_client() as plain:
        page = plain.get("/sign-in", base_url="https://localhost").text
        planted = plain.get_cookie("__Host-dalaba_form").value
    form = {"csrf_token": TOKEN.search(page)[1], "name": "王主任", "password": GOOD}

    answer, _ = encrypted.ask("/sign-in", form=form, cookies=f"dalaba_form={planted}")

    assert answer.status == 400
    assert not [one for one in set_cookies(answer) if "dalaba_in" in one]


def test_signing_out_takes_the_cookie_of_tls_out_of_the_browser(encrypted):
    _, cookies = encrypted.sign_in()
    answer, page = encrypted.ask("/me", cookies=cookies)
    cookies = after(answer, cookies)
    out, _ = encrypted.ask("/sign-out", form={"csrf_token": TOKEN.search(page)[1]}, cookies=cookies)

    (gone,) = [one for one in set_cookies(out) if one.startswith("__Host-dalaba_in=")]
    assert "Expires=Thu, 01 Jan 1970" in gone and "Secure" in gone and "Path=/" in gone
    assert encrypted.ask("/today", cookies=cookies)[0].status == 303


def test_an_owner_may_send_a_long_backup_over_tls_and_a_cookie_of_clear_text_may_not(encrypted):
    _, cookies = encrypted.sign_in()
    long = {"csrf_token": "x" * 400_000}

    assert encrypted.ask("/settings/backup/look", form=long, cookies=cookies)[0].status == 400
    plain = cookies.replace("__Host-", "")
    assert encrypted.ask("/settings/backup/look", form=long, cookies=plain)[0].status == 413


@pytest.mark.parametrize("path", ["/", "/today?day=1", "/sign-in?next=%2Flog", "/static/dalaba.js", "/nowhere"])
def test_who_typed_http_is_shown_the_way_and_gets_no_cookie_in_clear(encrypted, path):
    answer, _ = encrypted.ask(path, is_plain=True)

    goes_to = urllib.parse.unquote(answer.headers["Location"])
    assert answer.status == 307
    assert goes_to == f"https://127.0.0.1:{encrypted.server.port}{urllib.parse.unquote(path)}"
    assert set_cookies(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "127.0.0.1.evil.example"])
def test_the_way_to_tls_leads_nowhere_else(encrypted, host):
    answer, _ = encrypted.ask("/today", is_plain=True, Host=host)

    assert answer.status == 421 and answer.headers["Location"] is None


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "/%0d%0aSet-Cookie:%20x=1"])
def test_no_path_leads_the_way_to_tls_astray(encrypted, path):
    answer, _ = encrypted.ask(path, is_plain=True)

    assert answer.status in (307, 308, 404)
    goes_to = urllib.parse.urlsplit(answer.headers["Location"] or "")
    assert goes_to.netloc in ("", f"127.0.0.1:{encrypted.server.port}")
    assert not set_cookies(answer)


def test_nothing_is_done_for_who_speaks_in_clear(encrypted):
    house = encrypted.house
    _, token = house.doorkeeper.let_in(house.has("王主任"), label="test", is_trusted=True)
    _, program = house.doorkeeper.programs.admit("水位计", [Scope.SAY], who="test")
    before = house.deeds()
    asked = [
        encrypted.ask("/sign-in", form={"name": "王主任", "password": GOOD}, is_plain=True),
        encrypted.ask("/today/stop", form={}, cookies=f"dalaba_in={token}", is_plain=True),
        encrypted.ask("/api/v1/status", is_plain=True, Authorization=f"Bearer {program}"),
        encrypted.ask("/api/v1/stop", method="POST", is_plain=True, Authorization=f"Bearer {program}"),
    ]

    for answer, words in asked:
        assert answer.status == 403
        assert words == (
            "本页只走加密的网址，什么也没有做。请把网址开头的 http:// 换成 https://。"
            "密码或令牌已经明着传过一次，请换掉。\n"
            "This page is encrypted only; nothing was done. Write https:// instead of http://. "
            "A password or token that was in this request has travelled in clear: change it.\n"
        )
        assert set_cookies(answer) == []
    assert house.deeds() == before


def test_no_head_of_a_proxy_passes_for_tls(encrypted):
    """The page is behind nobody: a head that says so is somebody's trick."""
    tricks = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "Forwarded": "proto=https",
        "X-Url-Scheme": "https",
    }
    answer, _ = encrypted.ask("/sign-in", is_plain=True, **tricks)

    assert answer.status == 307


def test_browsers_are_told_to_insist_for_a_day_where_somebody_vouches(tmp_path):
    authority = pair(tmp_path, "authority", days=20_000)
    encrypted = Encrypted(tmp_path, authority)
    begins_at = encrypted.house.app.extensions["encryption"].certificate.begins_at
    encrypted.house.village.clock.set(begins_at + timedelta(days=1))
    try:
        answer, _ = encrypted.ask("/sign-in")
        assert answer.headers["Strict-Transport-Security"] == "max-age=86400"
    finally:
        encrypted.close()


def test_who_made_the_certificate_alone_is_not_insisted_on(encrypted):
    answer, _ = encrypted.ask("/sign-in")

    assert answer.headers["Strict-Transport-Security"] == "max-age=0"


def test_a_program_that_trusts_nobody_else_notices_a_false_page(encrypted, tmp_path):
    context = trusting(pair(tmp_path, "false")[0])
    connection = http.client.HTTPSConnection("127.0.0.1", encrypted.server.port, timeout=20, context=context)

    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/sign-in")
