"""Instants as the database keeps them: text that people can read, and a number that can be searched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_text(moment: datetime) -> str:
    """ISO 8601 with the offset of the station's zone."""
    return _aware(moment).isoformat()


def to_text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def to_microseconds(moment: datetime) -> int:
    """Since 1970 in UTC; exact, and the same for the same instant in any zone."""
    return (_aware(moment) - EPOCH) // timedelta(microseconds=1)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("only aware instants are stored")
    return moment
