"""The form of one table of schedule.toml: fields as they are typed ⇄ values as they stand in the file.

What is wrong with a value is not decided here: the parser of the station says it, and it stands beside the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

from broadcaster.model.words import Complaint, Severity

LONGEST = 2_000
_SEPARATORS = re.compile(r"[\n、，,；;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of the table."""

    key: str
    label: LazyString | str
    kind: Literal["text", "number", "lines", "tick", "choice", "ticks"] = "text"
    hint: LazyString | str = ""
    usual: str = ""
    """What holds where the file is silent, as it would be typed."""
    options: tuple[tuple[str, LazyString | str], ...] = ()
    """Of a choice: value and words."""
    rows: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """Fields, what is typed in them, and what is to be said about them."""

    fields: tuple[Field, ...]
    typed: Mapping[str, str]
    """Several values of one field stand on lines of their own."""
    complaints: Mapping[str, tuple[Complaint, ...]] = field(default_factory=dict)
    """By key, those of no field under an empty key."""
    theirs: Mapping[str, str] = field(default_factory=dict)
    """What stands in the file now, where somebody else changed it meanwhile."""

    def changes(self, written: Mapping[str, object]) -> dict[str, object]:
        """The keys that have to be written, so that the file says what is typed. None takes a key out."""
        found: dict[str, object] = {}
        for one in self.fields:
            typed = self.typed[one.key]
            is_written = one.key in written
            if typed == (_said(written[one.key]) if is_written else one.usual):
                continue
            value = _value(one, typed)
            if value not in ("", []):
                found[one.key] = value
            elif is_written:
                found[one.key] = None
        return found

    def wrong(self, *keys: str) -> tuple[Complaint, ...]:
        return tuple(one for key in keys for one in self.complaints.get(key, ()))

    def with_complaints(self, complaints: Iterable[Complaint], path: str) -> TableForm:
        """Each beside its field, what is wrong before what is only worth knowing."""
        found: dict[str, list[Complaint]] = {}
        keys = {one.key for one in self.fields}
        for one in sorted(complaints, key=lambda one: one.severity is not Severity.ERROR):
            key = one.path.removeprefix(f"{path}.") if one.path.startswith(f"{path}.") else ""
            found.setdefault(key if key in keys else "", []).append(one)
        return replace(self, complaints={key: tuple(those) for key, those in found.items()})

    def beside(self, written: Mapping[str, object]) -> TableForm:
        """With what the file says now, where that is something else."""
        now = of_file(self.fields, written).typed
        return replace(self, theirs={key: words for key, words in now.items() if words != self.typed[key]})


def of_file(fields: tuple[Field, ...], written: Mapping[str, object]) -> TableForm:
    typed = {one.key: _said(written[one.key]) if one.key in written else one.usual for one in fields}
    return TableForm(fields=fields, typed=typed)


def of_request(fields: tuple[Field, ...], form: MultiDict[str, str]) -> TableForm:
    return TableForm(fields=fields, typed={one.key: _typed(one, form) for one in fields})


def _typed(one: Field, form: MultiDict[str, str]) -> str:
    match one.kind:
        case "tick":
            return "on" if form.get(one.key) else ""
        case "ticks":
            return "\n".join(_plain(each) for each in form.getlist(one.key))
        case "lines":
            pieces = _SEPARATORS.split(form.get(one.key, "").replace("\r", "\n")[:LONGEST])
            return "\n".join(filter(None, map(_plain, pieces)))
        case "number":
            return unicodedata.normalize("NFKC", _plain(form.get(one.key, ""))).replace("−", "-")
    return _plain(form.get(one.key, ""))


def _plain(words: str) -> str:
    """One line, without the invisible signs that come along when people paste."""
    return "".join(char for char in " ".join(words.split()) if char.isprintable())[:LONGEST]


def _value(one: Field, typed: str) -> object:
    match one.kind:
        case "tick":
            return typed == "on"
        case "lines" | "ticks":
            return typed.split("\n") if typed else []
        case "number":
            return _number(typed)
    return typed


def _number(typed: str) -> object:
    """The number; the words themselves where they are none, so that the parser can say what would be right."""
    if re.fullmatch(r"[+-]?\d{1,9}", typed, re.ASCII):
        return int(typed)
    return float(typed) if re.fullmatch(r"[+-]?\d{1,9}\.\d{1,6}", typed, re.ASCII) else typed


def _said(value: object) -> str:
    match value:
        case bool():
            return "on" if value else ""
        case list():
            return "\n".join(_said(one) for one in value)
        case float():
            return f"{value:g}"
    return str(value)
