"""What the station says, put into the words of the page: sentences, fates, times of day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, flash

from broadcaster.model.people import Role
from broadcaster.model.words import Fate, Priority, Sentence
from webui import look
from webui.speaking import _, _l


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


FATES = {
    Fate.PLANNED: _l("等着播"),
    Fate.CLAIMED: _l("马上播"),
    Fate.ON_AIR: _l("正在播"),
    Fate.AIRED: _l("播完了"),
    Fate.INTERRUPTED: _l("没播完"),
    Fate.MISSED: _l("错过了"),
    Fate.REFUSED: _l("被拦下"),
    Fate.FAILED: _l("没播成"),
    Fate.SKIPPED: _l("不播"),
}


def fate(value: Fate) -> str:
    """What became of an airing, in a word."""
    return str(FATES[value])


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


ROLES = {
    Role.OWNER: _l("站长"),
    Role.APPROVER: _l("审批人"),
    Role.EDITOR: _l("写稿人"),
    Role.EMERGENCY: _l("紧急广播员"),
}


def role(value: Role) -> str:
    return str(ROLES[value])


PRIORITIES = {
    Priority.BACKGROUND: _l("背景"),
    Priority.ROUTINE: _l("平常"),
    Priority.URGENT: _l("要紧"),
    Priority.LIVE: _l("直播"),
    Priority.EMERGENCY: _l("紧急"),
}


def priority(value: Priority) -> str:
    return str(PRIORITIES[value])


def clock(instant: datetime, *, seconds: bool = False) -> str:
    return f"{instant:%H:%M:%S}" if seconds else f"{instant:%H:%M}"


WEEKDAYS = (_l("星期一"), _l("星期二"), _l("星期三"), _l("星期四"), _l("星期五"), _l("星期六"), _l("星期日"))


def day(value: date) -> str:
    """``11月24日 星期二``."""
    return _("%(month)s月%(day)s日 %(weekday)s", month=value.month, day=value.day, weekday=WEEKDAYS[value.weekday()])


def moment(instant: datetime, timezone: Any) -> str:
    """Date and time on the station's clock."""
    return f"{instant.astimezone(timezone):%Y-%m-%d %H:%M}"
