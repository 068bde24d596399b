"""Whether the station answers: asked by the browser before it sends a form, so that a lost connection loses no text."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from webui import freshness
from webui.pages import Page
from webui.visitors import for_anybody

alive = Blueprint("alive", __name__)
PAGE = Page(blueprint=alive)


@alive.get("/alive")
@for_anybody
def here() -> ResponseReturnValue:
    """Needs nothing of the station, so that it answers while anything does."""
    return jsonify({"at": freshness.stamp()})
