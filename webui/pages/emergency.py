"""Emergency (紧急广播): one tap from every page. Needs neither plan nor status: works when they have a fault."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.pages import Page

emergency = Blueprint("emergency", __name__)
PAGE = Page(blueprint=emergency)


@emergency.get("/emergency")
def page() -> str:
    return render_template("emergency/page.html")
