"""Small facts that outlive the process, in the database."""

from __future__ import annotations

from sqlalchemy import select

from broadcaster.store.database import Database, upsert
from broadcaster.store.tables import memory


class StoredMemory:
    """Memory in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, name: str, value: str) -> None:
        """Durable on return. Raises StoreFailed."""
        self._database.write(lambda connection: upsert(connection, memory, {"name": name, "value": value}))

    def recall(self, name: str) -> str | None:
        """None when nothing was remembered. Raises StoreFailed."""
        query = select(memory.c.value).where(memory.c.name == name)
        return self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())
