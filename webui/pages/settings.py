"""Settings (设置): the way to all that is set once and looked after: each subject is a page of its own."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from broadcaster.model.people import Right
from webui.pages import Page
from webui.speaking import _, _l
from webui.visitors import needs

settings = Blueprint("settings", __name__)
PAGE = Page(blueprint=settings, title=_l("设置"), icon="gear-fill", home="settings.page", order=80, right=Right.MANAGE)


@settings.get("/settings")
@needs(Right.MANAGE)
def page() -> str:
    tiles = [
        (url_for("house.page"), "moon-stars-fill", _("站名和静音时段"), _("站叫什么，夜里几点到几点不响。")),
        (url_for("outputs.page"), "speaker-fill", _("喇叭、片区、音量"), _("哪个喇叭多响，哪个片区有哪些喇叭。")),
        (url_for("voices.page"), "mic-fill", _("声音"), _("谁来念，念多快，先在手机上听。")),
        (url_for("lexicon.page"), "book-fill", _("词表"), _("念错的词和人名，在这里改。")),
        (url_for("backups.page"), "archive-fill", _("备份、放回"), _("把整个站存成一个文件，坏了能找回来。")),
        (url_for("health.page"), "heart-pulse-fill", _("站好不好"), _("喇叭、时间、磁盘、声音，每样一句话。")),
        (url_for("changes.page"), "clock-history", _("改动记录"), _("谁在什么时候改了什么。")),
        (url_for("programs.page"), "plug-fill", _("别的程序（接口）"), _("让水位计、烟感这样的程序也能用广播。")),
    ]
    return render_template("settings/page.html", tiles=tiles)
