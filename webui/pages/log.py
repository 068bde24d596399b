"""Log (播出记录): what was heard on a day, what was not and why, who asked for it; as a table for spreadsheets, too."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from broadcaster.model.airing import LogEntry
from broadcaster.told import LOG_COLUMNS, log_row
from webui.pages import Page
from webui.parts import station
from webui.speaking import _l
from webui.timeline import row_of

record = Blueprint("log", __name__)
PAGE = Page(blueprint=record, title=_l("记录"), icon="journal-text", home="log.page", order=50, is_in_bar=True)

MOST_DAYS = 366
"""Of one table."""


@record.get("/log")
def page() -> ResponseReturnValue:
    """One day, and the way to the days before and after."""
    now = station().now()
    day = _day(request.args.get("day"), now.date())
    rows = [row_of(entry) for entry in _entries(day, day)]
    following = day + timedelta(days=1) if day < now.date() else None
    return render_template(
        "log/page.html", day=day, today=now.date(), before=day - timedelta(days=1), following=following, rows=rows
    )


@record.get("/log.csv")
def table() -> ResponseReturnValue:
    """From one day to another, both included, for spreadsheets: UTF-8 with a mark, because Excel looks for it."""
    today = station().now().date()
    first = _day(request.args.get("from"), today)
    last = _day(request.args.get("to"), first)
    if not first <= last < first + timedelta(days=MOST_DAYS):
        abort(400)
    text = io.StringIO()
    rows = csv.DictWriter(text, LOG_COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    rows.writerows(log_row(entry) for entry in _entries(first, last))
    name = f"log-{first}.csv" if first == last else f"log-{first}-{last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _entries(first: date, last: date) -> list[LogEntry]:
    zone = station().about().timezone
    since = datetime.combine(first, time(), zone)
    return station().log(since, datetime.combine(last + timedelta(days=1), time(), zone))


def _day(given: str | None, otherwise: date) -> date:
    if not given:
        return otherwise
    try:
        day = date.fromisoformat(given)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2200:
        abort(400)
    return day
