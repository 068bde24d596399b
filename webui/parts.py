"""The station and the doorkeeper behind the page, in a request."""

from __future__ import annotations

from flask import current_app

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.station import Station


def station() -> Station:
    found: Station = current_app.extensions["station"]
    return found


def doorkeeper() -> Doorkeeper:
    found: Doorkeeper = current_app.extensions["doorkeeper"]
    return found
