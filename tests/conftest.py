"""What holds for every test: no test asserts a speed, so no example of a property has a deadline."""

from pathlib import Path

import pytest
from hypothesis import settings

LISTENING = {"e2e", "outputs", "playout"}
"""Rooms whose tests may be timed: ``make test`` looks for them there only."""

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_collection_modifyitems(items):
    for item in items:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        if room not in LISTENING and item.get_closest_marker("timed"):
            raise pytest.UsageError(f"{item.nodeid} is timed; put it into one of {', '.join(sorted(LISTENING))}")
