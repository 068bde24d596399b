"""The page's server with real sockets: slow clients hold nothing that anybody waits for."""

import http.client
import logging
import socket
from contextlib import suppress

import pytest
from flask import Flask, Response, request

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from tests.bench.village import wait_until
from webui import doorway
from webui import server as server_module
from webui.bridge import LONG_BODIES_AT_ONCE
from webui.server import THREADS, PageServer

pytestmark = [pytest.mark.real, pytest.mark.slow]
SLOW = 3 * THREADS


def app():
    app = Flask("tiny")

    @app.get("/")
    def hello():
        return f"hello {request.host} {request.cookies.get('a', '')}{request.cookies.get('b', '')}"

    @app.get("/empty")
    def empty():
        return Response(status=204)

    @app.post("/count")
    def count():
        return str(len(request.get_data()))

    @app.get("/large")
    def large():
        return Response(b"x" * 4096 for _ in range(5_000))

    return app


@pytest.fixture
def server():
    server = PageServer(app(), "127.0.0.1", 0)
    server.open()
    yield server
    server.close()


def get(server, path="/", method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_an_answer_with_and_without_a_body(server):
    assert get(server, Cookie="a=1; b=2") == (200, f"hello 127.0.0.1:{server.port} 12".encode())
    assert get(server, "/empty") == (204, b"")
    assert get(server, "/", "HEAD") == (200, b"")
    assert get(server, "/count", "POST", b"x" * 100_000) == (200, b"100000")


@pytest.mark.parametrize("words", [b"GET / HT", b"POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"])
def test_more_slow_senders_than_threads_keep_nobody_waiting(server, sockets, words):
    for _ in range(SLOW):
        sockets(words)

    for _ in range(5):
        assert get(server)[0] == 200


def test_more_slow_readers_than_threads_keep_nobody_waiting(server, sockets):
    for _ in range(SLOW):
        sockets(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").recv(10)

    for _ in range(5):
        assert get(server)[0] == 200


MB = 1_000_000


@pytest.fixture
def choosy():
    """A server that takes three megabytes of who says that they may send them."""
    server = PageServer(app(), "127.0.0.1", 0, allowed=lambda environ: 3 * MB if "HTTP_X_MAY" in environ else 0)
    server.open()
    yield server
    server.close()


def test_a_body_that_is_too_large_is_refused_before_it_is_all_here(choosy):
    assert get(choosy, "/count", "POST", b"x" * MB) == (200, b"1000000")
    assert get(choosy, "/count", "POST", b"x" * 3 * MB, **{"X-May": "1"}) == (200, b"3000000")
    for headers, size in (({}, MB + 1), ({"X-May": "1"}, 3 * MB + 1)):
        status, words = get(choosy, "/count", "POST", b"x" * size, **headers)
        assert status == 413
        assert words.decode() == "内容太多，没有收下。 / That is too much at once and was not taken.\n"


def test_few_long_bodies_lie_in_memory_at_once(choosy):
    """Sixty connections of one stranger, each with 64 MB on the way, were four gigabytes."""
    head = b"POST /count HTTP/1.1\r\nHost: x\r\nX-May: 1\r\nContent-Length: 3000000\r\n\r\n" + b"x" * (MB + 1)
    slow = []
    for _ in range(LONG_BODIES_AT_ONCE):
        slow.append(socket.create_connection(("127.0.0.1", choosy.port), timeout=20))
        slow[-1].sendall(head)
    wait_until(lambda: choosy._bridge._long_bodies == LONG_BODIES_AT_ONCE, within_s=20)

    status, words = get(choosy, "/count", "POST", b"x" * 2 * MB, **{"X-May": "1"})
    assert status == 503
    assert (
        words.decode()
        == "正在收别人的大文件，请过一会儿再送。 / Long files of others are on the way. Try again in a moment.\n"
    )
    assert get(choosy, "/count", "POST", b"x" * MB) == (200, b"1000000")
    for one in slow:
        one.close()
    wait_until(lambda: choosy._bridge._long_bodies == 0, within_s=20)
    assert get(choosy, "/count", "POST", b"x" * 2 * MB, **{"X-May": "1"}) == (200, b"2000000")


def test_a_body_that_comes_in_chunks_is_a_body(server):
    """It was read and thrown away, because its length was not said first."""
    pieces = iter([b"abc", b"de"])

    assert get(server, "/count", "POST", pieces) == (200, b"5")


def test_who_never_says_what_they_want_is_sent_away(server, sockets, monkeypatch):
    monkeypatch.setattr(server_module, "PATIENCE_S", 0.05)
    never = sockets(b"GET / HTTP/1.1\r\nX-A: ")

    with pytest.raises(ConnectionResetError):
        never.recv(100) or (_ for _ in ()).throw(ConnectionResetError)
    assert get(server)[0] == 200


def test_who_takes_nothing_of_what_was_sent_is_sent_away(server, monkeypatch):
    """Sixty that never read held their places for ever."""
    monkeypatch.setattr(server_module, "PATIENCE_WITH_READERS_S", 0.05)
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel takes it all by itself
    lazy.settimeout(20)
    lazy.connect(("127.0.0.1", server.port))
    lazy.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    assert lazy.recv(12) == b"HTTP/1.1 200"
    wait_until(lambda: not server._server.server_state.connections, within_s=20)

    came = 0
    while piece := lazy.recv(1_000_000):
        came += len(piece)
    lazy.close()
    assert came < 5_000 * 4096
    assert get(server)[0] == 200


def test_a_crowd_beyond_measure_is_sent_away_and_those_inside_are_served(server, sockets, monkeypatch, caplog):
    monkeypatch.setattr(doorway, "MOST_CONNECTIONS", 3)
    caplog.set_level(logging.CRITICAL, logger="webui.doorway")
    inside = [sockets() for _ in range(3)]
    inside[0].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert inside[0].recv(12) == b"HTTP/1.1 200"

    with suppress(ConnectionResetError):  # the same, told more rudely
        assert sockets().recv(10) == b""


def test_knocking_is_one_line_of_the_log_and_no_fault_shuts_the_door(server, sockets, monkeypatch, caplog):
    caplog.set_level(logging.WARNING, logger="webui.doorway")
    monkeypatch.setattr(doorway, "AFTER_A_FAULT_S", 0)
    monkeypatch.setattr(doorway, "MOST_CONNECTIONS", 0)
    for _ in range(5):
        with suppress(ConnectionResetError):
            assert sockets().recv(10) == b""
    monkeypatch.setattr(doorway, "MOST_CONNECTIONS", None)  # a mistake of ours, whatever it is
    sockets()
    monkeypatch.setattr(doorway, "MOST_CONNECTIONS", 200)

    assert get(server)[0] == 200
    assert [one.getMessage() for one in caplog.records] == ["more than 0 browsers at once: one was sent away"]


def test_two_header_names_that_look_alike_are_not_the_same(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/", headers={"X_Forwarded_For": "1.2.3.4", "Cookie": "a=x"})
    assert connection.getresponse().read().endswith(b"x")
    connection.close()


def test_a_page_is_sent_at_once(server, sockets):
    """Each page took 40 ms too long on a kept connection: its body waited until the head was confirmed."""
    sockets(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").recv(12)

    (protocol,) = server._server.server_state.connections
    assert protocol.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_told_with_its_remedy(server):
    with pytest.raises(Refused) as refused:
        PageServer(app(), "127.0.0.1", server.port).open()

    assert refused.value.sentence == Sentence(
        f"网页打不开“127.0.0.1:{server.port}”：Address already in use。"
        "广播照常。请在 schedule.toml 的 [page] 里换一个 port，再重新开站。",
        f"the page cannot open '127.0.0.1:{server.port}': Address already in use. The air goes on. "
        "Choose another port in [page] of schedule.toml and start the station anew.",
    )


def test_it_ends_while_clients_hang_on(sockets, server):
    sockets(b"GET / HT")
    server.close()
    server.close()

    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port or 1), timeout=5).close()
