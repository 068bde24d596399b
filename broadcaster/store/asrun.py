"""The as-run log in the database: one row for each airing and its fate."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import SlotId
from broadcaster.model.words import Fate, Heard, Priority, Sentence
from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import from_text, from_text_or_none, to_microseconds, to_text, to_text_or_none
from broadcaster.store.tables import airing, script_use

log = logging.getLogger(__name__)

LONGEST_KEPT = timedelta(days=1, hours=1)
"""A day of people, also one on which the clocks go back. The rows of a season are not kept in memory."""
HEARD = frozenset({Fate.ON_AIR, Fate.AIRED, Fate.INTERRUPTED})
"""With these an airing counts as a use of its scripts."""
OPEN = [fate.value for fate in Fate if not fate.is_final]


class StoredAsRunLog:
    """AsRunLog in a database. ``entries`` also gives voided rows, under their new identity ``ID~voidN``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, entry: LogEntry) -> None:
        """Insert or replace the row of ``entry.airing``; durable on return. Raises StoreFailed."""
        row = _to_row(entry)
        self._database.write(lambda connection: _write(connection, entry, row))

    def entries(self, since: datetime, until: datetime | None = None, *, or_open: bool = False) -> list[LogEntry]:
        """Rows whose planned instant is in [since, until), ordered by it. Raises StoreFailed.

        *or_open*: and those of any other time that have no fate yet.
        A row that nobody can read, from another version or a careless hand, is left out with an error in the log.
        """
        wanted = airing.c.planned_us >= to_microseconds(since)
        if until is not None:
            wanted &= airing.c.planned_us < to_microseconds(until)
        if or_open:
            wanted |= airing.c.fate.in_(OPEN) & airing.c.is_voided.is_(False)
        query = select(airing).where(wanted).order_by(airing.c.planned_us, airing.c.airing)
        question = ("airings", to_microseconds(since), until and to_microseconds(until), or_open)

        def work(connection: Connection) -> tuple[LogEntry, ...]:
            return _entries(connection, query)

        is_small = until is not None and until - since <= LONGEST_KEPT
        return list(self._database.ask(question, work) if is_small else self._database.read(work))

    def void(self, airings: Iterable[AiringId]) -> None:
        """Keep the rows, but free their identities. A row that is void already stays as it is."""
        wanted = tuple(airings)
        self._database.write(lambda connection: _void(connection, wanted))

    def last_uses(self) -> Mapping[ScriptName, int]:
        """For each script that was heard, a number that grows with every use of any script."""
        query = select(script_use.c.script, script_use.c.seq)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {ScriptName(row.script): row.seq for row in rows}


def _entries(connection: Connection, query: Select[Any]) -> tuple[LogEntry, ...]:
    return tuple(entry for row in connection.execute(query) if (entry := entry_of(row)) is not None)


def _write(connection: Connection, entry: LogEntry, row: dict[str, Any]) -> None:
    seq = connection.execute(select(airing.c.seq).where(airing.c.airing == entry.airing)).scalar_one_or_none()
    if seq is None and entry.fate in HEARD and entry.scripts:
        seq = _use(connection, entry.scripts)
    upsert(connection, airing, row | {"seq": seq}, keep=("is_voided",))


def _use(connection: Connection, scripts: Iterable[ScriptName]) -> int:
    """Note that *scripts* are heard now, in this order; the number of the last use."""
    seq: int = connection.execute(select(func.coalesce(func.max(script_use.c.seq), 0))).scalar_one()
    for script in scripts:
        seq += 1
        upsert(connection, script_use, {"script": script, "seq": seq})
    return seq


def _void(connection: Connection, airings: Iterable[AiringId]) -> None:
    for id_ in airings:
        free = next(name for number in count(1) if not _is_there(connection, name := f"{id_}~void{number}"))
        connection.execute(
            update(airing)
            .where(airing.c.airing == id_, airing.c.is_voided.is_(False))
            .values(airing=free, is_voided=True)
        )


def _is_there(connection: Connection, id_: str) -> bool:
    return connection.execute(select(airing.c.airing).where(airing.c.airing == id_)).first() is not None


def _to_row(entry: LogEntry) -> dict[str, Any]:
    return {
        "airing": entry.airing,
        "slot": entry.slot,
        "title": entry.title,
        "planned_at": to_text(entry.planned_at),
        "planned_us": to_microseconds(entry.planned_at),
        "started_at": to_text_or_none(entry.started_at),
        "finished_at": to_text_or_none(entry.finished_at),
        "fate": entry.fate.value,
        "reason_zh": entry.reason.zh,
        "reason_en": entry.reason.en,
        "priority": entry.priority.word,
        "zones": json.dumps(entry.zones, ensure_ascii=False),
        "scripts": json.dumps(entry.scripts, ensure_ascii=False),
        "clip": entry.clip,
        "voice": entry.voice,
        "who": entry.who,
        "is_voided": False,
        "heard": entry.heard.value,
        "delay_ms": entry.delay_ms,
        "level_db": entry.level_db,
    }


def entry_of(row: Row[Any]) -> LogEntry | None:
    """None, with an error in the log, for a row that nobody can read."""
    try:
        return _to_entry(row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("the row of %s cannot be read and is left out: %s", row.airing, error)
        return None


def _to_entry(row: Row[Any]) -> LogEntry:
    return LogEntry(
        airing=AiringId(row.airing),
        slot=SlotId(row.slot),
        title=row.title,
        planned_at=from_text(row.planned_at),
        priority=Priority[row.priority.upper()],
        zones=tuple(json.loads(row.zones)),
        scripts=tuple(ScriptName(script) for script in json.loads(row.scripts)),
        clip=row.clip,
        voice=row.voice,
        fate=Fate(row.fate),
        reason=Sentence(row.reason_zh, row.reason_en),
        who=row.who,
        started_at=from_text_or_none(row.started_at),
        finished_at=from_text_or_none(row.finished_at),
        heard=Heard(row.heard),
        delay_ms=row.delay_ms,
        level_db=row.level_db,
    )
