"""What ``dalaba run`` tells of the page at the terminal."""

import socket

import pytest

from broadcaster.commands.running import open_page
from broadcaster.doorkeeper import Doorkeeper
from broadcaster.model.words import Sentence
from tests.doorkeeper.conftest import GOOD, NOON, cheap_passwords
from tests.fakes import ManualClock, Village
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, at, write_station

pytestmark = pytest.mark.real


@pytest.fixture
def books():
    return MemoryStore()


@pytest.fixture
def doorkeeper(books):
    return Doorkeeper(books, ManualClock(NOON), cheap_passwords())


@pytest.fixture
def station(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    write_station(tmp_path, f"{SCHEDULE}\n[page]\nport = {port}\n")
    return Village(tmp_path, at("09:00")).station


def said(capsys):
    return capsys.readouterr().out.splitlines()


def test_a_new_station_prints_its_address_and_the_one_time_code(station, doorkeeper, capsys):
    page = open_page(station, doorkeeper)
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


def test_with_an_owner_there_is_no_code(station, doorkeeper, capsys):
    doorkeeper.sign_up_first(doorkeeper.first_code(), "王主任", GOOD, address="x")
    open_page(station, doorkeeper).close()

    assert len(said(capsys)) == 2


def test_a_port_that_is_taken_leaves_the_air_alone(station, doorkeeper, capsys, caplog):
    caplog.set_level("CRITICAL", logger="broadcaster.commands.running")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", station.about().page.port))
        taken.listen()

        assert open_page(station, doorkeeper) is None

    assert "广播照常。" in capsys.readouterr().err
    assert station.status().is_clock_trusted


def test_a_disk_that_cannot_be_read_is_told_and_the_page_opens(station, doorkeeper, books, capsys):
    books.fail_with(Sentence("磁盘满了", "the disk is full"))
    page = open_page(station, doorkeeper)
    page.close()

    assert capsys.readouterr().err.splitlines() == ["磁盘满了", "the disk is full"]
