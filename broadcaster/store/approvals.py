"""The paper trail in the database: decisions in the order they were made, and each content under its hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from broadcaster.errors import ReadingUnusable
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import ApprovedReading, ScriptName
from broadcaster.proof.sidefile import parse_reading, write_reading
from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import EPOCH, from_text, to_text
from broadcaster.store.tables import approval, revision

log = logging.getLogger(__name__)


class StoredApprovals:
    """Approvals in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, approval: Approval, content: bytes | None = None) -> None:
        """Add a decision; *content* are the bytes of ``approval.sha256`` where they are new. Durable on return."""
        if content is not None and hashlib.sha256(content).hexdigest() != approval.sha256:
            raise ValueError("the content is not what was decided about")
        row = _to_row(approval)
        self._database.write(lambda connection: _decide(connection, row, content))

    def decisions(self) -> list[Approval]:
        """All, in the order they were made.

        A row that nobody can read counts as a withdrawal of its script: nothing may be heard on its word.
        """
        return list(self._database.ask("decisions", _decisions))

    def content(self, sha256: str) -> bytes | None:
        """Exactly the bytes with this hash; None: they were never kept, or are damaged."""
        query = select(revision.c.content).where(revision.c.sha256 == sha256)
        kept = self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())
        if kept is None:
            return None
        try:
            content = base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            log.error("the approved content %s is damaged and is not used", sha256)
            return None
        return content


def _decisions(connection: Connection) -> tuple[Approval, ...]:
    rows = connection.execute(select(approval).order_by(approval.c.seq))
    return tuple(_to_approval(row) for row in rows)


def _decide(connection: Connection, row: dict[str, Any], content: bytes | None) -> None:
    if content is not None:
        kept = {"sha256": row["sha256"], "content": base64.b64encode(content).decode("ascii")}
        upsert(connection, revision, kept)
    seq: int = connection.execute(select(func.coalesce(func.max(approval.c.seq), 0) + 1)).scalar_one()
    connection.execute(insert(approval).values(row | {"seq": seq}))


def _to_row(one: Approval) -> dict[str, Any]:
    return {
        "script": one.script,
        "verdict": one.verdict.value,
        "who": one.who,
        "made_at": to_text(one.at),
        "sha256": one.sha256,
        "before_sha256": one.before,
        "reading": None if one.reading is None else write_reading(one.reading),
        "why": one.why,
    }


def _to_approval(row: Row[Any]) -> Approval:
    script = ScriptName(str(row.script))
    try:
        return Approval(
            script=script,
            verdict=Verdict(row.verdict),
            who=row.who,
            at=from_text(row.made_at),
            sha256=row.sha256,
            before=row.before_sha256,
            reading=_reading(script, row.reading),
            why=row.why,
        )
    except (ValueError, TypeError, AttributeError) as error:
        log.error("decision %d about %s cannot be read and takes it off the air: %s", row.seq, script, error)
        return Approval(script=script, verdict=Verdict.WITHDRAWN, who="", at=EPOCH, sha256="")


def _reading(script: ScriptName, text: str | None) -> ApprovedReading | None:
    try:
        return None if text is None else parse_reading(script, text)
    except ReadingUnusable as error:
        log.error("an approved reading of %s cannot be used; today's rules read it: %s", script, error)
        return None
