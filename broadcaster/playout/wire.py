"""Commands and reports ⇄ lines of JSON. An unknown kind, a missing key or a wrong type is refused by name."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from broadcaster.errors import DalabaError
from broadcaster.model.words import Sentence
from broadcaster.playout import cue

COMMANDS = {kind.__name__: kind for kind in (cue.Arm, cue.Stop, cue.EndLive, cue.GateRules, cue.KeepReady, cue.PutOff)}
REPORTS = {
    kind.__name__: kind
    for kind in (
        cue.Ready,
        cue.Armed,
        cue.Started,
        cue.Interrupted,
        cue.Finished,
        cue.NotAired,
        cue.Level,
        cue.Buffered,
        cue.Unsent,
        cue.Trouble,
        cue.Players,
        cue.Listened,
        cue.Deaf,
        cue.DeadAir,
        cue.Lost,
    )
}


class LineUnusable(DalabaError):
    """A line that is no message; it is left out and the next one is read."""


def encode(message: cue.Command | cue.Report | cue.Duty) -> str:
    """One line, without its end."""
    return json.dumps({"kind": type(message).__name__, **_packed(message)}, ensure_ascii=False)


def decode_command(line: str) -> cue.Command:
    """Raises LineUnusable."""
    return cast(cue.Command, _decode(line, COMMANDS))


def decode_report(line: str) -> cue.Report:
    """Raises LineUnusable."""
    return cast(cue.Report, _decode(line, REPORTS))


def decode_duty(line: str) -> cue.Duty:
    """Raises LineUnusable."""
    return cast(cue.Duty, _decode(line, {cue.Duty.__name__: cue.Duty}))


def _decode(line: str, kinds: dict[str, Any]) -> object:
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise TypeError("it is no object")
        kind = kinds[data.pop("kind")]
        return _unpacked(kind, data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"
        raise LineUnusable(Sentence(f"看不懂的消息：{why}", f"no message: {why}")) from error


def _packed(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _packed(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_packed(one) for one in value]
    if isinstance(value, datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    return value


def _unpacked(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _unpacked(next(one for one in get_args(kind) if one is not types.NoneType), value)
    if origin is tuple:
        return tuple(_unpacked(get_args(kind)[0], one) for one in value)
    if is_dataclass(kind):
        return _object(cast(type, kind), value)
    return _plain(kind, value)


def _object(kind: type, value: dict[str, Any]) -> Any:
    hints = _hints(kind)
    unknown = value.keys() - hints.keys()
    if unknown:
        raise KeyError(f"unknown {sorted(unknown)} in {kind.__name__}")
    return kind(**{name: _unpacked(hints[name], given) for name, given in value.items()})


def _plain(kind: Any, value: Any) -> Any:
    if kind in (datetime, time):
        moment = kind.fromisoformat(value)
        if kind is datetime and moment.tzinfo is None:
            raise ValueError(f"{value!r} has no offset")
        return moment
    base = getattr(kind, "__supertype__", kind)
    if isinstance(base, type) and issubclass(base, Enum):
        return base(value)
    if base is timedelta:
        return timedelta(seconds=value)
    if base is float and type(value) in (int, float):
        if not isfinite(value):
            raise ValueError(f"{value!r} is no number to work with")
        return float(value)
    if type(value) is not base:
        raise TypeError(f"{value!r} is no {base.__name__}")
    return value


@lru_cache
def _hints(kind: Callable[..., object]) -> dict[str, Any]:
    return get_type_hints(kind)
