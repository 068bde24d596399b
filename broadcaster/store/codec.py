"""A change that a person made ⇄ plain JSON."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from broadcaster.model.airing import AiringId, Change, Hold, Lift, Move, PlayNow, Skip
from broadcaster.model.days import (
    Daily,
    DateSpan,
    DayRule,
    Holidays,
    LunarDay,
    MonthDay,
    NthWeekday,
    SolarTerm,
    Weekdays,
    Workdays,
)
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Slot,
    SlotId,
    Source,
)
from broadcaster.model.words import IfInterrupted, Priority

Json = dict[str, Any]

RULES: dict[str, type[DayRule]] = {
    rule.__name__: rule
    for rule in (Daily, Weekdays, Workdays, Holidays, NthWeekday, MonthDay, DateSpan, LunarDay, SolarTerm)
}
SOURCES: dict[str, type[Source]] = {
    "script": PlayScript,
    "next": PlayNext,
    "latest": PlayLatest,
    "leaderboard": PlayLeaderboard,
    "recording": PlayRecording,
}


def change_to_json(change: Change) -> Json:
    match change:
        case Skip():
            return {"change": "skip", "airing": change.airing, "who": change.who, "why": change.why}
        case Move():
            return {"change": "move", "airing": change.airing, "to": change.to.isoformat(), "who": change.who}
        case PlayNow():
            slot = _slot_to_json(change.slot)
            return {"change": "play_now", "slot": slot, "at": change.at.isoformat(), "who": change.who}
        case Hold():
            span = {"since": change.since.isoformat(), "until": change.until.isoformat()}
            return {"change": "hold", **span, "who": change.who, "why": change.why}
        case Lift():
            return {"change": "lift", "at": change.at.isoformat(), "who": change.who}


def change_from_json(json: Json) -> Change:
    """Raises KeyError, TypeError or ValueError for JSON that is no change."""
    match json["change"]:
        case "skip":
            return Skip(airing=AiringId(json["airing"]), who=json["who"], why=json["why"])
        case "move":
            return Move(airing=AiringId(json["airing"]), to=datetime.fromisoformat(json["to"]), who=json["who"])
        case "play_now":
            slot = _slot_from_json(json["slot"])
            return PlayNow(slot=slot, at=datetime.fromisoformat(json["at"]), who=json["who"])
        case "hold":
            since, until = datetime.fromisoformat(json["since"]), datetime.fromisoformat(json["until"])
            return Hold(since=since, until=until, who=json["who"], why=json["why"])
        case "lift":
            return Lift(at=datetime.fromisoformat(json["at"]), who=json["who"])
        case other:
            raise ValueError(f"there is no change called {other!r}")


def _slot_to_json(slot: Slot) -> Json:
    return {
        "id": slot.id,
        "title": slot.title,
        "at": [moment.isoformat() for moment in slot.at],
        "days": [_rule_to_json(rule) for rule in slot.days],
        "except_days": [_rule_to_json(rule) for rule in slot.except_days],
        "first_day": _date_to_json(slot.first_day),
        "last_day": _date_to_json(slot.last_day),
        "play": [_source_to_json(source) for source in slot.play],
        "repeat": slot.repeat,
        "zones": list(slot.zones),
        "priority": slot.priority.word,
        "grace_s": slot.grace.total_seconds(),
        "if_interrupted": slot.if_interrupted.value,
        "voice": slot.voice,
        "chime": slot.chime,
    }


def _slot_from_json(json: Json) -> Slot:
    return Slot(
        id=SlotId(json["id"]),
        title=json["title"],
        at=tuple(time.fromisoformat(moment) for moment in json["at"]),
        days=tuple(_rule_from_json(rule) for rule in json["days"]),
        except_days=tuple(_rule_from_json(rule) for rule in json["except_days"]),
        first_day=_date_from_json(json["first_day"]),
        last_day=_date_from_json(json["last_day"]),
        play=tuple(_source_from_json(source) for source in json["play"]),
        repeat=json["repeat"],
        zones=tuple(json["zones"]),
        priority=Priority[json["priority"].upper()],
        grace=timedelta(seconds=json["grace_s"]),
        if_interrupted=IfInterrupted(json["if_interrupted"]),
        voice=json["voice"],
        chime=json["chime"],
    )


def _source_to_json(source: Source) -> Json:
    kind = next(kind for kind, type_ in SOURCES.items() if type_ is type(source))
    (field,) = fields(source)
    return {kind: getattr(source, field.name)}


def _source_from_json(json: Json) -> Source:
    ((kind, value),) = json.items()
    return SOURCES[kind](value)


def _rule_to_json(rule: DayRule) -> Json:
    return {"rule": type(rule).__name__} | {field.name: _plain(getattr(rule, field.name)) for field in fields(rule)}


def _rule_from_json(json: Json) -> DayRule:
    values = {name: value for name, value in json.items() if name != "rule"}
    match json["rule"]:
        case "Weekdays":
            return Weekdays(frozenset(values["days"]))
        case "DateSpan":
            return DateSpan(date.fromisoformat(values["first"]), date.fromisoformat(values["last"]))
        case name:
            return RULES[name](**values)


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(value)
        case date():
            return value.isoformat()
        case _:
            return value


def _date_to_json(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date_from_json(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
