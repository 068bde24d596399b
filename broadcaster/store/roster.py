"""The roster in the database: people, their points over time, and which sheets were imported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import to_text
from broadcaster.store.tables import person, points, points_import
from broadcaster.study.importing import ImportPreview, preview
from broadcaster.study.roster import Person, PersonId, Roster, Total
from broadcaster.study.sheet import PointsSheet


class StoredRoster:
    """Everybody who takes part in the study. Every call raises StoreFailed when the database does not work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def snapshot(self, since: date | None = None) -> Roster:
        """All people, with their totals of *since* and later; None: with all totals."""
        return self._database.read(lambda connection: _snapshot(connection, since))

    def apply(self, sheet: PointsSheet, *, file: str, at: datetime, who: str) -> ImportPreview:
        """Import *sheet*, all of it or nothing, and tell what changed. A second time nothing changes."""
        return self._database.write(lambda connection: _apply(connection, sheet, file, at, who))

    def set_consent(self, id_: PersonId, consents: bool) -> None:
        """By hand: what is withdrawn here is not given back by any sheet, only here again."""
        self._change(id_, {"consents": consents, "has_withdrawn": not consents})

    def set_pinyin(self, id_: PersonId, pinyin: str) -> None:
        self._change(id_, {"pinyin": pinyin})

    def _change(self, id_: PersonId, values: dict[str, Any]) -> None:
        change = update(person).where(person.c.id == id_).values(values)
        self._database.write(lambda connection: connection.execute(change))


def _snapshot(connection: Connection, since: date | None) -> Roster:
    totals: Select[Any] = select(points).order_by(points.c.on_date, points.c.person)
    if since is not None:
        totals = totals.where(points.c.on_date >= since.isoformat())
    people = select(person).order_by(person.c.study_group, person.c.name)
    return Roster(
        people=tuple(_person(row) for row in connection.execute(people)),
        totals=tuple(
            Total(person=PersonId(row.person), on=date.fromisoformat(row.on_date), points=row.total)
            for row in connection.execute(totals)
        ),
        imports=frozenset(connection.execute(select(points_import.c.sha256)).scalars()),
    )


def _apply(connection: Connection, sheet: PointsSheet, file: str, at: datetime, who: str) -> ImportPreview:
    change = preview(sheet, _snapshot(connection, None))
    if change.is_same_file:
        return change
    for one in change.people:
        upsert(connection, person, _to_row(one))
    for total in change.totals:
        upsert(connection, points, {"person": total.person, "on_date": total.on.isoformat(), "total": total.points})
    record = {"sha256": change.sha256, "file_name": file, "imported_at": to_text(at), "row_count": change.rows}
    connection.execute(insert(points_import).values(record | {"who": who}))
    return change


def _to_row(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "study_group": one.group,
        "pinyin": one.pinyin,
        "consents": one.consents,
        "has_withdrawn": one.has_withdrawn,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        group=row.study_group,
        pinyin=row.pinyin,
        consents=row.consents,
        has_withdrawn=row.has_withdrawn,
    )
