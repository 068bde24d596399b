"""Health (站好不好): every part of the station in a sentence, the worst first, with what to do."""

from __future__ import annotations

from flask import Blueprint, render_template

from broadcaster.model.people import Right
from broadcaster.station.health import Grade
from webui.pages import Page
from webui.parts import station
from webui.visitors import needs

health = Blueprint("health", __name__)
PAGE = Page(blueprint=health)
SIGNS = {Grade.GOOD: "check-circle-fill", Grade.WATCH: "exclamation-triangle-fill", Grade.BAD: "x-octagon-fill"}


@health.get("/settings/health")
@needs(Right.MANAGE)
def page() -> str:
    found = station().health()
    return render_template(
        "health/page.html",
        findings=found,
        signs=SIGNS,
        is_well=all(one.grade is Grade.GOOD for one in found),
        is_bad=any(one.grade is Grade.BAD for one in found),
    )
