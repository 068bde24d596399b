"""One sound server for all: its monitor is what the village hears."""

import pytest

from tests.e2e.house import House
from tests.pulse import PulseServer


@pytest.fixture(scope="session")
def server():
    server = PulseServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def village(server):
    """The ears of the village, open all the time."""
    recording = server.record()
    yield recording
    recording.close()


@pytest.fixture
def found(server, tmp_path):
    """Makes a house; every station in it is ended with the test."""
    houses = []

    def make(**more):
        house = House(tmp_path / f"home{len(houses)}", more.pop("env", server.env), **more)
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.close()
