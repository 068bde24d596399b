"""Today (今天): what is on the air, what comes, what was heard or missed and why; stop, skip, play, hold."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webui.pages import Page
from webui.parts import station
from webui.speaking import _l

today = Blueprint("today", __name__)
PAGE = Page(blueprint=today, title=_l("今天"), icon="sun-fill", home="today.page", order=10, is_in_bar=True)


@today.get("/")
def start() -> ResponseReturnValue:
    return redirect(url_for("today.page"), 303)


@today.get("/today")
def page() -> str:
    return render_template("today/page.html", status=station().status(), plan=station().plan()[0])
