"""What a program asks by the API, checked at the edge: JSON and query → plain values, or what is wrong in words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request

from broadcaster.errors import DalabaError
from broadcaster.model.words import Sentence

LARGEST_BODY_BYTES = 32_000
LONGEST_NAME = 200
LONGEST_WORDS = 2_000
MOST_ZONES = 100
FIRST_YEAR, LAST_YEAR = 2000, 2200
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")
"""A plus of an offset that was not escaped in the address comes as a blank."""


class Malformed(DalabaError):
    """The request itself is wrong; nothing was done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of a request: an object with these fields and no others."""

    values: dict[str, Any]

    def words(self, name: str, otherwise: str | None = None, *, longest: int = LONGEST_NAME) -> str:
        """Text; *otherwise* where it is left out, None: it must be there. Raises Malformed."""
        value = self.values.get(name)
        if value is None and otherwise is not None:
            return otherwise
        if not isinstance(value, str) or not value.strip():
            raise Malformed(Sentence(f"“{name}”要写文字。", f"{name!r} must be text and not empty."))
        if len(value) > longest:
            raise Malformed(
                Sentence(f"“{name}”最多 {longest} 个字。", f"{name!r} may have {longest} characters at most.")
            )
        if any(char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") for char in value):
            raise Malformed(
                Sentence(f"“{name}”里有不能念、不能显示的字符。", f"{name!r} holds characters that are no text.")
            )
        return value.strip()

    def count(self, name: str, most: int) -> int:
        """A whole number from 0, which stands for left out. Raises Malformed."""
        value = self.values.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise Malformed(
                Sentence(f"“{name}”要写 0 到 {most} 的整数。", f"{name!r} must be a whole number from 0 to {most}.")
            )
        return value

    def zones(self, known: Collection[str]) -> tuple[str, ...]:
        """Where; none: wherever it belongs. Raises Malformed."""
        value = self.values.get("zones", [])
        if not isinstance(value, list) or len(value) > MOST_ZONES or not all(isinstance(one, str) for one in value):
            raise Malformed(Sentence("“zones”要写片区名字的列表。", "'zones' must be a list of names of zones."))
        if set(value) - set(known):
            there = "、".join(known)
            raise Malformed(
                Sentence(f"“zones”里有不认识的片区。现有：{there}。", f"'zones' names an unknown one. Known: {there}.")
            )
        return tuple(value)


def body(*fields: str) -> Asked:
    """The JSON object that came; an empty body is an empty object. Raises Malformed."""
    request.max_content_length = LARGEST_BODY_BYTES
    data = request.get_data()
    try:
        values = json.loads(data) if data else {}
    except (ValueError, RecursionError) as error:
        raise Malformed(Sentence("请求不是 JSON。", "the request is no JSON.")) from error
    if not isinstance(values, dict):
        raise Malformed(Sentence("请求要是一个 JSON 对象。", "the request must be a JSON object."))
    unknown = sorted(set(values) - set(fields))
    if unknown:
        known = "、".join(fields)
        raise Malformed(
            Sentence(f"请求里有不认识的项。可以写：{known}。", f"the request has an unknown field. Known: {known}.")
        )
    return Asked(values)


def day(name: str, otherwise: date) -> date:
    """A date of the query. Raises Malformed."""
    given = request.args.get(name)
    if given is None:
        return otherwise
    try:
        found = date.fromisoformat(given)
    except ValueError as error:
        raise _no_day(name) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _no_day(name)
    return found


def instant(name: str, otherwise: datetime) -> datetime:
    """An instant of the query, with its offset from UTC. Raises Malformed."""
    given = request.args.get(name)
    if given is None:
        return otherwise
    try:
        found = datetime.fromisoformat(_LOST_PLUS.sub("+", given))
    except ValueError as error:
        raise _no_instant(name) from error
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _no_instant(name)
    return found


def number(name: str, otherwise: int, most: int) -> int:
    """A whole number of the query, from 1. Raises Malformed."""
    given = request.args.get(name)
    if given is None:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) < 10 and 1 <= int(given) <= most):
        raise Malformed(
            Sentence(f"“{name}”要写 1 到 {most} 的整数。", f"{name!r} must be a whole number from 1 to {most}.")
        )
    return int(given)


def _no_day(name: str) -> Malformed:
    return Malformed(Sentence(f"“{name}”要写日期，例如 2026-11-25。", f"{name!r} must be a date, like 2026-11-25."))


def _no_instant(name: str) -> Malformed:
    return Malformed(
        Sentence(
            f"“{name}”要写带时区的时间，例如 2026-11-25T07:30:00+08:00。",
            f"{name!r} must be an instant with its offset, like 2026-11-25T07:30:00+08:00.",
        )
    )
