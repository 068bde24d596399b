"""Log in depth: entries by days, zone, fate and words; clip and text of each; the paper books; minutes of sound."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from broadcaster.errors import StoreFailed
from broadcaster.model.airing import AiringId
from broadcaster.model.logbook import LogQuestion, Place
from broadcaster.model.words import Fate
from webui import bookfiles, books
from webui.pages.log import record
from webui.parts import station
from webui.soundchart import chart
from webui.timeline import row_of

SHOWN = 50
LONGEST_TEXT = 60
MOST_DAYS_ON_PAPER = 92
MOST_DAYS_CHARTED = 31
TROUBLES = frozenset({Fate.MISSED, Fate.FAILED, Fate.REFUSED, Fate.INTERRUPTED})
CHOICES: dict[str, frozenset[Fate]] = {"": frozenset(), "trouble": TROUBLES} | {
    fate.value: frozenset({fate})
    for fate in (Fate.AIRED, Fate.INTERRUPTED, Fate.MISSED, Fate.REFUSED, Fate.FAILED, Fate.SKIPPED)
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1


@record.get("/log/find")
def find() -> str:
    """The newest first, page after page."""
    days = _days(30)
    fate, zone = request.args.get("fate", ""), request.args.get("zone", "")[:60]
    text = request.args.get("text", "").strip()[:LONGEST_TEXT]
    if fate not in CHOICES:
        abort(400)
    found = station().logbook.page(
        LogQuestion(
            since=_midnight(days.first),
            until=_midnight(days.last + timedelta(days=1)),
            fates=CHOICES[fate],
            zone=zone,
            text=text,
            behind=_place(request.args.get("behind")),
        ),
        SHOWN,
    )
    asked = {"from": days.first.isoformat(), "to": days.last.isoformat(), "fate": fate, "zone": zone, "text": text}
    return render_template(
        "log/find.html",
        rows=[row_of(entry) for entry in found.entries],
        asked=asked,
        days=days,
        fates=CHOICES,
        behind=_written(found.behind),
        is_first="behind" not in request.args,
    )


@record.get("/log/airing/<airing>")
def airing(airing: str) -> str:
    """One airing: what became of it, its clip and its text."""
    entry = station().logbook.entry(AiringId(airing))
    if entry is None:
        abort(404)
    return render_template(
        "log/airing.html",
        row=row_of(entry),
        entry=entry,
        texts=station().logbook.texts(entry),
        has_clip=bool(entry.clip) and station().logbook.clip(entry.clip) is not None,
    )


@record.get("/log/clips/<key>.wav")
def clip(key: str) -> ResponseReturnValue:
    """The very clip that was heard, as long as it is kept."""
    path = station().logbook.clip(key)
    if path is None:
        abort(404)
    try:
        return send_file(path, mimetype="audio/wav", conditional=True, max_age=600)
    except OSError:
        abort(404)


@record.get("/log/books")
def choose_book() -> str:
    """Which book, of which days."""
    return render_template("log/books.html", days=_days(30, MOST_DAYS_ON_PAPER))


@record.get("/log/<any(register, approvals):name>")
def paper(name: str) -> str:
    """A book as pages of A4, for the browser to print."""
    return render_template("log/paper.html", book=_book(name), made_at=station().now())


@record.get("/log/<any(register, approvals):name>.pdf")
def paper_pdf(name: str) -> ResponseReturnValue:
    book = _book(name)
    return _file(bookfiles.pdf(book, station().now()), "application/pdf", f"{book.file}.pdf")


@record.get("/log/<any(register, approvals):name>.xlsx")
def paper_xlsx(name: str) -> ResponseReturnValue:
    book = _book(name)
    return _file(bookfiles.spreadsheet(book), XLSX, f"{book.file}.xlsx")


@record.get("/log/minutes")
def minutes() -> str:
    """How long each zone had sound, day by day, as a chart and as a table."""
    days = _days(14, MOST_DAYS_CHARTED)
    found = station().logbook.minutes(days.first, days.last)
    zones = station().about().zones
    return render_template("log/minutes.html", days=days, found=found, zones=zones, chart=chart(found, zones))


def _book(name: str) -> books.Book:
    days, about = _days(30, MOST_DAYS_ON_PAPER), station().about()
    makers: dict[str, Callable[[], books.Book]] = {
        "register": lambda: books.register(
            about.name,
            about.timezone,
            days.first,
            days.last,
            station().log(_midnight(days.first), _midnight(days.last + timedelta(days=1))),
        ),
        "approvals": lambda: books.approvals(
            about.name, about.timezone, days.first, days.last, station().proofs.decisions(), _titles()
        ),
    }
    return makers[name]()


def _titles() -> dict[str, str]:
    try:
        return {name: row.title for name, row in station().scripts.shelf().by_name.items()}
    except StoreFailed:
        return {}


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _days(usual: int, most: int = 36_600) -> Days:
    """From one day to another, both included; without them the last *usual* days."""
    last = _day("to", station().now().date())
    first = _day("from", last - timedelta(days=usual - 1))
    days = Days(first=first, last=last)
    if not 1 <= days.count <= most:
        abort(400)
    return days


def _day(name: str, otherwise: date) -> date:
    given = request.args.get(name)
    if not given:
        return otherwise
    try:
        day = date.fromisoformat(given)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2200:
        abort(400)
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), station().about().timezone)


def _written(place: Place | None) -> str | None:
    """For an address; it says where to go on, and nothing that a person could not see anyway."""
    if place is None:
        return None
    return urlsafe_b64encode(json.dumps([place.planned_us, place.airing]).encode()).decode().rstrip("=")


def _place(given: str | None) -> Place | None:
    if not given:
        return None
    try:
        planned_us, airing = json.loads(urlsafe_b64decode(given[:600] + "=" * (-len(given[:600]) % 4)))
    except (ValueError, TypeError, RecursionError):
        abort(400)
    if type(planned_us) is not int or not isinstance(airing, str) or abs(planned_us) > 1 << 53:
        abort(400)
    return Place(planned_us, airing)
