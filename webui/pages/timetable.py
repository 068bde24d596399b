"""Timetable (节目表): the week and the month as a calendar; slots are added, moved, copied, paused and removed by form.

Each change is shown with all that it means for the next two weeks before it takes effect, and can be taken back.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import Refused
from broadcaster.model.days import SOLAR_TERMS
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from broadcaster.station.timetable_changes import (
    NewSlot,
    PauseSlot,
    PutSlot,
    RemoveSlot,
    RestoreVersion,
    TimetableChange,
)
from broadcaster.station.timetabledesk import SOMEBODY_ELSE, Proposal, TimetableDesk, version_of
from webui import drafts
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.slotform import SlotForm, beside_fields, of_slot, sent
from webui.speaking import _, _l
from webui.timetable_words import teach
from webui.visitors import my_name, needs
from webui.wording import tell

programme = Blueprint("timetable", __name__)
teach(programme)
PAGE = Page(blueprint=programme, title=_l("节目表"), icon="calendar-week", home="timetable.page", order=30)

A_WEEK = timedelta(days=7)
MOST_SCRIPTS_LISTED = 400
LUNAR_MONTHS = ("每月", "正月", *(f"{number}月" for number in "二三四五六七八九十"), "冬月", "腊月")
LUNAR_DAYS = (
    *(f"初{number}" for number in "一二三四五六七八九十"),
    *(f"十{number}" for number in "一二三四五六七八九"),
    "二十",
    *(f"廿{number}" for number in "一二三四五六七八九"),
    "三十",
)


@programme.get("/timetable")
def page() -> str:
    """A week, Monday first, and all slots below it."""
    today = _today()
    day = _asked("day", today)
    monday = day - timedelta(days=day.weekday())
    return render_template(
        "timetable/week.html",
        days=desk().days(monday, 7),
        today=today,
        monday=monday,
        before=monday - A_WEEK,
        following=monday + A_WEEK,
        **_slots(),
    )


@programme.get("/timetable/month")
def month() -> str:
    """A month as it hangs on the wall: whole weeks."""
    today = _today()
    first = _asked("day", today).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    start = first - timedelta(days=first.weekday())
    weeks = ((last - start).days // 7) + 1
    days = desk().days(start, weeks * 7)
    return render_template(
        "timetable/month.html",
        weeks=[days[number * 7 : number * 7 + 7] for number in range(weeks)],
        first=first,
        today=today,
        before=first - timedelta(days=1),
        following=last + timedelta(days=1),
    )


@programme.get("/timetable/slots/new")
@needs(Right.AIR)
def new() -> str:
    """An empty form, or one filled like the slot to copy."""
    original = request.args.get("like", "")
    form = SlotForm()
    if original:
        form = replace(_form_of(original), is_paused=False)
        form = replace(form, title=_("%(title)s（另一个）", title=form.title or original)[:100])
    elif request.args.get("day"):
        form = replace(form, ticks=(), other_days=_asked("day", _today()).isoformat())
    return _form(form, after=original)


@programme.get("/timetable/slots/<slot>")
def slot_page(slot: str) -> str:
    """One slot, to look at and to change."""
    return _form(_form_of(slot), slot)


@programme.post("/timetable/look")
@needs(Right.AIR)
def look() -> ResponseReturnValue:
    """What a filled form would mean; or the form once more, with what is wrong beside the fields."""
    form, slot, after = sent(request.form), request.form.get("slot", ""), request.form.get("after", "")
    try:
        proposal = desk().propose(_put(form, slot, after))
    except Refused as error:
        return _form(form, slot, after, error.sentence), 422
    if not proposal.is_fit:
        form = replace(form, complaints=beside_fields(proposal.complaints, proposal.slot))
        return _form(form, slot, after), 422
    return _preview(proposal, {"deed": "put", "slot": slot, "after": after}, form)


@programme.post("/timetable/back")
@needs(Right.AIR)
def back() -> str:
    """The form once more, as it was filled."""
    return _form(sent(request.form), request.form.get("slot", ""), request.form.get("after", ""))


@programme.post("/timetable/ask")
@needs(Right.AIR)
def ask() -> ResponseReturnValue:
    """What it would mean to remove, pause or resume a slot, or to go back to a version."""
    fields = {name: request.form.get(name, "") for name in ("deed", "slot", "version")}
    return _preview(desk().propose(_change()), fields)


@programme.post("/timetable/save")
@needs(Right.AIR)
def save() -> ResponseReturnValue:
    """It takes effect."""
    change, base = _change(), request.form.get("base", "")
    try:
        done = desk().put_in_force(change, base, who=my_name(), night=request.form.get("night", ""))
    except Refused as error:
        return _once_more(change, error.sentence)
    doorkeeper().note(my_name(), "timetable.change", done.slot, done.before, done.after)
    tell(Sentence(f"写好了，马上生效：{done.what.zh}。", f"Written, and in force: {done.what.en}."), is_good=True)
    return redirect(url_for("timetable.page"), 303)


@programme.get("/timetable/versions")
def versions() -> str:
    """What the timetable was, and the way back."""
    current = desk().look().version
    return render_template(
        "timetable/versions.html", versions=desk().history(), is_current=lambda text: version_of(text) == current
    )


# --- changes ----------------------------------------------------------------------------------------------------


def desk() -> TimetableDesk:
    return station().timetable


def _change() -> TimetableChange:
    form = request.form
    slot = form.get("slot", "")
    match form.get("deed"):
        case "put":
            return _put(sent(form), slot, form.get("after", ""))
        case "remove":
            return RemoveSlot(slot=slot)
        case "pause":
            return PauseSlot(slot=slot)
        case "resume":
            return PauseSlot(slot=slot, is_paused=False)
        case "restore":
            number = form.get("version", "")
            if number.isascii() and number.isdigit() and len(number) < 12:
                return RestoreVersion(number=int(number))
    return abort(400)


def _put(form: SlotForm, slot: str, after: str) -> TimetableChange:
    return PutSlot(slot=slot, values=form.values()) if slot else NewSlot(values=form.values(), after=after)


def _preview(
    proposal: Proposal, fields: dict[str, str], form: SlotForm | None = None, wrong: Sentence | None = None
) -> str:
    return render_template(
        "timetable/preview.html",
        proposal=proposal,
        fields=[*fields.items(), *(form.fields() if form else []), ("draft", drafts.number())],
        wrong_sentence=wrong,
        is_form=form is not None,
        by_day=_by_day(proposal),
    )


def _by_day(proposal: Proposal) -> list[tuple[date, list[Any]]]:
    days: dict[date, list[Any]] = {}
    for one in proposal.differences:
        days.setdefault(one.at.date(), []).append(one)
    return list(days.items())


def _once_more(change: TimetableChange, wrong: Sentence) -> ResponseReturnValue:
    """Nothing was written: the preview as it is now, with why, and nothing typed is lost."""
    if wrong == SOMEBODY_ELSE and not isinstance(change, PutSlot | NewSlot):
        raise Refused(wrong)
    form = sent(request.form) if isinstance(change, PutSlot | NewSlot) else None
    slot, after = request.form.get("slot", ""), request.form.get("after", "")
    proposal = desk().propose(change)
    if form and (not proposal.is_fit or wrong == SOMEBODY_ELSE):
        form = replace(form, complaints=beside_fields(proposal.complaints, proposal.slot))
        return _form(form, slot, after, wrong), 409
    fields = {name: request.form.get(name, "") for name in ("deed", "slot", "after", "version")}
    return _preview(proposal, fields, form, wrong), 422


# --- pages ------------------------------------------------------------------------------------------------------


def _form_of(slot: str) -> SlotForm:
    try:
        return of_slot(desk().written(slot), desk().boxes)
    except Refused:
        if not desk().look().version:
            raise
        abort(404)


def _form(form: SlotForm, slot: str = "", after: str = "", wrong: Sentence | None = None) -> str:
    offers = desk().offers()
    return render_template(
        "timetable/slot.html",
        form=form,
        slot=slot,
        after=after,
        wrong_sentence=wrong,
        offers=offers,
        scripts=offers.scripts[:MOST_SCRIPTS_LISTED],
        known=_known(form, offers),
        terms=SOLAR_TERMS,
        lunar_months=LUNAR_MONTHS,
        lunar_days=LUNAR_DAYS,
        quiet=desk().look().schedule.station.quiet_hours,
    )


def _known(form: SlotForm, offers: Any) -> set[str]:
    """What the lists of the form hold; a chosen thing that is not among it is shown all the same."""
    known = {f"script:{name}" for name, _title in offers.scripts[:MOST_SCRIPTS_LISTED]}
    known |= {f"{kind}:{folder}" for kind in ("next", "latest") for folder in offers.folders}
    known |= {f"leaderboard:{name}" for name, _title in offers.leaderboards}
    return known | {f"recording:{file}" for file in offers.recordings}


def _slots() -> dict[str, Any]:
    found = desk().look()
    slots = sorted(found.schedule.slots, key=lambda slot: (slot.at, slot.id))
    return {
        "slots": [(slot, desk().days_of(slot)) for slot in slots],
        "timetable": found,
        "undo": desk().before_the_last(found.version),
    }


def _today() -> date:
    return station().now().date()


def _asked(name: str, otherwise: date) -> date:
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
