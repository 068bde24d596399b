"""Facts as the template engine may see them: plain text, numbers, lists and records, without a single method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime

LARGEST_LIST = 200
"""Members of one list; comparing long lists in loops is what could still take long."""
LONGEST_FACT = 1_000
"""Characters of one text among the facts."""


class Record(dict[str, object]):
    """A fact with named parts, for example a person with a name and points."""


def plain(value: object) -> object:
    """*value* in the few types that templates meet. Raises TypeError for any other: that is our own mistake."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value[:LONGEST_FACT]
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Mapping):
        return Record((str(key), plain(part)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(plain(part) for part in value[:LARGEST_LIST])
    if is_dataclass(value) and not isinstance(value, type):
        return Record((field.name, plain(getattr(value, field.name))) for field in fields(value))
    raise TypeError(f"a fact of type {type(value).__name__} cannot be filled into a script")
