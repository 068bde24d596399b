"""What the station says, put into the words of the page: sentences, fates, times of day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, flash

from broadcaster.model.people import Role
from broadcaster.model.words import Fate, Priority, Sentence
from webui import look
from webui.speaking import _


def teach(app: Flask) -> None:
    """Give the templates their filters."""
    words = (said, zone, length_of, fate, fate_sign, clock, day, role, priority, moment)
    app.jinja_env.filters.update({one.__name__: one for one in words})


def said(sentence: Sentence | dict[str, str]) -> str:
    """In the language of the page."""
    if isinstance(sentence, dict):
        sentence = Sentence(sentence["zh"], sentence["en"])
    words = sentence.text(look.current().language)
    return words[:1].upper() + words[1:]


def tell(sentence: Sentence, *, is_good: bool = False) -> None:
    """Say it at the top of the next page."""
    flash({"zh": sentence.zh, "en": sentence.en}, "good" if is_good else "told")  # type: ignore[arg-type]


def fate(value: Fate) -> str:
    """What became of an airing, in a word."""
    return {
        Fate.PLANNED: _("等着播"),
        Fate.CLAIMED: _("马上播"),
        Fate.ON_AIR: _("正在播"),
        Fate.AIRED: _("播完了"),
        Fate.INTERRUPTED: _("没播完"),
        Fate.MISSED: _("错过了"),
        Fate.REFUSED: _("被拦下"),
        Fate.FAILED: _("没播成"),
        Fate.SKIPPED: _("不播"),
    }[value]


FATE_SIGNS = {
    Fate.PLANNED: "clock",
    Fate.CLAIMED: "hourglass-split",
    Fate.ON_AIR: "broadcast",
    Fate.AIRED: "check-circle-fill",
    Fate.INTERRUPTED: "scissors",
    Fate.MISSED: "exclamation-triangle-fill",
    Fate.REFUSED: "slash-circle-fill",
    Fate.FAILED: "x-octagon-fill",
    Fate.SKIPPED: "skip-forward-circle",
}


def fate_sign(value: Fate) -> str:
    return FATE_SIGNS[value]


def zone(name: str) -> str:
    """The name of a zone for people; the zone of everything has the same in every village."""
    return _("全村") if name == "all" else name


def length_of(length: timedelta | None) -> str:
    """``1:07``; a dash where it is not known."""
    if length is None:
        return "–"
    seconds = int(length.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def role(value: Role) -> str:
    return {
        Role.OWNER: _("站长"),
        Role.APPROVER: _("审批人"),
        Role.EDITOR: _("写稿人"),
        Role.EMERGENCY: _("紧急广播员"),
    }[value]


def priority(value: Priority) -> str:
    return {
        Priority.BACKGROUND: _("背景"),
        Priority.ROUTINE: _("平常"),
        Priority.URGENT: _("要紧"),
        Priority.LIVE: _("直播"),
        Priority.EMERGENCY: _("紧急"),
    }[value]


def clock(instant: datetime, *, seconds: bool = False) -> str:
    return f"{instant:%H:%M:%S}" if seconds else f"{instant:%H:%M}"


def day(value: date) -> str:
    """``11月24日 星期二``."""
    weekdays = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return _("%(month)s月%(day)s日 %(weekday)s", month=value.month, day=value.day, weekday=weekdays[value.weekday()])


def moment(instant: datetime, timezone: Any) -> str:
    """Date and time on the station's clock."""
    return f"{instant.astimezone(timezone):%Y-%m-%d %H:%M}"
