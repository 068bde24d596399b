"""Slots, days and sources in the words of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from flask import Blueprint

from broadcaster.model.days import DayOff
from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayRecording, PlayScript, Source
from broadcaster.model.words import IfInterrupted, Priority
from webui.speaking import _
from webui.wording import priority, zone

SOURCES: dict[str, Callable[[str], Source]] = {
    "script": PlayScript,
    "next": PlayNext,
    "latest": PlayLatest,
    "leaderboard": PlayLeaderboard,
    "recording": PlayRecording,
}


def teach(pages: Blueprint) -> None:
    """Give the templates their filters and tests."""
    for one in (off_sign, off_words, day_short, day_number, weekday, weekday_letter, source_words, slot_key, key_words):
        pages.app_template_filter(one.__name__)(one)
    pages.app_template_test("time_of_day")(lambda words: words == "" or _is(time.fromisoformat, words))
    pages.app_template_test("iso_day")(lambda words: words == "" or _is(date.fromisoformat, words))


def _is(read: Callable[[str], object], words: str) -> bool:
    try:
        read(words)
    except ValueError:
        return False
    return words[2:3] == ":" or len(words) == len("2026-12-01")


def off_sign(off: DayOff) -> str:
    return {DayOff.OFF: _("休"), DayOff.MAKE_UP: _("班")}[off]


def off_words(off: DayOff) -> str:
    return {DayOff.OFF: _("放假"), DayOff.MAKE_UP: _("调休上班")}[off]


def day_short(value: date) -> str:
    return _("%(month)s月%(day)s日", month=value.month, day=value.day)


def day_number(value: date) -> str:
    return f"{value.month}/{value.day}"


def weekday(value: date) -> str:
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[value.weekday()]


def weekday_letter(value: date) -> str:
    return (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))[value.weekday()]


def folder(name: str) -> str:
    """A folder of scripts as people call it."""
    words = {
        "study": _("每天学一点"),
        "policy": _("政策和健康"),
        "notice": _("村里的事"),
        "season": _("时令"),
        "event": _("临时的事"),
        "leaderboard": _("学习榜"),
        "emergency": _("紧急"),
    }
    return f"{words[name]}（{name}）" if name in words else name


def source_words(source: Source | str) -> str:
    """What is played, for people; what cannot be read stays as it is written."""
    if isinstance(source, str):
        kind, colon, name = source.partition(":")
        if not colon or kind not in SOURCES:
            return source
        source = SOURCES[kind](name)
    match source:
        case PlayScript(name):
            return _("稿子 %(name)s", name=name)
        case PlayNext(name):
            return _("轮着念 %(folder)s", folder=folder(name))
        case PlayLatest(name):
            return _("最新的 %(folder)s", folder=folder(name))
        case PlayLeaderboard(name):
            return _("学习榜 %(name)s", name=name)
        case PlayRecording(file):
            return _("录音 %(file)s", file=file)


def slot_key(key: str) -> str:
    return {
        "title": _("叫什么"),
        "at": _("几点播"),
        "days": _("哪些天播"),
        "except": _("哪些天不播"),
        "from": _("从哪天起"),
        "until": _("到哪天止"),
        "play": _("播什么"),
        "repeat": _("念几遍"),
        "zones": _("在哪里播"),
        "priority": _("要紧不要紧"),
        "grace": _("最多等多久"),
        "if_interrupted": _("被打断以后"),
        "voice": _("谁的声音"),
        "chime": _("开头的提示音"),
        "paused": _("停着"),
    }.get(key, key)


def key_words(value: object, key: str) -> str:
    """What stands in the file under *key*, for people."""
    each = value if isinstance(value, list) else [value]
    return _("、").join(_word(one, key) for one in each) or "–"


def _word(value: object, key: str) -> str:
    word = str(value)
    match key, value:
        case _, bool():
            return _("是") if value else _("否")
        case "days" | "except", str():
            return day_words(word)
        case "play", str():
            return source_words(word)
        case "zones", str():
            return zone(word)
        case "priority", ("routine" | "urgent" | "background"):
            return priority(Priority[word.upper()])
        case "if_interrupted", ("resume" | "restart" | "drop"):
            return interrupted(IfInterrupted(word))
        case "voice", "default":
            return _("平常的声音")
        case "grace", str():
            return word.replace("m", _("分钟")).replace("h", _("小时")) if word[:-1].isdigit() else word
    return word or _("不要")


def day_words(word: str) -> str:
    """The commonest ways to write days, in words; others were written by people for people."""
    names = {"daily": _("每天"), "workdays": _("工作日"), "holidays": _("节假日"), "weekdays": _("周一至周五")}
    names |= dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _weekdays(), strict=True))
    if word in names:
        return names[word]
    first, dash, last = word.partition("-")
    if dash and first in names and last in names:
        return _("%(first)s至%(last)s", first=names[first], last=names[last])
    return word


def _weekdays() -> tuple[str, ...]:
    return tuple(weekday(date(2024, 1, number)) for number in range(1, 8))


def interrupted(value: IfInterrupted) -> str:
    return {
        IfInterrupted.RESUME: _("接着播"),
        IfInterrupted.RESTART: _("从头播"),
        IfInterrupted.DROP: _("不播了"),
    }[value]
