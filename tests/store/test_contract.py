"""The real store and the fake keep the same promises."""

import pytest

from broadcaster.store import open_store
from tests.fakes_store import MemoryStore
from tests.store.contract import StoreContract
from tests.store.logbook_contract import LogBookContract
from tests.store.people_contract import PeopleContract


class TestStoredInSqlite(StoreContract, PeopleContract, LogBookContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = open_store(tmp_path / "var" / "station.db")
        yield store
        store.close()


class TestMemoryStore(StoreContract, PeopleContract, LogBookContract):
    @pytest.fixture
    def store(self):
        return MemoryStore()
