"""The trail of what people changed, in the database: rows are added, never edited."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from broadcaster.model.people import Deed
from broadcaster.store.database import Database
from broadcaster.store.instants import from_text, to_text
from broadcaster.store.tables import deed


class StoredTrail:
    """Trail in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, one: Deed) -> None:
        """Durable on return. Raises StoreFailed."""
        self._database.write(lambda connection: _note(connection, one))

    def deeds(self, limit: int, before: int | None = None) -> list[tuple[int, Deed]]:
        """At most *limit*, newest first, each with its number. Raises StoreFailed."""
        query = select(deed).order_by(deed.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(deed.c.seq < before)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [(row.seq, _to_deed(row)) for row in rows]


def _note(connection: Connection, one: Deed) -> None:
    seq: int = connection.execute(select(func.coalesce(func.max(deed.c.seq), 0) + 1)).scalar_one()
    connection.execute(
        insert(deed).values(
            seq=seq,
            at=to_text(one.at),
            who=one.who,
            what=one.what,
            subject=one.subject,
            before_it=one.before,
            after_it=one.after,
        )
    )


def _to_deed(row: Row[Any]) -> Deed:
    return Deed(
        at=from_text(row.at),
        who=row.who,
        what=row.what,
        subject=row.subject,
        before=row.before_it,
        after=row.after_it,
    )
