"""One table of the file while it is read: what is wrong is complained of with its path and left at its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints, shown, unknown
from broadcaster.schedule.values import Reader

T = TypeVar("T")

KEY = Sentence("项目", "key")
EMPTY_LIST = Sentence(
    "'[]' 是空的。请至少写一个，或者删掉这一行。", "'[]' is empty. Write at least one, or take the line out."
)
MOST_IN_A_LIST = 400


class Table:
    """Values by key, below *path*."""

    def __init__(self, path: str, values: Mapping[str, object], complaints: Complaints) -> None:
        self.path = path
        self.values = values
        self._complaints = complaints

    def only(self, keys: tuple[str, ...]) -> None:
        """Complain of every other key."""
        for key in self.values:
            if key not in keys and not self._complaints.is_full:
                self._complaints.error(self.at(key), unknown(KEY, key, keys))

    def at(self, key: str) -> str:
        """The path of a key, printable whatever the key is; of the table itself when *key* is empty."""
        return ".".join(part for part in (self.path, shown(key)[1:-1]) if part)

    def complain(self, key: str, what: Sentence) -> None:
        self._complaints.error(self.at(key), what)

    def warn(self, key: str, what: Sentence) -> None:
        self._complaints.warn(self.at(key), what)

    def read(self, key: str, reader: Reader[T], default: T) -> T:
        """The value of *key*; *default* when it is absent or wrong."""
        if key not in self.values:
            return default
        found = reader(self.values[key])
        if isinstance(found, Sentence):
            self.complain(key, found)
            return default
        return found

    def read_each(self, key: str, reader: Reader[T], default: tuple[T, ...]) -> tuple[T, ...]:
        """One value or a list of them. What is wrong is complained of and left out; *default* when none is left."""
        if key not in self.values:
            return default
        value = self.values[key]
        given = value if isinstance(value, list) else [value]
        if not given:
            self.complain(key, EMPTY_LIST)
        if len(given) > MOST_IN_A_LIST:
            self.complain(key, _too_many(len(given)))
            return default
        right: list[T] = []
        for each in given:
            found = reader(each)
            if isinstance(found, Sentence):
                self.complain(key, found)
            else:
                right.append(found)
        return tuple(right) or default


def subtable(parent: Table, key: str, complaints: Complaints) -> Table:
    """The table ``[key]`` of *parent*; an empty one when it is absent or no table."""
    value = parent.values.get(key, {})
    if not isinstance(value, dict):
        parent.complain(key, _no_table(value, f"[{parent.at(key)}]"))
        value = {}
    return Table(parent.at(key), value, complaints)


def _no_table(value: object, head: str) -> Sentence:
    return Sentence(
        f"{shown(value)} 的位置不对，这里要一个表。请单独写一行 {head}，下面每行写一项。",
        f"{shown(value)} is in the place of a table. Write {head} on a line of its own and one key a line below it.",
    )


def _too_many(count: int) -> Sentence:
    return Sentence(
        f"写了 {count} 个，最多 {MOST_IN_A_LIST} 个。请分成几个时段写。",
        f"there are {count} values, at most {MOST_IN_A_LIST} are allowed. Write several slots instead.",
    )
