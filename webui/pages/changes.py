"""Changes (改动记录): every deed of every person and program, with before and after; found by name, as a table too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from broadcaster.model.people import Deed, Right
from broadcaster.told import cell
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.speaking import _
from webui.visitors import needs

changes = Blueprint("changes", __name__)
PAGE = Page(blueprint=changes)

SHOWN = 50
LOOKED_AT = 20_000
"""Of the newest, for one page or table: about ten years of a village."""
PORTION = 1_000
COLUMNS = ("at", "who", "what", "subject", "before", "after")


@changes.app_template_filter("state_words")
def state_words(kept: str) -> str:
    """A state or the hash of a text as people call it; all else as it was kept."""
    if re.fullmatch(r"[0-9a-f]{64}", kept):
        return _("内容编号 %(sha)s", sha=kept[:12])
    known = {"on_air": _("正在播"), "stopped": _("停了"), "planned": _("等着播"), "skipped": _("这次不播")}
    return known.get(kept, kept)


@changes.get("/settings/changes")
@needs(Right.MANAGE)
def page() -> str:
    """The newest first, and the way to older ones."""
    wanted = request.args.get("find", "").strip()[:100]
    before = request.args.get("before", "")
    first = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    found = []
    for numbered in _deeds(wanted, first):
        found.append(numbered)
        if len(found) > SHOWN:
            break
    older = found[SHOWN - 1][0] if len(found) > SHOWN else None
    return render_template(
        "changes/page.html",
        deeds=[(deed, what(deed)) for _number, deed in found[:SHOWN]],
        find=wanted,
        older=older,
        is_newest=first is None,
    )


@changes.get("/settings/changes.csv")
@needs(Right.MANAGE)
def table() -> ResponseReturnValue:
    """UTF-8 with a mark, because spreadsheets look for it."""
    zone = station().about().timezone
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for _number, deed in _deeds(request.args.get("find", "").strip()[:100], None):
        row = (f"{deed.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", deed.who, deed.what, deed.subject)
        rows.writerow([cell(value) for value in (*row, deed.before, deed.after)])
    headers = {"Content-Disposition": 'attachment; filename="changes.csv"'}
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def what(deed: Deed) -> str:
    """The deed in words; its own word where this version does not know it."""
    words = {
        "account.first": _("第一个站长开了站"),
        "account.invite": _("请了一个人"),
        "account.uninvite": _("作废了一次码"),
        "account.join": _("用一次码进来了"),
        "account.reset": _("给了换密码的一次码"),
        "account.make": _("开了账号"),
        "account.change": _("改了账号"),
        "account.password": _("换了密码"),
        "device.in": _("登录了"),
        "device.out": _("退出了"),
        "airing.play": _("让马上播"),
        "airing.skip": _("取消一次"),
        "airing.stop": _("停了"),
        "emergency.call": _("发紧急广播"),
        "emergency.stop": _("停了紧急广播"),
        "station.hold": _("让先不播"),
        "station.lift": _("恢复了播出"),
        "clock.trust": _("说时间是对的"),
        "program.admit": _("给了程序令牌"),
        "program.revoke": _("停用了程序"),
        "script.save": _("存了稿子"),
        "script.approve": _("批准了稿子"),
        "script.withdraw": _("撤回了批准"),
        "script.send_back": _("退回了稿子"),
        "script.retire": _("停用了稿子"),
        "script.bring_back": _("重新用稿子"),
        "script.restore": _("换回了以前的稿子"),
        "recording.keep": _("存了录音"),
        "lexicon.word": _("改了词表"),
        "night.open": _("同意了新的静音时段"),
        "timetable.change": _("改了节目表"),
        "settings.change": _("改了设置"),
        "backup.make": _("做了备份"),
        "backup.download": _("下载了备份"),
        "backup.restore": _("放回了备份"),
    }
    return words.get(deed.what, deed.what)


def _deeds(wanted: str, before: int | None) -> Iterator[tuple[int, Deed]]:
    """The newest first, those that hold *wanted* anywhere."""
    key = wanted.casefold()
    looked_at = 0
    while looked_at < LOOKED_AT:
        portion = doorkeeper().deeds(PORTION, before)
        for number, deed in portion:
            if key in " ".join((deed.who, deed.what, what(deed), deed.subject, deed.before, deed.after)).casefold():
                yield number, deed
        if len(portion) < PORTION:
            return
        looked_at += len(portion)
        before = portion[-1][0]
