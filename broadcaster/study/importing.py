"""PointsSheet + Roster → what importing it would change, and the Roster after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from broadcaster.model.words import Complaint
from broadcaster.study.report import report
from broadcaster.study.roster import Person, PersonId, Roster, Total, person_id
from broadcaster.study.sheet import PointsRow, PointsSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One person's total before and after."""

    person: Person
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesakes:
    """Lines that name two people of one group alike; none of them is imported."""

    name: str
    group: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What importing a sheet changes. ``people`` and ``totals`` are what is to be written."""

    sha256: str
    rows: int
    days: tuple[date, ...]
    """Every day that the sheet has points of, ascending."""
    is_same_file: bool
    """This very sheet was imported before; then nothing is written."""
    people: tuple[Person, ...] = ()
    """New people, and known ones whose consent or pinyin changes."""
    totals: tuple[Total, ...] = ()
    new: tuple[Person, ...] = ()
    changed: tuple[Changed, ...] = ()
    fell: tuple[Changed, ...] = ()
    """Those among *changed* who have fewer points than before: usually a mistake of the sheet."""
    unchanged: int = 0
    older: int = 0
    """Rows of a day before the person's newest; they are kept as history and change no standing."""
    namesakes: tuple[Namesakes, ...] = ()
    consent_given: tuple[Person, ...] = ()
    consent_withdrawn: tuple[Person, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not self.people and not self.totals

    def text(self, language: str) -> str:
        """For the person who decides whether to import."""
        return report(self, language)


def preview(sheet: PointsSheet, roster: Roster) -> ImportPreview:
    """What importing *sheet* into *roster* would do. Importing it a second time does nothing."""
    rows, namesakes = _apart(sheet.rows)
    result = ImportPreview(
        sha256=sheet.sha256,
        rows=len(rows),
        days=tuple(sorted({row.on for row in rows})),
        is_same_file=sheet.sha256 in roster.imports,
        namesakes=namesakes,
        complaints=sheet.complaints,
    )
    return result if result.is_same_file else _with_changes(result, rows, roster)


def imported(roster: Roster, change: ImportPreview) -> Roster:
    """The roster after the import that *change* describes."""
    if change.is_same_file:
        return roster
    people = {person.id: person for person in (*roster.people, *change.people)}
    totals = {(total.person, total.on): total for total in (*roster.totals, *change.totals)}
    return Roster(
        people=tuple(people.values()),
        totals=tuple(totals.values()),
        imports=roster.imports | {change.sha256},
    )


def _apart(rows: Iterable[PointsRow]) -> tuple[list[PointsRow], tuple[Namesakes, ...]]:
    """The rows of people who can be told apart, and the others."""
    lines: dict[tuple[str, str, date], list[int]] = {}
    rows = list(rows)
    for row in rows:
        lines.setdefault((row.name, row.group, row.on), []).append(row.line)
    mixed: dict[tuple[str, str], set[int]] = {}
    for (name, group, _), places in lines.items():
        if len(places) > 1:
            mixed.setdefault((name, group), set())
    for row in rows:
        if (row.name, row.group) in mixed:
            mixed[row.name, row.group].add(row.line)
    namesakes = tuple(
        Namesakes(name=name, group=group, lines=tuple(sorted(places))) for (name, group), places in mixed.items()
    )
    return [row for row in rows if (row.name, row.group) not in mixed], namesakes


def _with_changes(empty: ImportPreview, rows: list[PointsRow], roster: Roster) -> ImportPreview:
    known = {person.id: person for person in roster.people}
    latest = roster.latest()
    history = {(total.person, total.on): total.points for total in roster.totals}
    newest = _newest(rows)
    people = {id_: _person(row, known.get(id_), latest.get(id_)) for id_, row in newest.items()}
    totals = tuple(
        Total(person=id_, on=row.on, points=row.points)
        for row in rows
        if history.get(((id_ := person_id(row.name, row.group)), row.on)) != row.points
    )
    moved = [
        Changed(person=people[id_], before=latest[id_].points, after=row.points)
        for id_, row in newest.items()
        if id_ in latest and row.on >= latest[id_].on and row.points != latest[id_].points
    ]
    gave = [one for id_, one in people.items() if one.consents and not (id_ in known and known[id_].consents)]
    took = [one for id_, one in people.items() if id_ in known and known[id_].consents and not one.consents]
    return replace(
        empty,
        people=tuple(one for id_, one in people.items() if known.get(id_) != one),
        totals=totals,
        new=tuple(one for id_, one in people.items() if id_ not in known),
        changed=tuple(moved),
        fell=tuple(one for one in moved if one.after < one.before),
        unchanged=sum(id_ in latest and row.points == latest[id_].points for id_, row in newest.items()),
        older=sum(id_ in latest and row.on < latest[id_].on for row in rows if (id_ := person_id(row.name, row.group))),
        consent_given=tuple(gave),
        consent_withdrawn=tuple(took),
    )


def _newest(rows: Iterable[PointsRow]) -> Mapping[PersonId, PointsRow]:
    newest: dict[PersonId, PointsRow] = {}
    for row in rows:
        id_ = person_id(row.name, row.group)
        if id_ not in newest or newest[id_].on <= row.on:
            newest[id_] = row
    return newest


def _person(row: PointsRow, known: Person | None, latest: Total | None) -> Person:
    """The person after the import. A sheet older than the newest points says nothing about today."""
    if known is None:
        return Person(
            id=person_id(row.name, row.group),
            name=row.name,
            group=row.group,
            pinyin=row.pinyin,
            consents=row.consents is True,
        )
    if latest is not None and row.on < latest.on:
        return known
    gives = row.consents is True and not known.has_withdrawn
    keeps = row.consents is None and known.consents
    return replace(known, consents=gives or keeps, pinyin=row.pinyin or known.pinyin)
