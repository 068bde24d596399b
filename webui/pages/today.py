"""Today (今天): what is on the air, what comes, what was heard or missed and why; stop, skip, play, hold."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import Refused, StoreFailed
from broadcaster.model.airing import AiringId
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from broadcaster.station.status import Status
from webui import wording
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.speaking import _l
from webui.timeline import Row, rows_of
from webui.visitors import my_name, needs
from webui.wording import tell

today = Blueprint("today", __name__)
PAGE = Page(blueprint=today, title=_l("今天"), icon="sun-fill", home="today.page", order=10, is_in_bar=True)

QUIETEST_DBFS = -60.0
"""Of the level that is shown: below this it is silence."""
LONGEST_WHY = 60
PLAYED = Sentence(
    "马上播。原来的时间到了还会再播；不要再播，就按那一条的“这次不播”。",
    "On the air in a moment. It is heard at its own time as well, unless you press “leave this one out” there.",
)
HEADPHONES = "=headphones"
"""In the place of a zone: where texts are tried. No zone is called so."""
TRIED = Sentence(
    "在试听的耳机里放，喇叭上没有。不听了，在“马上播一条”里按“停掉试听”。",
    "It is heard on the headphones and on no horn. To end it, press “stop the headphones” under “play something now”.",
)
NO_HEADPHONES = Sentence(
    "没有试听的耳机，没有放。可以在稿件那一页用手机听。",
    "there are no headphones, so nothing was played. Listen on your phone on the page of the script.",
)
NO_TIME = Sentence(
    "时间没有看懂。请写成“18:00”这样，并且是今天还没到的时间。",
    "that time was not understood. Write a time of today that is still to come, like '18:00'.",
)


@today.get("/")
def start() -> ResponseReturnValue:
    return redirect(url_for("today.page"), 303)


@today.get("/today")
def page() -> str:
    return render_template("today/page.html", **_day())


@today.get("/today/part")
def part() -> str:
    """What changes of the page, for the script that keeps it fresh."""
    return render_template("today/_day.html", **_day())


@today.get("/today/live")
def live() -> Response:
    """How far everything is, once a second; ``stamp`` changes when the page has to be shown anew."""
    day = _day()
    status: Status = day["status"]
    told = [
        {
            "airing": one.entry.airing,
            "heard_s": round(one.heard.total_seconds(), 1),
            "length_s": round(one.length.total_seconds(), 1) if one.length else None,
            "plays": one.plays,
        }
        for one in status.on_air
    ]
    return jsonify({"stamp": day["stamp"], "on_air": told, "level": day["level"], "now": f"{status.now:%H:%M:%S}"})


@today.post("/today/stop")
def stop() -> ResponseReturnValue:
    """Whoever is signed in may stop what is heard."""
    airing = request.form.get("airing") or None
    stopped = station().stop(AiringId(airing) if airing else None, who=my_name())
    for one in stopped:
        doorkeeper().note(my_name(), "airing.stop", one, "on_air", "stopped")
    if stopped:
        tell(Sentence("已经停了。", "It is stopped."), is_good=True)
    else:
        tell(Sentence("现在没有在播的。", "Nothing is on the air."))
    return _back()


@today.post("/today/skip")
@needs(Right.AIR)
def skip() -> ResponseReturnValue:
    """Leave one airing out of today's plan."""
    airing = AiringId(request.form.get("airing", ""))
    station().skip(airing, who=my_name())
    doorkeeper().note(my_name(), "airing.skip", airing, "planned", "skipped")
    tell(Sentence("这一次不播了，别的照常。", "This one is left out; all else stays."), is_good=True)
    return _back()


@today.post("/today/play")
@needs(Right.AIR)
def play() -> ResponseReturnValue:
    """Put a slot or a script on the air now, where it belongs or in one zone; or on headphones, which is no airing."""
    what, zones = request.form.get("what", ""), tuple(zone for zone in request.form.getlist("zone") if zone)
    if HEADPHONES in zones:
        tried = station().try_out(what, who=my_name()).outputs
        tell(TRIED if tried else NO_HEADPHONES, is_good=bool(tried))
        return _back()
    airing = station().play(what, who=my_name(), zones=zones)
    doorkeeper().note(my_name(), "airing.play", airing, "", " ".join(zones))
    tell(PLAYED, is_good=True)
    return _back()


