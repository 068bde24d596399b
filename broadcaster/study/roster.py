"""Who takes part in the study, who agreed to be named, and their points over time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NewType

PersonId = NewType("PersonId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: PersonId
    name: str
    group: str
    pinyin: str = ""
    """Numbered, ``shan4 li4``; empty: as the reading rules say it."""
    consents: bool = False
    """Whether this person agreed to be named over the horns. Nobody is named who did not."""
    has_withdrawn: bool = False
    """Somebody took the consent back by hand; from then on no sheet can give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The points of one person, all in all, at the end of one day."""

    person: PersonId
    on: date
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody, at one instant."""

    people: tuple[Person, ...] = ()
    totals: tuple[Total, ...] = ()
    imports: frozenset[str] = frozenset()
    """Fingerprints of the sheets that were imported."""

    def latest(self, until: date = date.max) -> Mapping[PersonId, Total]:
        """Each person's newest total that is not after *until*."""
        newest: dict[PersonId, Total] = {}
        for total in self.totals:
            if total.on <= until and (total.person not in newest or newest[total.person].on < total.on):
                newest[total.person] = total
        return newest

    def readings(self) -> tuple[tuple[str, str], ...]:
        """Name and pinyin of everyone who has one; namesakes who are read differently are left to the rules."""
        given: dict[str, set[str]] = {}
        for person in self.people:
            if person.pinyin:
                given.setdefault(person.name, set()).add(person.pinyin)
        return tuple((name, readings.copy().pop()) for name, readings in sorted(given.items()) if len(readings) == 1)


def person_id(name: str, group: str) -> PersonId:
    """A name in a study group is one person, in every sheet and on every machine."""
    return PersonId(hashlib.sha256(f"{group}\n{name}".encode()).hexdigest()[:16])
