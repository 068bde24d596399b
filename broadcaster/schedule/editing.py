"""The text of schedule.toml + a change of one slot → the new text. Pure: every other line stays as it was written.

The lines of the slot alone are given to tomlkit, which keeps their order and comments; the lines around them are never
taken apart. What a person wrote between two slots, a heading or a remark, is nobody's and stays where it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from broadcaster.schedule.headers import Header, headers

BY_HAND = Sentence(
    "schedule.toml 里的时段写法特别，网页改不了它，没有动。请用记事本改，每个时段前面写一行 [[slot]]。",
    "the slots of schedule.toml are written in a way that the page cannot edit; nothing was changed. "
    "Edit the file by hand, with a line [[slot]] before each slot.",
)
NO_TOML = Sentence(
    "schedule.toml 里有写法上的错，改好以前网页不动它。“今天”页面上写着错在哪里。",
    "schedule.toml has mistakes of writing; the page leaves it alone until they are mended. See the page of today.",
)

Values = Mapping[str, object]
"""Keys of a slot with what is to stand there: words, numbers, dates, lists of words. None: take the key out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The own lines of one slot: from its ``[[slot]]`` to its last key."""

    start: int
    end: int
    values: dict[str, Any]


def slot_values(text: str, id_: str) -> dict[str, object]:
    """The keys of a slot as they are written. Raises Refused when there is no such slot."""
    return dict(_find(_blocks(text), id_).values)


def change_slot(text: str, id_: str, values: Values) -> str:
    """Write *values* into a slot; keys that are not named stay, and so does what already says the same.

    Raises Refused when there is no such slot, or it is written in a way that cannot be edited here.
    """
    block = _find(_blocks(text), id_)
    new = _written(text[block.start : block.end], values)
    return _checked(text, text[: block.start] + new + text[block.end :], id_, _merged(block.values, values))


def add_slot(text: str, values: Values, *, after: str = "") -> str:
    """A new slot behind the slot *after*; without one behind the last, or at the end of the file. Raises Refused."""
    blocks = _blocks(text)
    end = _find(blocks, after).end if after else blocks[-1].end if blocks else len(text)
    before = text[:end]
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    new = gap + _written("[[slot]]\n", values)
    return _checked(text, before + new + text[end:], str(values.get("id", "")), _merged({}, values))


def remove_slot(text: str, id_: str) -> str:
    """Take a slot out, with the remarks between its own lines. Raises Refused."""
    block = _find(_blocks(text), id_)
    before, behind = text[: block.start], text[block.end :]
    if before.endswith("\n\n") and behind.startswith("\n"):
        behind = behind[1:]
    elif before.endswith("\n\n") and not behind:
        before = before[:-1]
    return _checked(text, before + behind, id_, None)


def slot_lines(text: str, id_: str) -> str:
    """A slot as it stands in the file; empty when there is none. Never raises."""
    try:
        block = _find(_blocks(text), id_)
    except Refused:
        return ""
    return text[block.start : block.end].strip()


# --- one slot ---------------------------------------------------------------------------------------------------


def _written(lines: str, values: Values) -> str:
    """The lines of one slot with *values* in them."""
    document = tomlkit.parse(lines if lines.endswith("\n") else lines + "\n")
    slots = document["slot"]
    assert isinstance(slots, AoT)
    put(slots[0], values)
    return tomlkit.dumps(document)


def put(table: Table, values: Values) -> None:
    """Write *values* into a table as tomlkit knows it; what already says the same stays as it was written."""
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif key not in table:
            table.append(key, _item(value))
        elif not _is_same(table.unwrap()[key], value):
            table[key] = _item(value)


def _item(value: object) -> object:
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for each in value:
            array.append(each)
        return array
    return value


def _is_same(one: object, other: object) -> bool:
    """True is not 1 here."""
    return type(one) is type(other) and repr(one) == repr(other)


def _merged(before: Values, values: Values) -> dict[str, object]:
    merged = {key: list(value) if isinstance(value, tuple) else value for key, value in {**before, **values}.items()}
    return {key: value for key, value in merged.items() if value is not None}


# --- the file ---------------------------------------------------------------------------------------------------


def _blocks(text: str) -> list[_Block]:
    tables = _read(text)
    slots = tables.get("slot", [])
    found = [header for header in headers(text) if _is_slot(text[header.start : header.line_end])]
    if not isinstance(slots, list) or len(found) != len(slots):
        raise Refused(BY_HAND)
    return [_block(header, values) for header, values in zip(found, slots, strict=True)]


def _block(header: Header, values: object) -> _Block:
    if not isinstance(values, dict):
        raise Refused(BY_HAND)
    return _Block(start=header.start, end=header.last_line_end, values=values)


def _is_slot(line: str) -> bool:
    return tomllib.loads(line) == {"slot": [{}]}


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(NO_TOML) from error


def _find(blocks: Sequence[_Block], id_: str) -> _Block:
    match [block for block in blocks if block.values.get("id") == id_]:
        case [block]:
            return block
        case []:
            raise Refused(
                Sentence(
                    f"节目表里没有时段“{id_}”，可能别人刚删掉。请回到节目表再看。",
                    f"there is no slot {id_!r} in the timetable; somebody may have removed it. Look again.",
                )
            )
    raise Refused(
        Sentence(
            f"有几个时段都叫“{id_}”，网页不知道改哪一个。请先在 schedule.toml 里给它们不同的 id。",
            f"several slots are called {id_!r}. Give each an id of its own in schedule.toml first.",
        )
    )


def _checked(before: str, after: str, id_: str, values: dict[str, object] | None) -> str:
    """*after*, when it says what it should: the one slot as wanted, and all else as before."""
    old, new = _read(before), _read(after)
    slots = [slot for slot in old.get("slot", []) if slot.get("id") != id_]
    others = [slot for slot in new.get("slot", []) if slot.get("id") != id_]
    now = [slot for slot in new.get("slot", []) if slot.get("id") == id_]
    is_right = slots == others and now == ([] if values is None else [values])
    old.pop("slot", None)
    new.pop("slot", None)
    if not is_right or old != new:
        raise Refused(BY_HAND)
    return after
