"""Changes of the timetable that a person wishes, and what each of them makes of the text of schedule.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from broadcaster.schedule.editing import add_slot, change_slot, remove_slot, slot_values
from broadcaster.schedule.slot_values import to_write
from broadcaster.schedule.table_editing import TablePath, change_table, head, remove_table, table_lines, table_paths

_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
LONGEST_ID = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PutSlot:
    """Write these values into a slot."""

    slot: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlot:
    """A slot that is not there yet."""

    values: Mapping[str, object]
    after: str = ""
    """The slot that it is a copy of; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSlot:
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSlot:
    slot: str
    is_paused: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreVersion:
    """Go back to a version that was kept."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PutTable:
    """Write these values into a table beside the slots, ``("output", "main")``; it is made where it is not there."""

    table: TablePath
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTable:
    table: TablePath


TimetableChange = PutSlot | NewSlot | RemoveSlot | PauseSlot | RestoreVersion | PutTable | RemoveTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The text that a change makes."""

    text: str
    slot: str
    """The slot it is about; empty: the whole file."""
    what: Sentence
    """For the list of versions and the trail."""
    table: TablePath = ()
    """The table it is about; empty: none beside the slots, or the whole file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDifference:
    """One slot that does not stand in the file as it did: its keys, before and after."""

    slot: str
    title: str
    before: Mapping[str, object]
    """Empty: the slot is new."""
    after: Mapping[str, object]
    """Empty: the slot is gone."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Those that differ, in the order of the file."""
        keys = dict.fromkeys((*self.before, *self.after))
        return tuple(key for key in keys if self.before.get(key) != self.after.get(key))


def changed(text: str, change: TimetableChange, kept: str | None = None) -> Changed:
    """What *change* makes of *text*; *kept* is the version to go back to. Raises Refused."""
    match change:
        case PutSlot(slot=slot, values=values):
            new = change_slot(text, slot, to_write(slot_values(text, slot), values))
            return Changed(text=new, slot=slot, what=_what("改了", "changed", slot))
        case NewSlot(values=values, after=after):
            slot = new_id(text, str(values.get("title", "")))
            new = add_slot(text, {"id": slot} | _said(values), after=after)
            return Changed(text=new, slot=slot, what=_what("加了", "added", slot))
        case RemoveSlot(slot=slot):
            return Changed(text=remove_slot(text, slot), slot=slot, what=_what("删了", "removed", slot))
        case PauseSlot(slot=slot, is_paused=is_paused):
            new = change_slot(text, slot, {"paused": True if is_paused else None})
            what = _what("停了", "paused", slot) if is_paused else _what("恢复了", "resumed", slot)
            return Changed(text=new, slot=slot, what=what)
        case PutTable(table=table, values=values):
            new = change_table(text, table, values)
            return Changed(text=new, slot="", what=_of_table("改了", "changed", table), table=table)
        case RemoveTable(table=table):
            new = remove_table(text, table)
            return Changed(text=new, slot="", what=_of_table("删了", "removed", table), table=table)
        case RestoreVersion(number=number):
            if kept is None:
                raise Refused(
                    Sentence(
                        "这一版已经没有了，太旧的会自动清掉。", "that version is gone; the oldest are cleared away."
                    )
                )
            return Changed(text=kept, slot="", what=Sentence(f"回到第 {number} 版", f"back to version {number}"))


def new_id(text: str, title: str) -> str:
    """An id for a new slot that nobody has, made of its title: ids stand in the log for ever."""
    try:
        slots = tomllib.loads(text).get("slot", [])
    except (ValueError, RecursionError):
        slots = []
    taken = {str(slot.get("id", "")).casefold() for slot in slots if isinstance(slot, dict)}
    stem = _NOT_IN_A_NAME.sub("-", title).strip("-_")[:LONGEST_ID] or "slot"
    if stem.casefold() == "emergency" or stem.casefold().startswith("now-"):
        stem = f"slot-{stem}"[:LONGEST_ID]
    number, found = 1, stem
    while found.casefold() in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def slot_differences(before: str, after: str) -> tuple[SlotDifference, ...]:
    """Slot by slot, in the order of the new file; those that are gone at the end."""
    was, will = _slots(before), _slots(after)
    found = []
    for id_ in dict.fromkeys((*will, *was)):
        old, new = was.get(id_, {}), will.get(id_, {})
        if old != new:
            title = str(new.get("title") or old.get("title") or id_)
            found.append(SlotDifference(slot=id_, title=title, before=old, after=new))
    return tuple(found)


def other_tables(before: str, after: str) -> tuple[str, ...]:
    """The tables beside the slots that differ: ``sound``, ``zone``."""
    old, new = _tables(before), _tables(after)
    return tuple(key for key in dict.fromkeys((*old, *new)) if key != "slot" and old.get(key) != new.get(key))


def lines_of_tables(before: str, after: str) -> tuple[str, str]:
    """The tables beside the slots that differ, as they stand in either text."""
    paths = dict.fromkeys((*table_paths(before), *table_paths(after)))
    pairs = [(table_lines(before, path), table_lines(after, path)) for path in paths]
    differ = [(old, new) for old, new in pairs if old != new]
    return "\n\n".join(filter(None, (old for old, _ in differ))), "\n\n".join(filter(None, (new for _, new in differ)))


def _said(values: Mapping[str, object]) -> dict[str, object]:
    """A new slot says what is not usual, and always when, on which days and what."""
    always = {key: values[key] for key in ("title", "at", "days", "play") if values.get(key) not in (None, "")}
    return always | {key: value for key, value in to_write({}, values).items() if key not in always and key != "title"}


def _what(zh: str, en: str, slot: str) -> Sentence:
    return Sentence(f"{zh}“{slot}”", f"{en} {slot!r}")


def _of_table(zh: str, en: str, table: tuple[str, ...]) -> Sentence:
    """The table as the pages of settings call it; one that no page shows as it stands in the file."""
    match table:
        case ("station",):
            return Sentence(f"{zh}站名和静音时段", f"{en} the name and quiet hours")
        case ("output", name):
            return Sentence(f"{zh}喇叭“{name}”", f"{en} the output {name!r}")
        case ("zone", name):
            return Sentence(f"{zh}片区“{'全村' if name == 'all' else name}”", f"{en} the zone {name!r}")
        case ("voice",):
            return Sentence(f"{zh}平常的声音", f"{en} the usual voice")
        case ("voice", name):
            return Sentence(f"{zh}声音“{name}”", f"{en} the voice {name!r}")
    return _what(zh, en, head(table))


def _slots(text: str) -> dict[str, dict[str, Any]]:
    slots = _tables(text).get("slot", [])
    return {str(slot.get("id", number)): slot for number, slot in enumerate(slots) if isinstance(slot, dict)}


def _tables(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
