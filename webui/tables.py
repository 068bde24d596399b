"""A filled form of one table of schedule.toml → the file, with the deed on record; or the form once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from broadcaster.errors import Refused
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Sentence
from broadcaster.station.kept_timetables import KeptTimetable
from broadcaster.station.timetable_changes import PutTable, RemoveTable, TimetableChange
from broadcaster.station.timetabledesk import HAS_MISTAKES, SOMEBODY_ELSE, TimetableDesk
from webui.parts import doorkeeper, station
from webui.tableform import Field, TableForm, of_file, of_request
from webui.visitors import my_name
from webui.wording import tell

WAITS_FOR_THE_OWNER = Sentence(
    "写好了。夜里要放开的钟点，等您在“站名和静音时段”里同意才放开。",
    "Written. The hours of the night that it would open stay quiet until you agree under “Name and quiet hours”.",
)
AS_BEFORE = Sentence("和现在一样，什么也没有变。", "That is as it was; nothing was changed.")

TablePath = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A form as a page shows it."""

    form: TableForm
    base: str
    """The version of the file that it was filled for."""
    wrong: Sentence | None = None


def desk() -> TimetableDesk:
    return station().timetable


def opened(table: TablePath, fields: tuple[Field, ...], wrong: Sentence | None = None) -> Shown:
    """The form as the file fills it. Raises Refused."""
    return filled(fields, desk().written_table(table) or {}, wrong)


def filled(fields: tuple[Field, ...], values: Mapping[str, object], wrong: Sentence | None = None) -> Shown:
    return Shown(form=of_file(fields, values), base=desk().look().version, wrong=wrong)


def typed(table: TablePath, fields: tuple[Field, ...]) -> Shown:
    """The form as the browser sent it."""
    return Shown(form=of_request(fields, request.form), base=request.form.get("base", ""))


def change_of(table: TablePath, form: TableForm) -> PutTable:
    return PutTable(table=table, values=form.changes(desk().written_table(table) or {}))


def would_be(table: TablePath, form: TableForm) -> Schedule | None:
    """The timetable with what is typed; None when it has mistakes. Raises Refused."""
    return desk().would_be(change_of(table, form))


def written(table: TablePath, fields: tuple[Field, ...]) -> Shown | None:
    """What the browser sent is in the file and in force. Otherwise the form once more, and nothing was written."""
    sent = typed(table, fields)
    change = change_of(table, sent.form)
    before = desk().written_table(table)
    if not change.values and before is not None:
        tell(AS_BEFORE)
        return None
    try:
        _put(change, sent.base)
    except Refused as error:
        form = sent.form
        if error.sentence == SOMEBODY_ELSE:
            form = form.beside(before or {})
        elif error.sentence == HAS_MISTAKES:
            form = complained(form, change)
        return Shown(form=form, base=desk().look().version, wrong=error.sentence)
    return None


def complained(form: TableForm, change: PutTable) -> TableForm:
    return form.with_complaints(desk().propose(change).complaints, ".".join(change.table))


def removed(table: TablePath, base: str) -> None:
    """A table is taken out of the file. Raises Refused, with what still needs it."""
    change = RemoveTable(table=table)
    try:
        _put(change, base)
    except Refused as error:
        if error.sentence != HAS_MISTAKES:
            raise
        raise Refused(desk().propose(change).complaints[0].what) from error


def undo() -> tuple[KeptTimetable, KeptTimetable] | None:
    """The last change, made on the page, and what was there before it."""
    return desk().before_the_last(desk().look().version)


def _put(change: TimetableChange, base: str) -> None:
    done = desk().put_in_force(change, base, who=my_name())
    doorkeeper().note(my_name(), "settings.change", done.slot, done.before, done.after)
    if station().status().night is not None:
        tell(WAITS_FOR_THE_OWNER)
    else:
        tell(Sentence(f"写好了，马上生效：{done.what.zh}。", f"Written, and in force: {done.what.en}."), is_good=True)
