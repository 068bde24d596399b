"""The tables [[slot]] → slots: when, what, where, how urgent."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import chain

from broadcaster.model.days import Daily, DayRule
from broadcaster.model.hours import QuietHours
from broadcaster.model.timetable import Slot, SlotId
from broadcaster.model.words import IfInterrupted, Priority, Sentence
from broadcaster.schedule.complaints import Complaints, shown
from broadcaster.schedule.days import days
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.play import source
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import choice, day, file_name, flag, length, name, str_of, time_of_day, whole, words

MOST_SLOTS = 2_000
MOST_REPEATS = 10
SLOT_ID = Sentence("时段的 id", "slot id")
RESERVED = re.compile(r"emergency|drill|all-clear|correction|live|now-.*", re.IGNORECASE)
"""Ids that the station gives to what people sound by hand."""
PRIORITIES = {rung.word: rung for rung in (Priority.BACKGROUND, Priority.ROUTINE, Priority.URGENT)}
BY_HAND_ONLY = {rung.word for rung in (Priority.LIVE, Priority.EMERGENCY)}


def read_slots(value: object, quiet_hours: tuple[QuietHours, ...], complaints: Complaints) -> tuple[Slot, ...]:
    """The slots that can be used, in the order of the file."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        complaints.error(
            "slot",
            Sentence(
                f"{shown(value)} 的写法不对。每个时段前面单独写一行 [[slot]]，两层方括号。",
                f"{shown(value)} is not how slots are written. Begin each with a line [[slot]], in double brackets.",
            ),
        )
        return ()
    if len(value) > MOST_SLOTS:
        complaints.error(
            "slot",
            Sentence(
                f"有 {len(value)} 个时段，最多 {MOST_SLOTS} 个。请删掉不用的，或者把几个时间写在一个时段的 at 里。",
                f"there are {len(value)} slots, at most {MOST_SLOTS} are allowed. Take out what is not used, "
                "or write several times in the at of one slot.",
            ),
        )
        return ()
    tables = [Table(_path(number, values), values, complaints) for number, values in enumerate(value, start=1)]
    _complain_of_doubles(tables)
    return tuple(slot for table in tables if not complaints.is_full and (slot := _slot(table, quiet_hours)) is not None)


def _path(number: int, values: dict[str, object]) -> str:
    """``slot.ID``; the slot's number in the file where the id cannot be used."""
    id_ = values.get("id")
    return f"slot.{number if isinstance(name(SLOT_ID)(id_), Sentence) else id_}"


def _complain_of_doubles(tables: list[Table]) -> None:
    first: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        id_ = table.values.get("id")
        if not isinstance(id_, str):
            continue
        before = first.setdefault(id_.casefold(), number)
        if before != number:
            table.complain(
                "id",
                Sentence(
                    f"{shown(id_)} 用了两次（第 {before} 个和第 {number} 个时段）。每个时段的 id 要不一样。",
                    f"{shown(id_)} is used twice, by slots number {before} and {number}. "
                    "Give each slot an id of its own.",
                ),
            )


def _slot(table: Table, quiet_hours: tuple[QuietHours, ...]) -> Slot | None:
    """The slot as far as it can be read; None where there is nothing to make one of."""
    table.only(KEYS["slot"])
    id_ = _id(table)
    at = _times(table, quiet_hours)
    first_day, last_day = _season(table)
    _needed(table, "play")
    usual = Slot(id=SlotId(""), at=(), play=())
    slot = Slot(
        id=SlotId(id_),
        title=table.read("title", words(100), usual.title),
        at=at,
        days=_rules(table, "days") or (Daily(),),
        except_days=_rules(table, "except"),
        first_day=first_day,
        last_day=last_day,
        play=table.read_each("play", source, ()),
        repeat=table.read("repeat", whole(1, MOST_REPEATS), usual.repeat),
        zones=table.read_each("zones", words(60, may_be_empty=False), usual.zones),
        priority=table.read("priority", _priority, usual.priority),
        grace=table.read("grace", length("5s", "2h"), usual.grace),
        if_interrupted=table.read(
            "if_interrupted",
            choice(Sentence("做法", "way to go on"), {way.value: way for way in IfInterrupted}),
            usual.if_interrupted,
        ),
        voice=table.read("voice", words(60, may_be_empty=False), usual.voice),
        chime=table.read("chime", _chime, None),
        is_paused=table.read("paused", flag, usual.is_paused),
    )
    return slot if id_ else None


