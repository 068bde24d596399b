"""The life of each script in the database: steps in the order they were made, their contents with the approved ones."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from broadcaster.model.revisions import Revision, Step
from broadcaster.model.texts import ScriptName
from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import from_text, to_text
from broadcaster.store.tables import revision as contents
from broadcaster.store.tables import script_step

log = logging.getLogger(__name__)


class StoredRevisions:
    """Revisions in a database. ``StoredApprovals.content`` finds their bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, revision: Revision, content: bytes) -> None:
        """Add a step with its bytes. Durable on return. Raises StoreFailed, and ValueError for other bytes."""
        if hashlib.sha256(content).hexdigest() != revision.sha256:
            raise ValueError("the content is not what the step is about")
        kept = {"sha256": revision.sha256, "content": base64.b64encode(content).decode("ascii")}
        self._database.write(lambda connection: _keep(connection, revision, kept))

    def steps(self, script: ScriptName) -> list[Revision]:
        """Of one script, in the order they were made. Raises StoreFailed."""
        query = select(script_step).where(script_step.c.script == script).order_by(script_step.c.seq)
        return list(self._database.ask(("steps", script), lambda connection: _revisions(connection, query)))

    def latest(self) -> Mapping[ScriptName, Revision]:
        """The last step of every script that has any. Raises StoreFailed."""
        last = select(func.max(script_step.c.seq)).group_by(script_step.c.script)
        query = select(script_step).where(script_step.c.seq.in_(last))
        found = self._database.ask("latest steps", lambda connection: _revisions(connection, query))
        return {one.script: one for one in found}


def _revisions(connection: Connection, query: Select[Any]) -> tuple[Revision, ...]:
    return tuple(one for row in connection.execute(query) if (one := _to_revision(row)) is not None)


def _keep(connection: Connection, one: Revision, kept: dict[str, Any]) -> None:
    upsert(connection, contents, kept)
    seq: int = connection.execute(select(func.coalesce(func.max(script_step.c.seq), 0) + 1)).scalar_one()
    connection.execute(
        insert(script_step).values(
            seq=seq,
            script=one.script,
            step=one.step.value,
            who=one.who,
            made_at=to_text(one.at),
            sha256=one.sha256,
            note=one.note,
        )
    )


def _to_revision(row: Row[Any]) -> Revision | None:
    """None, with an error in the log, for a row that nobody can read."""
    try:
        return Revision(
            script=ScriptName(row.script),
            step=Step(row.step),
            who=row.who,
            at=from_text(row.made_at),
            sha256=row.sha256,
            note=row.note,
        )
    except (ValueError, TypeError) as error:
        log.error("step %d of the script %s cannot be read: %s", row.seq, row.script, error)
        return None
