"""What a form says of a slot and what the file says of it → the keys that have to be written. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from broadcaster.model.days import DayRule
from broadcaster.schedule.day_words import merged
from broadcaster.schedule.days import days
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.values import length, time_of_day

USUAL: Mapping[str, object] = {
    "title": "",
    "days": ["daily"],
    "except": [],
    "repeat": 1,
    "zones": ["all"],
    "priority": "routine",
    "grace": "10m",
    "if_interrupted": "resume",
    "voice": "default",
    "paused": False,
}
"""What holds where the file is silent; ``docs/schedule.md`` tells people, and a test compares."""


def to_write(written: Mapping[str, object], wanted: Mapping[str, object]) -> dict[str, object]:
    """Those of *wanted* that say something else than *written*, in the order of the keys. None takes a key out."""
    return {
        key: wanted[key]
        for key in KEYS["slot"]
        if key in wanted and _meaning(key, wanted[key]) != _meaning(key, written.get(key))
    }


def _meaning(key: str, value: object) -> object:
    """Something that is equal for values that mean the same."""
    if value is None:
        return _meaning(key, USUAL[key]) if key in USUAL else None
    each = list(value) if isinstance(value, list | tuple) else [value]
    match key:
        case "at":
            return [str(time_of_day(one)) for one in each]
        case "days" | "except":
            return _days(each)
        case "play" | "zones":
            return each
        case "grace":
            return str(length("5s", "2h")(value))
    return (type(value), value)


def _days(each: list[object]) -> object:
    rules: list[DayRule] = []
    for one in each:
        found = days(one)
        if not isinstance(found, tuple):
            return each
        rules += found
    return frozenset(merged(rules))
