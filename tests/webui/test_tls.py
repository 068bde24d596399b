"""The page over TLS, with real sockets and real certificates."""

import http.client
import logging
import shutil
import socket
import ssl
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from broadcaster.certificate import Certificate
from broadcaster.errors import Refused
from tests.bench.village import wait_until
from tests.certificates import needs_openssl, pair, trusting
from tests.station.conftest import at
from webui import doorway
from webui import server as server_module
from webui.encryption import Encryption, strict_transport
from webui.server import THREADS, PageServer

pytestmark = [pytest.mark.real, pytest.mark.slow, needs_openssl]


def app():
    app = Flask("tiny")

    @app.get("/")
    def hello():
        return "hello"

    return app


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return pair(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def files(made, tmp_path):
    """Certificate and key of this station."""
    return [Path(shutil.copy(file, tmp_path)) for file in made]


@pytest.fixture
def encryption(files):
    return Encryption(*files)


@pytest.fixture
def server(encryption):
    server = PageServer(app(), "127.0.0.1", 0, encryption)
    server.open()
    yield server
    server.close()


def get(server, certificate, path="/"):
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=20, context=trusting(certificate))
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("words", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00", b"\x80", b"GET / HT"])
def test_those_who_never_agree_on_tls_keep_nobody_waiting(server, sockets, files, words):
    for _ in range(3 * THREADS):
        sockets(words)

    assert get(server, files[0]) == b"hello"


@pytest.mark.parametrize("words", [b"", b"\x16\x03\x01\x02\x00\x01"])
def test_who_says_nothing_of_tls_is_sent_away(server, sockets, files, words, monkeypatch):
    """They held a socket for a minute, and were counted nowhere."""
    monkeypatch.setattr(doorway, "PATIENCE_S", 0.05)
    silent = sockets(words)

    with suppress(ConnectionResetError):  # the same, told more rudely
        assert silent.recv(100) == b""
    monkeypatch.undo()
    assert get(server, files[0]) == b"hello"


def test_those_who_are_only_coming_are_counted(server, sockets, files, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL, logger="webui.doorway")
    monkeypatch.setattr(doorway, "MOST_CONNECTIONS", 4)
    coming = [sockets(b"\x16") for _ in range(4)]

    assert sockets().recv(10) == b""
    coming[0].close()
    coming[1].close()
    assert wait_for(lambda: get(server, files[0])) == b"hello"


def wait_for(ask):
    """What is answered as soon as the server has seen what happened."""
    answers = []

    def is_answered():
        with suppress(OSError):
            answers.append(ask())
        return bool(answers)

    wait_until(is_answered, within_s=20)
    return answers[0]


def test_one_device_cannot_take_the_places_of_all(server, sockets, files, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL, logger="webui.doorway")
    monkeypatch.setattr(doorway, "MOST_OF_ONE_DEVICE", 3)
    monkeypatch.setattr(doorway, "_is_here", lambda address: False)
    for _ in range(3):
        sockets(b"\x16")
    assert sockets().recv(10) == b""

    other = socket.create_connection(("127.0.0.1", server.port), 20, source_address=("127.0.0.2", 0))
    with trusting(files[0]).wrap_socket(other, server_hostname="localhost") as safe:
        safe.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert safe.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    ("address", "is_here"), [("127.0.0.1", True), ("::1", True), ("192.168.1.9", False), ("fe80::1%eth0", False)]
)
def test_a_program_in_front_of_the_page_may_have_many_connections(address, is_here):
    assert doorway._is_here(address) is is_here


def test_old_kinds_of_tls_are_not_spoken(server, files):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(files[0])
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", server.port), 20) as plain,
        pytest.raises(ssl.SSLError),
        old.wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


def test_a_renewed_certificate_is_taken_up_while_the_page_is_open(server, encryption, files, tmp_path):
    newer = pair(tmp_path, "newer")
    with pytest.raises(ssl.SSLCertVerificationError):
        get(server, newer[0])
    for new, old in zip(newer, files, strict=True):
        Path(shutil.copy(new, tmp_path / "moved")).replace(old)
    encryption.look()

    assert get(server, newer[0]) == b"hello"


def test_the_page_looks_for_a_renewed_certificate_by_itself(encryption, files, tmp_path, monkeypatch):
    monkeypatch.setattr(server_module, "LOOK_AT_CERTIFICATE_S", 0.01)
    newer = pair(tmp_path, "newer")
    server = PageServer(app(), "127.0.0.1", 0, encryption)
    server.open()
    try:
        for new, old in zip(newer, files, strict=True):
            Path(shutil.copy(new, tmp_path / "moved")).replace(old)
        assert wait_for(lambda: get(server, newer[0])) == b"hello"
    finally:
        server.close()


@pytest.mark.parametrize("harm", ["certificate of another", "key of another", "no certificate", "away"])
def test_a_broken_renewal_leaves_the_good_one_in_use(server, encryption, made, files, tmp_path, harm, caplog):
    other = pair(tmp_path, "other")
    match harm:
        case "certificate of another":
            shutil.copy(other[0], files[0])
        case "key of another":
            shutil.copy(other[1], files[1])
        case "no certificate":
            files[0].write_text("oh")
        case "away":
            files[1].unlink()
    caplog.set_level(logging.WARNING, logger="webui.encryption")
    encryption.look()
    encryption.look()

    assert get(server, made[0]) == b"hello"
    assert len([one for one in caplog.records if "the page goes on with the one before" in one.getMessage()]) == 1


def test_a_page_does_not_begin_with_a_broken_certificate(tmp_path):
    with pytest.raises(Refused):
        Encryption(tmp_path / "none.pem", tmp_path / "none.key")


NOON = at("12:00")


@pytest.mark.parametrize(
    ("begins", "ends", "is_self_signed", "told"),
    [
        (-10, 90, False, "max-age=86400"),
        (-10, 90, True, "max-age=0"),
        (-10, 30, False, "max-age=0"),
        (-90, -1, False, "max-age=0"),
        (1, 90, False, "max-age=0"),
    ],
)
def test_no_browser_is_told_to_insist_on_a_certificate_that_may_fail(begins, ends, is_self_signed, told):
    days = {"begins_at": NOON + timedelta(days=begins), "ends_at": NOON + timedelta(days=ends)}

    assert strict_transport(Certificate(**days, is_self_signed=is_self_signed), NOON) == told
