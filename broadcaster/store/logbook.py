"""Pages of the as-run log for people: filtered, the newest first, quick however long the log is."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.logbook import LogPage, LogQuestion, Place
from broadcaster.store.asrun import entry_of
from broadcaster.store.database import Database
from broadcaster.store.instants import from_text, to_microseconds
from broadcaster.store.tables import airing

LOOKED_THROUGH = 3_000
"""Rows of one answer at most: a word that is rare must not keep a page waiting. The page says how to look on."""


class StoredLogBook:
    """LogBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, question: LogQuestion, limit: int) -> LogPage:
        """At most *limit* answers, the newest first. Raises StoreFailed."""
        asked = ("page of the log", question, limit)
        return self._database.ask(asked, lambda connection: _page(connection, question, limit))

    def entry(self, id_: AiringId) -> LogEntry | None:
        """None: there is none, or nobody can read it. Raises StoreFailed."""
        query = select(airing).where(airing.c.airing == id_)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else entry_of(row)

    def sound_by_day(self, midnights: Sequence[datetime]) -> list[dict[tuple[str, ...], timedelta]]:
        """For each midnight but the last: how long which zones had sound until the next. Raises StoreFailed."""
        instants = tuple(midnights)
        found = self._database.ask(("sound", instants), lambda connection: _sound_by_day(connection, instants))
        return [dict(day) for day in found]


def _sound_by_day(
    connection: Connection, midnights: tuple[datetime, ...]
) -> tuple[Mapping[tuple[str, ...], timedelta], ...]:
    query = select(airing.c.zones, airing.c.started_at, airing.c.finished_at).where(
        airing.c.planned_us >= to_microseconds(midnights[0]),
        airing.c.planned_us < to_microseconds(midnights[-1]),
        airing.c.started_at.is_not(None),
        airing.c.finished_at.is_not(None),
    )
    sums: list[dict[tuple[str, ...], timedelta]] = [{} for _ in midnights[1:]]
    instants = [to_microseconds(midnight) for midnight in midnights]
    for zones_text, started_text, finished_text in connection.execute(query):
        started = from_text(started_text)
        day = bisect_right(instants, to_microseconds(started)) - 1
        if 0 <= day < len(sums):
            zones, length = _zones(zones_text), max(from_text(finished_text) - started, timedelta())
            sums[day][zones] = sums[day].get(zones, timedelta()) + length
    return tuple(sums)


@lru_cache(maxsize=256)
def _zones(text: str) -> tuple[str, ...]:
    """A month has thousands of rows and a handful of these."""
    return tuple(json.loads(text))


def _page(connection: Connection, question: LogQuestion, limit: int) -> LogPage:
    """Only so many rows are looked through, by the index of their instants; among them only answers are fetched."""
    looked_through = _in_order(select(airing), question).limit(LOOKED_THROUGH).subquery()
    wanted = _wanted(looked_through.c, question)
    if wanted:
        order = (looked_through.c.planned_us.desc(), looked_through.c.airing.desc())
        answers = select(looked_through).where(*wanted).order_by(*order)
    else:
        answers = _in_order(select(airing), question)
    rows = connection.execute(answers.limit(limit + 1)).all()
    shown = rows[:limit]
    behind = None
    if len(rows) > limit:
        behind = _place(shown[-1])
    elif wanted:
        behind = _end_of_the_look(connection, question)
    return LogPage(entries=tuple(entry for row in shown if (entry := entry_of(row)) is not None), behind=behind)


def _in_order(query: Select[Any], question: LogQuestion) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = [
        airing.c.planned_us >= to_microseconds(question.since),
        airing.c.planned_us < to_microseconds(question.until),
    ]
    if question.behind is not None:
        place = question.behind
        wanted += [
            airing.c.planned_us <= place.planned_us,
            or_(airing.c.planned_us < place.planned_us, airing.c.airing < place.airing),
        ]
    if len(question.fates) == 1:  # the index of fates gives these in order, too
        wanted.append(airing.c.fate == next(iter(question.fates)).value)
    return query.where(and_(*wanted)).order_by(airing.c.planned_us.desc(), airing.c.airing.desc())


def _wanted(columns: Any, question: LogQuestion) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if len(question.fates) > 1:
        wanted.append(columns.fate.in_(sorted(fate.value for fate in question.fates)))
    if question.zone:
        wanted.append(columns.zones.contains(json.dumps(question.zone, ensure_ascii=False), autoescape=True))
    if question.text:
        looked_at = (columns.title, columns.reason_zh, columns.reason_en, columns.who, columns.scripts)
        wanted.append(or_(*(func.lower(one).contains(question.text.lower(), autoescape=True) for one in looked_at)))
    return wanted


def _end_of_the_look(connection: Connection, question: LogQuestion) -> Place | None:
    """The last row that was looked through; None when there are no more behind it."""
    places = _in_order(select(airing.c.planned_us, airing.c.airing), question)
    found = connection.execute(places.offset(LOOKED_THROUGH - 1).limit(2)).all()
    return _place(found[0]) if len(found) == 2 else None


def _place(row: Row[Any]) -> Place:
    return Place(row.planned_us, row.airing)
