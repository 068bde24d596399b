"""Spans in which people want silence: hold and lift, one after the other → what is held when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from broadcaster.model.airing import Change, Hold, Lift
from broadcaster.model.words import Sentence


def holds_of(changes: Iterable[Change]) -> tuple[Hold, ...]:
    """The holds of *changes*, in their order, each cut short where it was lifted or replaced by a later one."""
    found: list[Hold] = []
    for change in changes:
        match change:
            case Hold(since=at):
                found = [_ended(one, at) for one in found] + [change]
            case Lift(at=at):
                found = [_ended(one, at) for one in found]
    return tuple(one for one in found if one.since < one.until)


def hold_at(holds: Iterable[Hold], moment: datetime) -> Hold | None:
    """The hold that covers *moment*; None: nothing is held."""
    return next((one for one in holds if one.since <= moment < one.until), None)


def why_held(hold: Hold, until: str) -> Sentence:
    """For the plan and the log; *until* as people say it."""
    why, because = (f"：{hold.why}", f": {hold.why}") if hold.why else ("", "")
    return Sentence(f"{hold.who} 让 {until} 以前都不播{why}", f"{hold.who} wants silence until {until}{because}")


def _ended(hold: Hold, at: datetime) -> Hold:
    return replace(hold, until=min(hold.until, at))
