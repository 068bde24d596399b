import socket

import pytest

from broadcaster.station.waker import Waker
from broadcaster.watchdog import Watchdog
from tests.fakes import ManualClock
from tests.station.conftest import at


@pytest.fixture
def manager(tmp_path):
    """The end of the service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.settimeout(5)
        yield door


def test_the_service_manager_hears_the_words_of_its_protocol(manager):
    watchdog = Watchdog({"NOTIFY_SOCKET": manager.getsockname()})

    watchdog.ready()
    watchdog.alive()
    watchdog.ending()

    assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_abstract_socket_is_named_with_an_at_sign():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind("\0dalaba-test-watchdog")
        door.settimeout(5)

        Watchdog({"NOTIFY_SOCKET": "@dalaba-test-watchdog"}).alive()

        assert door.recv(100) == b"WATCHDOG=1"


def test_without_a_service_manager_nothing_is_sent():
    Watchdog({}).alive()


def test_a_service_manager_that_is_gone_stops_nothing(tmp_path, caplog):
    Watchdog({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()

    assert "does not hear WATCHDOG=1" in caplog.text


def test_only_a_turn_that_went_well_is_a_sign_of_life():
    """A station whose every turn fails must be started anew, not be called healthy because its timer still runs."""
    signs, outcomes = [], iter([None, RuntimeError("the planner is broken"), None])

    def turn():
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome

    waker = Waker(turn, ManualClock(at("06:00")), lambda: signs.append("alive"))
    for _ in range(3):
        waker.turn_once()

    assert signs == ["alive", "alive"]
