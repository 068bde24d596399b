"""Requests that no browser sends, byte by byte to a real server: hidden in others, too large, half, or nonsense."""

import logging
import re
import socket

import pytest

from broadcaster.model.people import Role
from tests.bench.village import wait_until
from tests.webui.conftest import House
from webui.app import longest_body
from webui.server import PageServer

pytestmark = [pytest.mark.real, pytest.mark.slow]
HOST = b"Host: localhost\r\n"


class Wire:
    """A house with a real server, and somebody who is signed in there."""

    def __init__(self, folder):
        self.house = House(folder)
        account = self.house.has("王主任", Role.OWNER)
        _, token = self.house.doorkeeper.let_in(account, label="test", is_trusted=True)
        self.cookie = f"Cookie: dalaba_in={token}\r\n".encode()
        self.server = PageServer(self.house.app, "127.0.0.1", 0, allowed=longest_body(self.house.app))
        self.server.open()

    def open(self, words=b""):
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        connection.sendall(words)
        return connection

    def say(self, words):
        """(codes, all that was answered) until the server hangs up."""
        with self.open(words) as connection:
            told = b""
            try:
                while piece := connection.recv(65_536):
                    told += piece
            except ConnectionResetError:
                pass
        return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d+)", told)], told

    def close(self):
        self.server.close()
        self.house.station.backups.close()


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    wire = Wire(tmp_path_factory.mktemp("wire"))
    yield wire
    wire.close()


def test_a_request_that_is_hidden_in_another_is_not_heard(wire):
    """Its length is said twice, once for a proxy and once for us; the hidden one was answered."""
    hidden = b"GET /today HTTP/1.1\r\n" + HOST + wire.cookie + b"\r\n"
    for first, second in (
        (b"Content-Length: 4\r\n", b"Transfer-Encoding: chunked\r\n"),
        (b"Transfer-Encoding: chunked\r\n", b"Content-Length: 4\r\n"),
    ):
        codes, told = wire.say(b"POST /sign-in HTTP/1.1\r\n" + HOST + first + second + b"\r\n0\r\n\r\n" + hidden)
        assert codes == [400]
        assert "请求的长度说了两遍，没有收下。" in told.decode()


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: +4\r\n\r\nabcd",
        b"Content-Length: 4, 5\r\n\r\nabcd",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Host: evil.example\r\n\r\n",
        b"X-A: a\x00b\r\n\r\n",
        b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(20_000)) + b"\r\n",
    ],
    ids=range(12),
)
def test_a_head_that_can_be_read_in_two_ways_or_never_ends_is_refused(wire, lines):
    codes, _ = wire.say(b"POST /sign-in HTTP/1.1\r\n" + HOST + lines)

    assert codes == [400]


@pytest.mark.parametrize(
    ("request_line", "codes"),
    [
        (b"GET http://evil.example/today", {404}),
        (b"GET //evil.example/today", {404}),
        (b"CONNECT evil.example:80", {404}),
        (b"TRACE /today", {405}),
        (b"OPTIONS *", {404}),
        (b"FOO /today", {405}),
        (b"GET /%00", {404}),
        (b"GET /%ff%fe/%zz", {404}),
        (b"GET /\xff\xfe", {400}),
        (b"GET /log/find?text=%ff%00%0d%0a", {200}),
        (b"GET /" + b"a" * 60_000, {404}),
        (b"GET /today?" + b"a=1&" * 10_000, {200}),
    ],
    ids=range(12),
)
def test_what_no_browser_asks_for_breaks_nothing(wire, request_line, codes):
    found, told = wire.say(request_line + b" HTTP/1.1\r\n" + HOST + wire.cookie + b"Connection: close\r\n\r\n")

    assert set(found) == codes
    assert b"\r\nlocation: http" not in told.lower()
    assert wire.cookie.strip() not in told  # TRACE would show a script what it may not read


@pytest.mark.parametrize(
    "lines",
    [
        b"Cookie: dalaba_in=\xff\xfe; dalaba_form=\xff.\xff; dalaba_look=\xff.\xff; =;;;\r\n",
        b"Cookie: " + b"a=b; " * 10_000 + b"\r\n",
        b"Accept: " + b"a/b;q=" * 2_000 + b"\r\nAccept-Language: " + b"zh-" * 3_000 + b"\r\n",
        b'If-Modified-Since: Thu, 99 Foo 99999 99:99:99 GMT\r\nIf-None-Match: "\xff"\r\n',
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nX-Original-URL: /settings/changes\r\n",
        b"X-HTTP-Method-Override: DELETE\r\nX-Rewrite-URL: /settings/changes\r\n",
        b"Range: bytes=0-1,2-3\r\n",
        b"Authorization: Bearer \xff\xfe\r\n",
        b"User-Agent: \xff<script>alert(1)</script>\r\n",
    ],
    ids=range(11),
)
def test_no_line_of_a_head_opens_the_door_or_breaks_it(wire, lines):
    for path in (b"/today", b"/sign-in", b"/api/v1/status", b"/static/dalaba.js"):
        codes, told = wire.say(b"GET " + path + b" HTTP/1.1\r\n" + HOST + lines + b"Connection: close\r\n\r\n")
        expected = {b"/today": 303, b"/sign-in": 200, b"/api/v1/status": 401, b"/static/dalaba.js": 200}[path]
        assert codes[0] in (expected, 400, 416)
        assert b"evil.example" not in told


@pytest.mark.parametrize("range_", [b"9999999999-", b"-0", b"5-2", b"a-b", b"0-0" + b",0-0" * 2_000])
def test_a_range_that_is_none_costs_nothing(wire, range_):
    codes, told = wire.say(
        b"GET /static/dalaba.js HTTP/1.1\r\n" + HOST + b"Range: bytes=" + range_ + b"\r\nConnection: close\r\n\r\n"
    )

    assert codes[0] in (200, 206, 416)
    assert len(told) < 100_000


def test_who_hangs_up_in_the_middle_is_no_line_of_the_log(wire, caplog):
    """Each one was a traceback of thirty lines: a stranger could fill the journal with it."""
    caplog.set_level(logging.ERROR)
    for words in (b"Content-Length: 999\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\nffffff\r\nabc"):
        wire.open(b"POST /sign-in HTTP/1.1\r\n" + HOST + words).close()
    wait_until(lambda: not wire.server._server.server_state.tasks, within_s=20)

    assert caplog.records == []


def test_a_stranger_may_not_send_what_a_cadre_may(wire):
    """Before anybody looked at the key of the form, twenty megabytes lay in memory."""
    head = b"POST /scripts/edit/policy/fire HTTP/1.1\r\n" + HOST
    long = b"Content-Type: text/plain\r\nContent-Length: 5000000\r\n\r\n" + b"x" * 5_000_000
    with wire.open() as connection:
        connection.sendall(head + long[:2_000_000])
        assert connection.recv(12) == b"HTTP/1.1 413"
    with wire.open(head + wire.cookie + long) as connection:
        assert connection.recv(12) == b"HTTP/1.1 400"  # all of it was read, and has no key of forms
    for elsewhere in (b"/sign-in", b"/today/stop", b"/api/v1/play"):
        with wire.open() as connection:
            connection.sendall(b"POST " + elsewhere + b" HTTP/1.1\r\n" + HOST + wire.cookie + long[:2_000_000])
            assert connection.recv(12) == b"HTTP/1.1 413"
