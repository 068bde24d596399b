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


@pytest.fixture(scope="session")
def clips(server, tmp_path_factory):
    """What every house has to say, rendered once by a station: the others find it on their disk as after a restart."""
    house = House(tmp_path_factory.mktemp("first") / "home", server.env).start()
    house.close()
    return house.home.clips


class Found:
    """Makes houses; every station in them is ended with the test."""

    def __init__(self, folder, env, clips):
        self.houses = []
        self._folder, self._env, self._clips = folder, env, clips

    def __call__(self, **more):
        house = House(self._folder / f"home{len(self.houses)}", more.pop("env", self._env), clips=self._clips, **more)
        self.houses.append(house)
        return house

    def close(self):
        for house in self.houses:
            house.close()


@pytest.fixture
def found(server, tmp_path, clips):
    found = Found(tmp_path, server.env, clips)
    yield found
    found.close()
