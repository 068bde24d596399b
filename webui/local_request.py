"""The JSON of a request at the local door, checked. What is no such thing raises ValueError, and is answered 400."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request


def body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("JSON object expected")
    return body


def text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"{name!r} must be text")
    return value


def count(body: dict[str, Any], name: str) -> int:
    value = body.get(name, 0)
    if not isinstance(value, int) or not 0 <= value <= 1000:
        raise ValueError(f"{name!r} must be 0 to 1000")
    return value


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return moment


def seconds(body: dict[str, Any], name: str) -> float | None:
    """None: it is not given."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1_000_000:
        raise ValueError(f"{name!r} must be seconds")
    return float(value)
