"""Backups (备份): made, downloaded, uploaded, looked at and put back; what was there before is kept each time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.errors import DalabaError
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from broadcaster.station.backupdesk import LARGEST_UPLOAD_BYTES, Looked
from webui import cookies
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.speaking import _, _l
from webui.visitors import COOKIE, my_name, needs
from webui.wording import tell

backups = Blueprint("backups", __name__)
PAGE = Page(blueprint=backups)

WAITS = timedelta(seconds=25)
SHOWN = 40
KINDS = {"nightly": _l("夜里自己做的"), "by-hand": _l("自己做的"), "before-restore": _l("放回备份以前的")}
MADE = Sentence("备份好了。请下载，拷到别的机器或优盘上。", "The backup is made. Download it, and keep it elsewhere.")
ON_THE_WAY = Sentence("还在做，过一会儿再打开这一页。", "It is on the way. Open this page again in a moment.")
NO_FILE = Sentence("请先选一个备份文件。", "Choose a backup first.")


# Before the guard against forged forms reads the form: that is too late to allow more.
@backups.url_value_preprocessor
def allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only an owner may send a long file."""
    if endpoint == "backups.look":
        keeper: Doorkeeper = current_app.extensions["doorkeeper"]
        visitor = keeper.visitor(cookies.kept(COOKIE))
        if visitor is not None and visitor.account.may(Right.MANAGE):
            request.max_content_length = LARGEST_UPLOAD_BYTES


@backups.get("/settings/backup")
@needs(Right.MANAGE)
def page() -> str:
    return _page()


@backups.post("/settings/backup")
@needs(Right.MANAGE)
def make() -> ResponseReturnValue:
    try:
        name = station().backups.begin()
        is_made = station().backups.wait(WAITS)
    except DalabaError as error:
        return _page(error.sentence), 409
    doorkeeper().note(my_name(), "backup.make", name)
    tell(MADE if is_made else ON_THE_WAY, is_good=is_made)
    return redirect(url_for("backups.page"), 303)


@backups.get("/settings/backup/<name>")
@needs(Right.MANAGE)
def download(name: str) -> ResponseReturnValue:
    file = station().backups.file(name)
    doorkeeper().note(my_name(), "backup.download", name)
    return send_file(file.absolute(), mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


@backups.post("/settings/backup/look")
@needs(Right.MANAGE)
def look() -> ResponseReturnValue:
    """What the uploaded file, or one that lies here, would change."""
    name = request.form.get("name", "")
    sent = request.files.get("file")
    try:
        if name:
            with station().backups.file(name).open("rb") as file:
                return _preview(station().backups.look(file))
        if sent is None or not sent.filename:
            return _page(NO_FILE), 422
        return _preview(station().backups.look(sent.stream))
    except DalabaError as error:
        return _page(error.sentence), 422


@backups.post("/settings/backup/put-back")
@needs(Right.MANAGE)
def put_back() -> ResponseReturnValue:
    number = request.form.get("number", "")[:32]
    try:
        found, before = station().backups.put_back(number, request.form.get("version", ""))
    except DalabaError as error:
        try:
            return _preview(station().backups.look_again(number), error.sentence), 409
        except DalabaError:
            return _page(error.sentence), 409
    after = f"+{len(found.added)} ~{len(found.changed)} -{len(found.removed)}"
    doorkeeper().note(my_name(), "backup.restore", f"{found.station} {found.made_at:%Y-%m-%d %H:%M}", before, after)
    tell(
        Sentence(
            f"放回去了。原来的都在“{before}”里，要回到原来，就放回它。",
            f"It is put back. What was there before is in {before}: put that back to undo.",
        ),
        is_good=True,
    )
    return redirect(url_for("backups.page"), 303)


def _page(wrong: Sentence | None = None) -> str:
    settings = station().timetable.look().schedule.backup
    return render_template(
        "backups/page.html",
        found=station().backups.all(),
        kinds=KINDS,
        settings=settings,
        is_busy=station().backups.is_busy(),
        wrong_sentence=wrong,
    )


def _preview(looked: Looked, wrong: Sentence | None = None) -> str:
    words = {
        "airing": _("播出记录"),
        "approval": _("审批"),
        "script_step": _("稿件的版本"),
        "deed": _("改动记录"),
        "person": _("学习的人"),
        "points": _("积分"),
        "station.db": _("全部记录"),
    }
    rows = [(words[table], count) for table, count in looked.preview.rows.items() if table in words]
    return render_template(
        "backups/preview.html", looked=looked, found=looked.preview, rows=rows, shown=SHOWN, wrong_sentence=wrong
    )