@today.post("/today/play/headphones/stop")
@needs(Right.AIR)
def stop_trying() -> ResponseReturnValue:
    """The headphones are silent again."""
    station().stop_trying(who=my_name())
    tell(Sentence("试听停了。", "The headphones are silent."), is_good=True)
    return _back()


@today.app_context_processor
def where() -> dict[str, Any]:
    """For the forms that play something: whether headphones are among the places."""
    return {"has_headphones": lambda: any(one.is_monitor for one in station().status().outputs)}


@today.post("/today/hold")
@needs(Right.AIR)
def hold() -> ResponseReturnValue:
    """Silence until a time of today, or until its end; emergencies are heard all the same."""
    now = station().now()
    why = request.form.get("why", "").strip()[:LONGEST_WHY]
    until = _until(request.form.get("until", ""), now)
    station().hold(until, who=my_name(), why=why)
    doorkeeper().note(my_name(), "station.hold", f"{until:%Y-%m-%d %H:%M}", "", why)
    tell(
        Sentence(f"{until:%H:%M} 以前都不播了，紧急广播除外。", f"Silence until {until:%H:%M}, but for emergencies."),
        is_good=True,
    )
    return _back()


@today.post("/today/lift")
@needs(Right.AIR)
def lift() -> ResponseReturnValue:
    """The silence is over."""
    held = station().lift(who=my_name())
    doorkeeper().note(my_name(), "station.lift", f"{held.until.astimezone(station().about().timezone):%Y-%m-%d %H:%M}")
    tell(Sentence("恢复播出了，后面的照常播。", "The air is open again; what comes is heard as planned."), is_good=True)
    return _back()


@today.post("/today/clock")
@needs(Right.AIR)
def clock() -> ResponseReturnValue:
    """A person looked at the clock, and it is right."""
    station().trust_clock(who=my_name())
    doorkeeper().note(my_name(), "clock.trust", f"{station().now():%Y-%m-%d %H:%M}")
    tell(Sentence("已经相信现在的时间，开始照常播。", "The clock is believed now, and the air begins."), is_good=True)
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("today.page"), 303)


def _until(given: str, now: datetime) -> datetime:
    """The instant that a person means by ``18:00`` or ``end`` (of the day). Raises Refused."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    if given == "end":
        return midnight
    try:
        until = datetime.combine(now.date(), time.fromisoformat(given.strip().replace("：", ":")), now.tzinfo)
    except ValueError as error:
        raise Refused(NO_TIME) from error
    if until <= now:
        raise Refused(NO_TIME)
    return until


def _day() -> dict[str, Any]:
    """All that the page shows of today."""
    status = station().status()
    plan = station().plan()[0]
    midnight = datetime.combine(plan.day, time(), status.now.tzinfo)
    try:
        log = station().log(midnight, midnight + timedelta(days=1))
    except StoreFailed:
        log = []  # the fault is among the faults of the status
    rows = rows_of(plan, log)
    return {
        "status": status,
        "notes": plan.notes,
        "slots": list({row.slot: row.title for row in rows if row.is_of_the_timetable}.items()),
        "rows": rows,
        "coming": next((row for row in rows if row.is_to_come), None),
        "level": _level(status),
        "stamp": _stamp(status, rows),
    }


def _level(status: Status) -> int:
    """0 to 100: how loud the loudest output is that the village hears."""
    levels = (one.rms_dbfs for one in status.outputs if one.rms_dbfs is not None and not one.is_monitor)
    loudest = max(levels, default=QUIETEST_DBFS)
    return round(100 * min(1.0, max(0.0, 1 - loudest / QUIETEST_DBFS))) if status.on_air else 0


def _stamp(status: Status, rows: list[Row]) -> str:
    shown = (
        rows,
        [(one.entry.airing, one.is_waiting) for one in status.on_air],
        [fault.what for fault in status.faults],
        status.hold,
        status.night,
        status.is_clock_trusted,
        status.is_quiet,
        wording.day(status.now),
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
