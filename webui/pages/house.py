"""The station itself (站名和静音时段): its name, the hours in which only an emergency sounds, who must approve."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import Refused
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from webui import tables
from webui.pages import Page
from webui.parts import station
from webui.speaking import _l
from webui.tableform import Field
from webui.visitors import my_name, needs
from webui.wording import tell

house = Blueprint("house", __name__)
PAGE = Page(blueprint=house)

TABLE = ("station",)
FIELDS = (
    Field(key="name", label=_l("站名"), usual="村广播站", hint=_l("写在每一页上面，稿子里的 {{ station }} 也念它。")),
    Field(
        key="quiet_hours",
        label=_l("静音时段"),
        kind="lines",
        usual="21:00-06:30",
        hint=_l("这些时候只有紧急广播能响。一行一段，比如 21:00-06:30。"),
    ),
    Field(
        key="strict",
        label=_l("没有批准的稿子不播"),
        kind="tick",
        hint=_l("自己写的稿子要别人来批；没批准的改动，播上次批准的那一版。"),
    ),
)
NIGHT_WORDS = ("夜里放开", "open the night")
TYPE_IT = Sentence(
    "没有放开。真要放开，请写上“夜里放开”四个字。",
    "nothing was opened. To open those hours, type the words 'open the night'.",
)
OPENED = Sentence("放开了，新的静音时段已经生效。", "Those hours are open; the new quiet hours are in force.")


@house.get("/settings/station")
@needs(Right.MANAGE)
def page() -> str:
    return _page(tables.opened(TABLE, FIELDS))


@house.post("/settings/station")
@needs(Right.MANAGE)
def save() -> ResponseReturnValue:
    """More quiet is in force at once; what would open the night waits for an owner's word."""
    again = tables.written(TABLE, FIELDS)
    return redirect(url_for("house.page"), 303) if again is None else (_page(again), 422)


@house.post("/settings/station/night")
@needs(Right.MANAGE)
def open_night() -> ResponseReturnValue:
    """The owner agrees to hours of the night being loud, by a typed word."""
    said = " ".join(request.form.get("night", "").split()).strip("“”\"'").casefold()
    if said not in NIGHT_WORDS:
        return _page(tables.opened(TABLE, FIELDS), TYPE_IT), 422
    try:
        station().accept_quiet_hours(request.form.get("wished", ""), who=my_name())
    except Refused as error:
        return _page(tables.opened(TABLE, FIELDS), error.sentence), 409
    tell(OPENED, is_good=True)
    return redirect(url_for("house.page"), 303)


def _page(shown: tables.Shown, wrong: Sentence | None = None) -> str:
    return render_template(
        "house/page.html", shown=shown, undo=tables.undo(), night=station().status().night, wrong_night=wrong
    )
