"""What ``dalaba run`` tells of the page at the terminal."""

import http.client
import re
import socket
from datetime import timedelta

import pytest

from broadcaster.commands.network import own_address
from broadcaster.commands.running import open_page
from broadcaster.doorkeeper import Doorkeeper
from broadcaster.home import Home
from broadcaster.model.words import Sentence
from tests.certificates import needs_openssl, pair, trusting
from tests.doorkeeper.conftest import GOOD, NOON, cheap_passwords
from tests.fakes import ManualClock, Village
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, at, write_station

pytestmark = pytest.mark.real


NINE = at("09:00")


@pytest.fixture
def books():
    return MemoryStore()


@pytest.fixture
def doorkeeper(books):
    return Doorkeeper(books, ManualClock(NOON), cheap_passwords())


def village(folder, more="", moment=NINE):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    write_station(folder, f"{SCHEDULE}\n[page]\nport = {port}\n{more}")
    return Village(folder, moment).station


@pytest.fixture
def station(tmp_path):
    return village(tmp_path)


def said(capsys):
    return capsys.readouterr().out.splitlines()


def test_a_new_station_prints_its_address_and_the_one_time_code(station, doorkeeper, tmp_path, capsys):
    page = open_page(station, doorkeeper, Home(tmp_path))
    page.close()

    code = doorkeeper.first_code()
    assert said(capsys) == [
        f"网页：http://localhost:{page.port}。只有这台机器打得开；要用手机打开，在 schedule.toml 写 [page] 和 "
        'address = "0.0.0.0"。',
        f"The page: http://localhost:{page.port}, on this machine only. For phones write [page] and "
        'address = "0.0.0.0" in schedule.toml.',
        f"还没有站长。打开网页，输入开站码：{code}",
        f"There is no owner yet. Open the page, and type: {code}",
    ]


def test_with_an_owner_there_is_no_code(station, doorkeeper, tmp_path, capsys):
    doorkeeper.sign_up_first(doorkeeper.first_code(), "王主任", GOOD, address="x")
    open_page(station, doorkeeper, Home(tmp_path)).close()

    assert len(said(capsys)) == 2


def test_a_port_that_is_taken_leaves_the_air_alone(station, doorkeeper, tmp_path, capsys, caplog):
    caplog.set_level("CRITICAL", logger="broadcaster.commands.running")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", station.about().page.port))
        taken.listen()

        assert open_page(station, doorkeeper, Home(tmp_path)) is None

    assert "广播照常。" in capsys.readouterr().err
    assert station.status().is_clock_trusted


def test_a_disk_that_cannot_be_read_is_told_and_the_page_opens(station, doorkeeper, books, tmp_path, capsys):
    books.fail_with(Sentence("磁盘满了", "the disk is full"))
    page = open_page(station, doorkeeper, Home(tmp_path))
    page.close()

    assert capsys.readouterr().err.splitlines() == ["磁盘满了", "the disk is full"]


ENCRYPTED = 'address = "0.0.0.0"\ncertificate = "page.pem"\nkey = "page.key"\n'


@needs_openssl
def test_with_a_certificate_the_page_is_encrypted_and_its_address_says_so(doorkeeper, tmp_path, capsys):
    certificate, _ = pair(tmp_path, days=20_000)
    page = open_page(village(tmp_path, ENCRYPTED), doorkeeper, Home(tmp_path))
    connection = http.client.HTTPSConnection("127.0.0.1", page.port, context=trusting(certificate), timeout=20)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    connection.close()
    page.close()

    assert answer.status == 303
    lines = said(capsys)
    assert re.fullmatch(rf"网页：https://[^/:]+:{page.port}", lines[0])
    assert re.fullmatch(rf"The page: https://[^/:]+:{page.port}", lines[1])


@needs_openssl
def test_a_certificate_that_has_not_begun_is_told_at_the_start_and_used(doorkeeper, tmp_path, capsys):
    """A box without a battery wakes up in the past."""
    pair(tmp_path)
    page = open_page(village(tmp_path, ENCRYPTED, NINE - timedelta(days=5_000)), doorkeeper, Home(tmp_path))
    page.close()

    told = capsys.readouterr()
    assert "https://" in told.out
    assert re.search(r"网页的证书要到 \d{4}-\d\d-\d\d 才生效。看一看时钟和日期对不对；对的，就换一张证书。", told.err)


def test_without_its_certificate_the_page_is_for_this_machine_alone(doorkeeper, tmp_path, capsys, caplog):
    """Passwords that were to be encrypted do not cross the network in clear because a file is away."""
    caplog.set_level("CRITICAL", logger="broadcaster.commands.running")
    page = open_page(village(tmp_path, ENCRYPTED), doorkeeper, Home(tmp_path))
    with socket.create_connection(("127.0.0.1", page.port), timeout=20) as here:
        here.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert here.recv(12) == b"HTTP/1.1 303"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((own_address(), page.port), timeout=20)
    page.close()

    told = capsys.readouterr()
    away = tmp_path / "page.pem"
    assert told.err.splitlines() == [
        f"没有文件“{away}”。请看 schedule.toml 的 [page]，或者用 dalaba certificate 做一张证书。"
        "改好以前，网页不上网，只有这台机器打得开；改好以后重新开站。广播照常。",
        f"there is no file '{away}'. See [page] of schedule.toml, or make a certificate: dalaba certificate. "
        "Until then the page is not on the network, only this machine opens it; then start the station anew. "
        "The air goes on.",
    ]
    assert told.out.splitlines()[:2] == [
        f"网页：http://localhost:{page.port}。只有这台机器打得开。",
        f"The page: http://localhost:{page.port}, on this machine only.",
    ]
