"""Outputs and zones (喇叭和片区): how loud each output is and when, what a zone holds, and which output is well."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError
from broadcaster.model.people import Right
from broadcaster.model.timetable import FAR
from broadcaster.model.words import Sentence
from webui import tables
from webui.pages import Page
from webui.parts import station
from webui.speaking import _, _l
from webui.tableform import Field
from webui.visitors import my_name, needs
from webui.wording import tell

outputs = Blueprint("outputs", __name__)
PAGE = Page(blueprint=outputs)

TRY_WORDS = "试音，一，二，三，四，五。听得清楚吗？"
OUTPUT = (
    Field(
        key="level_db",
        label=_l("平常的音量（分贝）"),
        kind="number",
        usual="0",
        hint=_l("0 是原来的大小，-6 小一半，最小 -60，最大 12。"),
    ),
    Field(
        key="levels",
        label=_l("有的钟点用别的音量"),
        kind="lines",
        hint=_l("一行一段：07:00-08:00 -6。前面的算数，没写的钟点用平常的。"),
    ),
    Field(
        key="emergency_level_db",
        label=_l("紧急广播的音量（分贝）"),
        kind="number",
        usual="0",
        hint=_l("不管静音、平常音量和钟点，紧急广播都用这个。-20 到 12。"),
    ),
    Field(key="mute", label=_l("平常不响，只响紧急广播"), kind="tick"),
)
NEEDS_A_NAME = Sentence("请给片区起一个名字。", "give the zone a name.")
ALREADY_THERE = Sentence("已经有这个片区了。", "there is such a zone already.")
NO_MONITOR = Sentence(
    "没有试听用的输出，没有放。可以在“声音”那一页用手机听；要接耳机，在 schedule.toml 给一个输出写 monitor = true。",
    "there is no output for trying, so nothing was played. Listen on your phone under Voices, or give an output "
    "monitor = true in schedule.toml.",
)


@outputs.get("/settings/outputs")
@needs(Right.MANAGE)
def page() -> str:
    status, schedule = station().status(), station().timetable.look().schedule
    return render_template(
        "outputs/page.html",
        states={one.name: one for one in status.outputs},
        outputs=schedule.outputs,
        zones=schedule.zones,
        undo=tables.undo(),
        has_monitor=any(one.is_monitor for one in schedule.outputs),
    )


@outputs.post("/settings/outputs/try")
@needs(Right.MANAGE)
def try_out() -> ResponseReturnValue:
    """A test is heard on outputs for trying alone; the gate of every other deck would refuse it."""
    tried = station().try_out(TRY_WORDS, who=my_name())
    if not tried.outputs:
        tell(NO_MONITOR)
    else:
        names = "、".join(tried.outputs)
        tell(
            Sentence(f"在试听的“{names}”里放了一句，喇叭上没有。", f"A sentence was played on {names}, on no horn."),
            is_good=True,
        )
    return redirect(url_for("outputs.page"), 303)


@outputs.route("/settings/outputs/<name>", methods=["GET", "POST"])
@needs(Right.MANAGE)
def output(name: str) -> ResponseReturnValue:
    schedule = station().timetable.look().schedule
    found = next((one for one in schedule.outputs if one.name == name), None)
    if found is None:
        abort(404)
    table = ("output", name)
    shown = tables.opened(table, OUTPUT)
    if request.method == "POST":
        again = tables.written(table, OUTPUT)
        if again is None:
            return redirect(url_for("outputs.page"), 303)
        shown = again
    state = next((one for one in station().status().outputs if one.name == name), None)
    return render_template("outputs/output.html", shown=shown, output=found, state=state), _code(shown)


@outputs.route("/settings/zones/new", methods=["GET", "POST"])
@needs(Right.MANAGE)
def new_zone() -> ResponseReturnValue:
    fields = _zone_fields()
    if request.method == "GET":
        return _zone(tables.opened(("zone", ""), fields))
    name = " ".join(request.form.get("name", "").split())
    if not name or station().timetable.written_table(("zone", name)) is not None:
        wrong = ALREADY_THERE if name else NEEDS_A_NAME
        sent = tables.typed(("zone", name), fields)
        return _zone(tables.Shown(form=sent.form, base=sent.base, wrong=wrong), typed_name=name), 422
    again = tables.written(("zone", name), fields)
    if again is None:
        return redirect(url_for("outputs.page"), 303)
    return _zone(again, typed_name=name), _code(again)


@outputs.route("/settings/zones/<name>", methods=["GET", "POST"])
@needs(Right.MANAGE)
def zone(name: str) -> ResponseReturnValue:
    schedule, table, fields = station().timetable.look().schedule, ("zone", name), _zone_fields()
    if all(one.name != name for one in schedule.zones):
        abort(404)
    if request.method == "GET":
        shown = tables.opened(table, fields)
        if station().timetable.written_table(table) is None:  # ``all`` is there without being in the file
            own = next(one for one in schedule.zones if one.name == name)
            shown = tables.filled(fields, {"outputs": list(own.outputs)})
        return _zone(shown, name)
    again = tables.written(table, fields)
    if again is None:
        return redirect(url_for("outputs.page"), 303)
    return _zone(again, name), _code(again)


@outputs.post("/settings/zones/<name>/remove")
@needs(Right.MANAGE)
def remove_zone(name: str) -> ResponseReturnValue:
    """Refused while a slot still names it."""
    try:
        tables.removed(("zone", name), request.form.get("base", ""))
    except DalabaError as error:
        return _zone(tables.opened(("zone", name), _zone_fields(), error.sentence), name), 409
    return redirect(url_for("outputs.page"), 303)


def _zone(shown: tables.Shown, name: str = "", *, typed_name: str = "") -> str:
    return render_template("outputs/zone.html", shown=shown, name=name, typed_name=typed_name)


def _zone_fields() -> tuple[Field, ...]:
    schedule = station().timetable.look().schedule
    horns = tuple((one.name, one.name) for one in schedule.outputs if not one.is_monitor)
    profiles = dict.fromkeys((FAR, *(one.name for one in schedule.profiles)))
    words = {"": _("平常的"), FAR: _("远处的喇叭：说得慢，停得长")}
    return (
        Field(key="outputs", label=_l("这个片区有哪些喇叭"), kind="ticks", options=horns),
        Field(
            key="profile",
            label=_l("喇叭远不远"),
            kind="choice",
            options=tuple((one, words.get(one, one)) for one in ("", *profiles)),
        ),
    )


def _code(shown: tables.Shown) -> int:
    return 422 if shown.wrong else 200
