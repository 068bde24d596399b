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


class Found:
    """Makes houses; every station in them is ended with the test."""

    def __init__(self, folder, env):
        self.houses = []
        self._folder, self._env = folder, env

    def __call__(self, **more):
        house = House(self._folder / f"home{len(self.houses)}", more.pop("env", self._env), **more)
        self.houses.append(house)
        return house

    def close(self):
        for house in self.houses:
            house.close()


@pytest.fixture
def found(server, tmp_path):
    found = Found(tmp_path, server.env)
    yield found
    found.close()
