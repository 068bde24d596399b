"""The text of schedule.toml + a change of one table, ``[station]`` or ``[output.main]`` → the new text. Pure.

As with slots: only the own lines of that table are taken apart, and every other line stays as a person wrote it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import Table

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from broadcaster.schedule.editing import NO_TOML, Values, put
from broadcaster.schedule.headers import Header, headers

TablePath = tuple[str, ...]
"""``("station",)``, ``("output", "main")``."""


def table_values(text: str, path: TablePath) -> dict[str, object] | None:
    """The keys of a table as they are written, without the tables below it. None: it is not there. Raises Refused."""
    found = _at(_read(text), path)
    return None if found is None else {key: value for key, value in found.items() if not isinstance(value, dict)}


def change_table(text: str, path: TablePath, values: Values) -> str:
    """Write *values* into a table, which is made where it is not there; None takes a key out. Raises Refused."""
    old = _read(text)
    block = _block(text, path)
    if block is not None:
        new = text[: block.start] + _written(text[block.start : block.end], path, values) + text[block.end :]
    elif _at(old, path) is None:
        new = _with_new(text, path, values)
    else:
        raise Refused(by_hand(path))
    table = _make(old, path)
    table.update({key: list(value) if isinstance(value, tuple) else value for key, value in values.items()})
    for key in [key for key, value in values.items() if value is None]:
        del table[key]
    return _checked(new, old, path)


def remove_table(text: str, path: TablePath) -> str:
    """Take a table out, with the remarks between its own lines. Raises Refused."""
    old = _read(text)
    block = _block(text, path)
    if block is None:
        raise Refused(
            Sentence(
                f"schedule.toml 里没有 {head(path)}，可能别人刚删掉。请再看一看。",
                f"there is no {head(path)} in schedule.toml; somebody may have removed it. Look again.",
            )
        )
    before, behind = text[: block.start], text[block.end :]
    if before.endswith("\n\n") and behind.startswith("\n"):
        behind = behind[1:]
    parent = _at(old, path[:-1])
    assert parent is not None
    del parent[path[-1]]
    if len(path) > 1 and not parent:
        del old[path[0]]
    return _checked(before + behind, old, path)


def table_lines(text: str, path: TablePath) -> str:
    """A table as it stands in the file; empty when it is not there. Never raises."""
    try:
        block = _block(text, path)
    except Refused:
        return ""
    return text[block.start : block.end].strip() if block is not None else ""


def table_paths(text: str) -> list[TablePath]:
    """Of all tables that have a line of their own, in the order of the file."""
    return [names for one in headers(text) if (names := _names(text[one.start : one.line_end]))]


def by_hand(path: TablePath) -> Sentence:
    line = head(path)
    return Sentence(
        f"schedule.toml 里 {line} 的写法特别，网页改不了它，没有动。请用记事本改，单独写一行 {line}。",
        f"{line} of schedule.toml is written in a way that the page cannot edit; nothing was changed. "
        f"Edit the file by hand, with a line {line} of its own.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    start: int
    end: int


def _block(text: str, path: TablePath) -> _Block | None:
    found = [one for one in headers(text) if _names(text[one.start : one.line_end]) == path]
    if len(found) > 1:
        raise Refused(by_hand(path))
    return _Block(start=found[0].start, end=found[0].last_line_end) if found else None


def _names(line: str) -> TablePath:
    """``[output.main]`` → its path; empty for ``[[slot]]`` and what is no header."""
    try:
        at: Any = tomllib.loads(line)
    except ValueError:
        return ()
    names: list[str] = []
    while isinstance(at, dict) and len(at) == 1:
        [(name, at)] = at.items()
        names.append(name)
    return tuple(names) if at == {} else ()


def _written(lines: str, path: TablePath, values: Values) -> str:
    document = tomlkit.parse(lines if lines.endswith("\n") else lines + "\n")
    table: Any = document
    for name in path:
        table = table[name]
    assert isinstance(table, Table)
    put(table, values)
    return tomlkit.dumps(document)


def _with_new(text: str, path: TablePath, values: Values) -> str:
    """Behind the last table of its kind; without one behind the last table that is no slot, or on top."""
    end = _place(text, path)
    before, behind = text[:end], text[end:]
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    new = _written(f"{head(path)}\n", path, {key: value for key, value in values.items() if value is not None})
    if not before.strip() and behind.strip():
        new += "\n"
    return before + gap + new + behind


def _place(text: str, path: TablePath) -> int:
    tables: list[tuple[TablePath, Header]] = [
        (names, one) for one in headers(text) if (names := _names(text[one.start : one.line_end]))
    ]
    of_kind = [one.last_line_end for names, one in tables if names[0] == path[0]]
    others = [one.last_line_end for _names_of_it, one in tables]
    return (of_kind or others or [0])[-1]


def head(path: TablePath) -> str:
    """``[output.main]``, as it stands in the file."""
    return tomlkit.dumps(_nested(path)).strip().splitlines()[-1]


def _nested(path: TablePath) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name in reversed(path):
        nested = {name: nested}
    return nested


def _at(tables: dict[str, Any], path: TablePath) -> dict[str, Any] | None:
    at: Any = tables
    for name in path:
        at = at.get(name) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else None


def _make(tables: dict[str, Any], path: TablePath) -> dict[str, Any]:
    at = tables
    for name in path:
        at = at.setdefault(name, {})
    return at


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(NO_TOML) from error


def _checked(after: str, wanted: dict[str, Any], path: TablePath) -> str:
    """*after*, when it says exactly what it should."""
    if _read(after) != wanted:
        raise Refused(by_hand(path))
    return after