def _needed(table: Table, key: str) -> bool:
    """Whether *key* is there; complains when it is not."""
    if key in table.values:
        return True
    example = {"id": 'id = "morning-study"', "at": 'at = "07:30"', "play": 'play = ["next:study"]'}[key]
    table.complain(
        key, Sentence(f"还没有写。请加上一行，例如 {example}。", f"it is missing. Add a line like {example}.")
    )
    return False


def _id(table: Table) -> str:
    if not _needed(table, "id"):
        return ""
    id_ = table.read("id", name(SLOT_ID), "")
    if RESERVED.fullmatch(id_):
        table.complain(
            "id",
            Sentence(
                f"{shown(id_)} 留给站里自己用。请换一个，例如 'morning-study'。",
                f"{shown(id_)} is kept for the station's own use. Choose another, for example 'morning-study'.",
            ),
        )
    return id_


def _times(table: Table, quiet_hours: tuple[QuietHours, ...]) -> tuple[time, ...]:
    if not _needed(table, "at"):
        return ()
    times = table.read_each("at", time_of_day, ())
    for moment in sorted({moment for moment in times if times.count(moment) > 1}):
        table.complain(
            "at",
            Sentence(
                f"'{_clock(moment)}' 写了两次。请去掉一个；要念两遍请写 repeat = 2。",
                f"'{_clock(moment)}' is there twice. Take one out; to have it said twice, write repeat = 2.",
            ),
        )
    for moment in dict.fromkeys(times):
        for hours in quiet_hours:
            if hours.contains(moment):
                table.complain("at", _in_quiet_hours(moment, hours))
    return times


def _in_quiet_hours(moment: time, hours: QuietHours) -> Sentence:
    span = f"{_clock(hours.start)}-{_clock(hours.end)}"
    return Sentence(
        f"'{_clock(moment)}' 在静音时段 {span} 里，那时只有紧急广播能响。请改到这段时间以外。",
        f"'{_clock(moment)}' lies in the quiet hours {span}, when only an emergency may sound. "
        "Choose a time outside them.",
    )


def _clock(moment: time) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _rules(table: Table, key: str) -> tuple[DayRule, ...]:
    if key == "except" and table.values.get(key) == []:
        return ()
    return tuple(dict.fromkeys(chain.from_iterable(table.read_each(key, days, ()))))


def _season(table: Table) -> tuple[date | None, date | None]:
    first: date | None = table.read("from", day, None)
    last: date | None = table.read("until", day, None)
    if first is not None and last is not None and first > last:
        table.complain(
            "until",
            Sentence(
                f"'{last}' 在 from 的 '{first}' 前面，一天也播不到。请对调，或者改日期。",
                f"'{last}' is before '{first}' of from, so no day is left. Swap them or correct the date.",
            ),
        )
    return first, last


def _priority(value: object) -> Priority | Sentence:
    word = str_of(value).strip().lower()
    if word in BY_HAND_ONLY:
        return Sentence(
            f"{shown(value)} 不能写进节目表：紧急广播和直播要由人当场发起。请写 'urgent'、'routine' 或 'background'。",
            f"{shown(value)} cannot be in the timetable: a person starts an emergency or a live broadcast. "
            "Write 'urgent', 'routine' or 'background'.",
        )
    return choice(Sentence("级别", "priority"), PRIORITIES)(value)


def _chime(value: object) -> str | Sentence | None:
    return file_name("audio/chimes/", (".wav",))(value)
