"""A doorkeeper over a store in memory, with a clock that moves when told and hashes that cost nothing."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.doorkeeper.passwords import Passwords
from tests.fakes import ManualClock
from tests.fakes_store import MemoryStore

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
GOOD = "大营村有三棵老槐树"


def cheap_passwords():
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock():
    return ManualClock(NOON)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def doorkeeper(store, clock):
    return Doorkeeper(store, clock, cheap_passwords())


@pytest.fixture
def owner(doorkeeper):
    return doorkeeper.sign_up_first(doorkeeper.first_code(), "王主任", GOOD, address="1.1.1.1")
