"""How often one person may ask for what is slow: the box has two cores, and its first work is the air.

Wrong passwords and codes are counted by the doorkeeper, for every door and over restarts; this counts right ones, too,
and only since the page started. Nothing that is needed in an emergency, and no stop, is counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from webui.visitors import me

PACES = {
    "accounts.first": "30/minute",
    "accounts.sign_in": "30/minute",
    "people.join": "30/minute",
    "scripts.reading": "180/minute",  # a page asks while somebody types
    "scripts.listen": "30/minute",
    "lexicon.word": "60/minute",
    "voices.new": "30/minute",
    "voices.voice": "30/minute",
    "backups.make": "6/minute",
    "backups.look": "20/minute",
    "backups.put_back": "20/minute",
}
"""Endpoint → how many forms of it one device, or one address that is not signed in, may send."""


def keep(app: Flask) -> None:
    """After all pages are registered. Beyond a pace the answer is 429."""
    # By whole minutes: who goes on hammering gets nothing more of this one, instead of one try every other second.
    limiter = Limiter(_who, app=app, storage_uri="memory://", strategy="fixed-window")
    for endpoint, pace in PACES.items():
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(pace, methods=["POST"])(view)


def _who() -> str:
    visitor = me()
    return f"device:{visitor.device.id}" if visitor is not None else f"addr:{request.remote_addr}"
