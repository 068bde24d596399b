"""A sound server for the outputs that run in the process of the test."""

import os

import pytest

from tests.pulse import RATE_HZ, PulseServer


@pytest.fixture(scope="module")
def server():
    server = PulseServer("horn", "yard")
    names = ("PULSE_SERVER", "PULSE_SINK")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: server.env[name] for name in names})  # the libraries read them in this very process
    yield server
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    server.close()


@pytest.fixture(scope="module")
def tape(server):
    recording = server.record()
    yield recording
    recording.close()


@pytest.fixture
def since(tape):
    return len(tape.samples())


@pytest.fixture
def heard(tape, since):
    def heard():
        played_out = len(tape.samples()) + RATE_HZ // 10
        tape.wait_for(lambda samples: len(samples) > played_out)
        return tape.samples(since)

    return heard
