"""Roster + a day → the facts that leaderboard scripts are filled with: praise only, and no name without consent.

Ranks and averages are those of everybody, so they are true; names are those of the people who agreed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from broadcaster.study.roster import Person, PersonId, Roster, Total

STILL_TAKES_PART = timedelta(days=31)
"""Who is missing from the sheets for longer is no longer counted."""
A_WEEK = timedelta(days=7)
ABOUT_A_WEEK = (timedelta(days=4), timedelta(days=10))
"""Sheets are exported when someone finds the time; gains are measured over a span within these."""
SMALLEST_GROUP = 3
"""The average of a smaller group would tell the points of single people."""
MOST_GROUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A person who may be named."""

    name: str
    group: str
    called: str
    """How the person is named over the horns: with the group where somebody else has the same name."""
    points: int
    rank: int
    """Among all people, whether they agreed to be named or not; ties share it."""
    place: str
    """The rank as it is said: 第一名, 并列第二名."""
    gain: int
    """What the rank is measured by: the points won in about a week for risers, all points elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Everyone who shares a rank and may be named."""

    rank: int
    place: str
    points: int
    gain: int
    people: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedGroup:
    name: str
    average: int
    people: int
    rank: int
    place: str


def point_facts(
    roster: Roster, day: date, *, threshold: int = 40_000, names: int = 10, wanted: int = 3
) -> dict[str, object]:
    """What can be said on *day*. A fact that cannot be said is not there, and its script is skipped for that reason.

    *names* is the most that one reading may name; *wanted* the least that makes a list worth reading. Nobody of the
    last rank is ever named, and of a tie all who agreed are named or none.
    """
    standing = _Standing.of(roster, day)
    if not standing.latest:
        return {}
    points = {person: total.points for person, total in standing.latest.items()}
    ranked = standing.ranked(points)
    lists = {
        "top": _whole_ties(ranked, names),
        "top10": _whole_ties([one for one in ranked if one.rank <= 10], names),
        "over_threshold": _turn([one for one in ranked if one.points > threshold], names, day),
        "risers": _whole_ties([one for one in standing.ranked(standing.gains()) if one.rank <= 10], names),
    }
    facts: dict[str, object] = {name: tuple(people) for name, people in lists.items() if len(people) >= wanted}
    for name in ("top10", "risers"):
        if name in facts:
            facts[f"{name}_places"] = _by_place(lists[name])
    if groups := _groups(standing):
        facts["groups"] = groups
    return facts | {
        "over_count": sum(total > threshold for total in points.values()),
        "people_count": len(points),
        "average": round(sum(points.values()) / len(points)),
        "as_of": f"{standing.newest.month}月{standing.newest.day}日",
        "threshold": threshold,
    }


@dataclass(frozen=True, slots=True)
class _Standing:
    people: dict[PersonId, Person]
    latest: dict[PersonId, Total]
    newest: date
    totals: tuple[Total, ...]

    @classmethod
    def of(cls, roster: Roster, day: date) -> _Standing:
        known = {person.id: person for person in roster.people}
        latest = {id_: total for id_, total in roster.latest(day).items() if id_ in known}
        newest = max((total.on for total in latest.values()), default=date.min)
        taking_part = {id_: total for id_, total in latest.items() if newest - total.on <= STILL_TAKES_PART}
        return cls(known, taking_part, newest, roster.totals)

    def ranked(self, measure: Mapping[PersonId, int]) -> list[Ranked]:
        """Those who agreed, best first, without the last rank. Ranks count everybody in *measure*."""
        places = _places_by_value(measure.values())
        last = min(places, default=0) if len(places) > 1 else None
        namesakes = self._namesakes()
        order = sorted(measure, key=lambda id_: (-measure[id_], self.people[id_].group, self.people[id_].name))
        return [
            Ranked(
                name=person.name,
                group=person.group,
                called=f"{person.group}的{person.name}" if person.name in namesakes else person.name,
                points=self.latest[id_].points,
                rank=places[measure[id_]][0],
                place=places[measure[id_]][1],
                gain=measure[id_],
            )
            for id_ in order
            if (person := self.people[id_]).consents and measure[id_] != last
        ]

    def gains(self) -> dict[PersonId, int]:
        """What each person won since about a week before the newest sheet, of those who won anything."""
        shortest, longest = ABOUT_A_WEEK
        before: dict[PersonId, Total] = {}
        for total in self.totals:
            age = self.newest - total.on
            known = before.get(total.person)
            if shortest <= age <= longest and (known is None or _off(age) < _off(self.newest - known.on)):
                before[total.person] = total
        gains = {
            id_: total.points - before[id_].points
            for id_, total in self.latest.items()
            if id_ in before and total.on == self.newest
        }
        return {id_: gain for id_, gain in gains.items() if gain > 0}

    def _namesakes(self) -> frozenset[str]:
        counts = Counter(person.name for person in self.people.values())
        return frozenset(name for name, count in counts.items() if count > 1)


def _off(age: timedelta) -> timedelta:
    return abs(age - A_WEEK)


def _places_by_value(values: Iterable[int]) -> dict[int, tuple[int, str]]:
    """For each value its rank, the highest first, and how the rank is said."""
    places: dict[int, tuple[int, str]] = {}
    rank = 1
    for value, count in sorted(Counter(values).items(), reverse=True):
        places[value] = (rank, place_of(rank, is_shared=count > 1))
        rank += count
    return places


def place_of(rank: int, *, is_shared: bool) -> str:
    """第一名, 第十二名, 第120名; of a tie 并列第二名."""
    return f"{'并列' if is_shared else ''}第{_hanzi(rank)}名"


def _hanzi(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens <= 1 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


def _whole_ties(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """The first of *ranked*, at most *most*; a tie that does not fit as a whole is left out, and all after it."""
    chosen: list[Ranked] = []
    for _, group in groupby(ranked, key=lambda one: one.rank):
        tie = list(group)
        if len(chosen) + len(tie) > most:
            break
        chosen.extend(tie)
    return chosen


def _turn(people: Sequence[Ranked], most: int, day: date) -> list[Ranked]:
    """At most *most* of *people*, others every week, so that each is named in turn."""
    if len(people) <= most:
        return list(people)
    start = day.toordinal() // 7 * most % len(people)
    return [*people[start:], *people[:start]][:most]


def _by_place(ranked: Sequence[Ranked]) -> tuple[Place, ...]:
    groups = (tuple(group) for _, group in groupby(ranked, key=lambda one: one.rank))
    return tuple(
        Place(rank=tie[0].rank, place=tie[0].place, points=tie[0].points, gain=tie[0].gain, people=tie)
        for tie in groups
    )


def _groups(standing: _Standing) -> tuple[RankedGroup, ...]:
    """The upper half of the study groups, at most five. Equal as said is equal in rank."""
    points: dict[str, list[int]] = {}
    for id_, total in standing.latest.items():
        points.setdefault(standing.people[id_].group, []).append(total.points)
    averages = {name: round(sum(own) / len(own)) for name, own in points.items() if len(own) >= SMALLEST_GROUP}
    places = _places_by_value(averages.values())
    ranked = tuple(
        RankedGroup(
            name=name,
            average=averages[name],
            people=len(points[name]),
            rank=places[averages[name]][0],
            place=places[averages[name]][1],
        )
        for name in sorted(averages, key=lambda name: (-averages[name], name))
    )
    most = min(MOST_GROUPS, len(ranked) // 2)
    return tuple(group for group in ranked if group.rank <= most)
