"""Slots, days and sources in the words of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from flask import Blueprint

from broadcaster.model.days import DayOff
from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayRecording, PlayScript, Source
from broadcaster.model.words import IfInterrupted, Priority
from webui.speaking import _, _l
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


WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
LETTERS = (_l("一"), _l("二"), _l("三"), _l("四"), _l("五"), _l("六"), _l("日"))


def weekday(value: date) -> str:
    return str(WEEKDAYS[value.weekday()])


def weekday_letter(value: date) -> str:
    return str(LETTERS[value.weekday()])


FOLDERS = {
    "study": _l("每天学一点"),
    "policy": _l("政策和健康"),
    "notice": _l("村里的事"),
    "season": _l("时令"),
    "event": _l("临时的事"),
    "leaderboard": _l("学习榜"),
    "emergency": _l("紧急"),
}


def folder(name: str) -> str:
    """A folder of scripts as people call it."""
    return f"{FOLDERS[name]}（{name}）" if name in FOLDERS else name


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


SLOT_KEYS = {
    "title": _l("叫什么"),
    "at": _l("几点播"),
    "days": _l("哪些天播"),
    "except": _l("哪些天不播"),
    "from": _l("从哪天起"),
    "until": _l("到哪天止"),
    "play": _l("播什么"),
    "repeat": _l("念几遍"),
    "zones": _l("在哪里播"),
    "priority": _l("要紧不要紧"),
    "grace": _l("最多等多久"),
    "if_interrupted": _l("被打断以后"),
    "voice": _l("谁的声音"),
    "chime": _l("开头的提示音"),
    "paused": _l("停着"),
}


def slot_key(key: str) -> str:
    return str(SLOT_KEYS.get(key, key))


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
