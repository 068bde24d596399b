"""The changes that people make to a day, in the database."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from broadcaster.model.airing import Change
from broadcaster.store.codec import change_from_json, change_to_json
from broadcaster.store.database import Database
from broadcaster.store.instants import to_microseconds, to_text
from broadcaster.store.tables import change

log = logging.getLogger(__name__)


class StoredChangeLog:
    """ChangeLog in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_change(self, change: Change, at: datetime) -> None:
        """Durable on return. Raises StoreFailed."""
        body = json.dumps(change_to_json(change), ensure_ascii=False)
        self._database.write(lambda connection: _add(connection, body, at))

    def changes(self, since: datetime) -> list[Change]:
        """Changes made at or after *since*, oldest first. Raises StoreFailed.

        A row that nobody can read, from another version or a careless hand, is left out with an error in the log.
        """
        query = (
            select(change.c.seq, change.c.body).where(change.c.made_us >= to_microseconds(since)).order_by(change.c.seq)
        )
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [one for row in rows if (one := _change(row.seq, row.body)) is not None]


def _add(connection: Connection, body: str, at: datetime) -> None:
    seq: int = connection.execute(select(func.coalesce(func.max(change.c.seq), 0) + 1)).scalar_one()
    connection.execute(insert(change).values(seq=seq, made_at=to_text(at), made_us=to_microseconds(at), body=body))


def _change(seq: int, body: str) -> Change | None:
    try:
        return change_from_json(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("change %d cannot be read and is left out: %s", seq, error)
        return None
