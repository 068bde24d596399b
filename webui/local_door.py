"""The local door: what commands on this machine may ask of the running station, as JSON on loopback.

It has a listener and threads of its own, so that nothing on the pages can delay an emergency or a stop. Only who can
read ``var/door.json`` knows the token; the file belongs to the owner alone.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import date

from flask import Blueprint, Flask, Response, jsonify, request
from waitress.server import create_server

from broadcaster.errors import DalabaError, Refused, StoreFailed
from broadcaster.home import Home
from broadcaster.model.airing import AiringId
from broadcaster.model.words import Sentence
from broadcaster.station import Station
from broadcaster.told import entry_told, plans_told, status_told
from webui.live_door import LiveDoor
from webui.local_emergency import emergency_routes
from webui.local_request import body, instant, text

log = logging.getLogger(__name__)

THREADS = 8
LARGEST_BODY_BYTES = 256_000
MOST_DAYS = 400


class LocalDoor:
    """Open while the station runs."""

    def __init__(self, station: Station, home: Home) -> None:
        self._home = home
        self._token = secrets.token_urlsafe(32)
        self._server = create_server(
            create_app(station, self._token), host="127.0.0.1", port=0, threads=THREADS, ident=None
        )
        self._thread = threading.Thread(target=self._server.run, name="local door", daemon=True)
        self._live = LiveDoor(station, self._token)

    def open(self) -> None:
        """Answer, and tell the owner's commands where. Raises Refused when ``var/`` cannot be written."""
        told = json.dumps(
            {
                "port": self._server.effective_port,
                "live_port": self._live.port,
                "token": self._token,
                "pid": os.getpid(),
            }
        )
        path = self._home.door
        fresh = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(told)
            fresh.replace(path)
        except OSError as error:
            raise Refused(
                Sentence(
                    f"不能写“{path}”：{error.strerror or error}。请检查磁盘和权限。",
                    f"{str(path)!r} cannot be written: {error.strerror or error}. Check disk and permissions.",
                )
            ) from error
        self._thread.start()
        self._live.open()

    def close(self) -> None:
        self._home.door.unlink(missing_ok=True)
        self._live.close()
        self._server.close()


def create_app(station: Station, token: str) -> Flask:
    """The door's application; every request needs the token."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(_routes(station))

    @app.before_request
    def only_the_owner() -> tuple[Response, int] | None:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return None
        return _error(Sentence("令牌不对。", "the token is wrong."), 401)

    @app.errorhandler(DalabaError)
    def refused(error: DalabaError) -> tuple[Response, int]:
        return _error(error.sentence, 503 if isinstance(error, StoreFailed) else 409)

    @app.errorhandler(ValueError)
    def malformed(error: ValueError) -> tuple[Response, int]:
        return _error(Sentence(f"请求写错了：{error}", f"the request is malformed: {error}"), 400)

    return app


def _routes(station: Station) -> Blueprint:
    door = Blueprint("door", __name__, url_prefix="/api")

    @door.get("/status")
    def status() -> Response:
        return jsonify(status_told(station.status()))

    @door.get("/plan")
    def plan() -> Response:
        first = request.args.get("from")
        days = min(int(request.args.get("days", "1")), MOST_DAYS)
        plans = station.plan(date.fromisoformat(first) if first else None, days)
        notes = [{"note": note.zh, "note_en": note.en} for plan in plans for note in plan.notes]
        return jsonify({"airings": plans_told(plans), "notes": notes})

    @door.get("/log")
    def as_run_log() -> Response:
        until = request.args.get("until")
        entries = station.log(instant(request.args["since"]), instant(until) if until else None)
        return jsonify([entry_told(entry) for entry in entries])

    @door.post("/stop")
    def stop() -> Response:
        given = body()
        airing = given.get("airing")
        stopped = station.stop(AiringId(str(airing)) if airing else None, who=text(given, "who"))
        return jsonify({"stopped": list(stopped)})

    @door.post("/play")
    def play() -> Response:
        given = body()
        return jsonify({"airing": station.play(text(given, "what"), who=text(given, "who"))})

    @door.post("/try")
    def try_out() -> Response:
        given = body()
        tried = station.try_out(text(given, "what"), who=text(given, "who"))
        return jsonify({"airing": tried.airing, "outputs": list(tried.outputs)})

    for path, act in (emergency_routes(station) | _changes(station)).items():
        door.post(path, endpoint=path.strip("/"))(act)
    return door


def _changes(station: Station) -> dict[str, Callable[[], Response]]:
    """Today's changes, and what the station should look at again."""

    def skip() -> Response:
        given = body()
        station.skip(AiringId(text(given, "airing")), who=text(given, "who"), why=text(given, "why", ""))
        return jsonify({})

    def move() -> Response:
        given = body()
        station.move(AiringId(text(given, "airing")), instant(text(given, "to")), who=text(given, "who"))
        return jsonify({})

    def trust_clock() -> Response:
        station.trust_clock(who=text(body(), "who"))
        return jsonify({})

    def open_night() -> Response:
        given = body()
        station.accept_quiet_hours(text(given, "wished"), who=text(given, "who"))
        return jsonify({})

    def points_changed() -> Response:
        station.points_changed()
        return jsonify({})

    def approvals_changed() -> Response:
        station.approvals_changed()
        return jsonify({})

    return {
        "/skip": skip,
        "/move": move,
        "/trust-clock": trust_clock,
        "/open-night": open_night,
        "/points-changed": points_changed,
        "/approvals-changed": approvals_changed,
    }


def _error(sentence: Sentence, code: int) -> tuple[Response, int]:
    return jsonify({"error": sentence.zh, "error_en": sentence.en}), code
