"""The form of one slot: what was typed ⇄ the keys of schedule.toml. What is right is left to the station's parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from werkzeug.datastructures import MultiDict

from broadcaster.model.words import Complaint, Severity

Boxes = Callable[[object], tuple[frozenset[str], tuple[str, ...]]]

TICKS = ("daily", "workdays", "holidays", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_EACH = 12
LONGEST = 400
FREE_TIMES = 2
FREE_PLAYS = 1
_SEPARATORS = re.compile(r"[,;、，；\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotForm:
    """What stands in the form; names are those of the fields."""

    title: str = ""
    at: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ("daily",)
    other_days: str = ""
    except_days: str = ""
    first_day: str = ""
    last_day: str = ""
    play: tuple[str, ...] = ()
    repeat: str = "1"
    zones: tuple[str, ...] = ("all",)
    priority: str = "routine"
    grace: str = "10m"
    if_interrupted: str = "resume"
    voice: str = "default"
    chime: str = "usual"
    """``usual``: that of the station; ``none``; or ``=NAME``."""
    is_paused: bool = False
    complaints: Mapping[str, tuple[Complaint, ...]] = field(default_factory=dict)
    """By key; those of no field of the form under an empty one."""

    @property
    def times(self) -> tuple[str, ...]:
        """With empty boxes for more."""
        return self.at + ("",) * FREE_TIMES

    @property
    def plays(self) -> tuple[str, ...]:
        return self.play + ("",) * FREE_PLAYS

    def wrong(self, *keys: str) -> list[Complaint]:
        """What to say beside the field of these keys."""
        return [complaint for key in keys for complaint in self.complaints.get(key, ())]

    def fields(self) -> list[tuple[str, str]]:
        """Everything once more, for the hidden fields of the page that shows what it means."""
        several = [("at", each) for each in self.at] + [("tick", each) for each in self.ticks]
        several += [("play", each) for each in self.play] + [("zone", each) for each in self.zones]
        single = [
            ("title", self.title),
            ("other_days", self.other_days),
            ("except_days", self.except_days),
            ("first_day", self.first_day),
            ("last_day", self.last_day),
            ("repeat", self.repeat),
            ("priority", self.priority),
            ("grace", self.grace),
            ("if_interrupted", self.if_interrupted),
            ("voice", self.voice),
            ("chime", self.chime),
        ]
        return several + single + ([("paused", "on")] if self.is_paused else [])

    def values(self) -> dict[str, object]:
        """The keys of schedule.toml. Words that are no number or date stay words, so that the parser can say so."""
        chime = {"usual": None, "none": ""}.get(self.chime, self.chime.removeprefix("="))
        return {
            "title": self.title,
            "at": _one_or_more(self.at),
            "days": [*joined(self.ticks), *pieces(self.other_days)],
            "except": pieces(self.except_days),
            "from": _day(self.first_day),
            "until": _day(self.last_day),
            "play": list(self.play),
            "repeat": int(self.repeat) if self.repeat.isascii() and self.repeat.isdigit() else self.repeat,
            "zones": list(self.zones),
            "priority": self.priority,
            "grace": self.grace,
            "if_interrupted": self.if_interrupted,
            "voice": self.voice,
            "chime": chime,
            "paused": self.is_paused,
        }


def sent(form: MultiDict[str, str]) -> SlotForm:
    """What a person sent."""

    def one(name: str, usual: str = "") -> str:
        return _plain(form.get(name, usual))

    def each(name: str) -> tuple[str, ...]:
        found = (_plain(word) for word in form.getlist(name)[:MOST_EACH])
        return tuple(dict.fromkeys(word for word in found if word)) if name != "at" else tuple(filter(None, found))

    play = (*each("play"), *(f"script:{name}" for name in [one("play_script")] if name))
    return SlotForm(
        title=one("title"),
        at=tuple(moment.replace("：", ":") for moment in each("at")),
        ticks=tuple(tick for tick in TICKS if tick in form.getlist("tick")),
        other_days="、".join([*pieces(one("other_days")), *_built(form)]),
        except_days=one("except_days"),
        first_day=one("first_day"),
        last_day=one("last_day"),
        play=play,
        repeat=one("repeat", "1"),
        zones=each("zone"),
        priority=one("priority", "routine"),
        grace=one("grace", "10m"),
        if_interrupted=one("if_interrupted", "resume"),
        voice=one("voice", "default"),
        chime=one("chime", "usual"),
        is_paused="paused" in form,
    )


def of_slot(values: Mapping[str, Any], boxes: Boxes) -> SlotForm:
    """What stands in the file."""
    usual = SlotForm()
    ticks, words = boxes(values.get("days", "daily"))
    _, except_words = boxes([])
    except_words = tuple(_said(one) for one in _list(values.get("except", [])))
    chime = values.get("chime")
    return SlotForm(
        title=str(values.get("title", "")),
        at=tuple(_said(one) for one in _list(values.get("at", []))),
        ticks=tuple(tick for tick in TICKS if tick in ticks),
        other_days="、".join(words),
        except_days="、".join(except_words),
        first_day=_said(values.get("from", "")),
        last_day=_said(values.get("until", "")),
        play=tuple(str(one) for one in _list(values.get("play", []))),
        repeat=str(values.get("repeat", usual.repeat)),
        zones=tuple(str(one) for one in _list(values.get("zones", ["all"]))),
        priority=str(values.get("priority", usual.priority)),
        grace=str(values.get("grace", usual.grace)),
        if_interrupted=str(values.get("if_interrupted", usual.if_interrupted)),
        voice=str(values.get("voice", usual.voice)),
        chime="usual" if chime is None else f"={chime}" if chime else "none",
        is_paused=values.get("paused") is True,
    )


def beside_fields(complaints: Iterable[Complaint], slot: str) -> dict[str, tuple[Complaint, ...]]:
    """Each complaint under the key that it is about, what is wrong before what is only worth knowing."""
    found: dict[str, list[Complaint]] = {}
    prefix = f"slot.{slot}."
    for complaint in sorted(complaints, key=lambda one: one.severity is not Severity.ERROR):
        key = complaint.path.removeprefix(prefix) if complaint.path.startswith(prefix) else ""
        found.setdefault(key, []).append(complaint)
    return {key: tuple(those) for key, those in found.items()}


def pieces(words: str) -> list[str]:
    """Several days in one line, each by itself."""
    return [piece.strip() for piece in _SEPARATORS.split(words) if piece.strip()]


def joined(ticks: Iterable[str]) -> list[str]:
    """``mon tue wed sat`` → ``mon-wed``, ``sat``."""
    ticked = [tick for tick in TICKS if tick in set(ticks)]
    runs: list[list[str]] = []
    for tick in ticked:
        place = TICKS.index(tick)
        if runs and place > TICKS.index("mon") and runs[-1][-1] == TICKS[place - 1]:
            runs[-1].append(tick)
        else:
            runs.append([tick])
    return [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def _built(form: MultiDict[str, str]) -> list[str]:
    """Days put together from the boxes for rarer ones."""
    built = []
    if form.get("nth") and form.get("nth_weekday"):
        built.append(f"{form['nth']} {form['nth_weekday']}")
    if form.get("month_day"):
        built.append(f"每月{form['month_day']}日")
    if form.get("lunar_month") and form.get("lunar_day"):
        built.append(f"农历{form['lunar_month']}{form['lunar_day']}")
    if form.get("term"):
        built.append(form["term"])
    if form.get("span_first"):
        last = form.get("span_last") or form["span_first"]
        built.append(f"{form['span_first']}..{last}" if last != form["span_first"] else last)
    return [one[:60] for one in built]


def _plain(words: str) -> str:
    """One line, without the invisible signs that come along when people paste."""
    return "".join(char for char in " ".join(words.split()) if char.isprintable())[:LONGEST]


def _one_or_more(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)


def _day(words: str) -> object:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        return words


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _said(value: object) -> str:
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
