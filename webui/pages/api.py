"""The API for other programs: JSON under ``/api/v1``, each request with a token, the same deeds as the pages.

A cookie is worth nothing here, so a page elsewhere cannot make a browser ask; a token is worth nothing on the pages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from broadcaster.doorkeeper.confirmations import WITHIN_S
from broadcaster.doorkeeper.pace import Pace
from broadcaster.doorkeeper.programs import ACTING, READING, STOPPING
from broadcaster.errors import DalabaError, Refused, StoreFailed
from broadcaster.model.airing import AiringId
from broadcaster.model.people import Program, Scope
from broadcaster.model.words import Sentence
from broadcaster.told import entry_told, plans_told, status_told
from webui import asked, openapi
from webui.asked import Malformed
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.visitors import for_anybody

api = Blueprint("api", __name__, url_prefix="/api/v1")
PAGE = Page(blueprint=api)

MOST_DAYS = 31
MOST_PLAYS = 100
NO_TOKEN = Sentence(
    "没有令牌，或者令牌不对、已经停用。请站长给一个。",
    "there is no token, or it is wrong or revoked. Ask the owner for one.",
)
NO_SUCH_TEXT = Sentence("没有这篇预备的紧急稿。", "there is no such prepared emergency text.")
ONLY_WORDS = Sentence(
    "这里只能写要念的话；要播现成的稿，请用 /emergency/prepared。",
    "this takes words only; for a text that is ready, use /emergency/prepared.",
)
BACKWARDS = Sentence(
    f"“until”要在“since”以后，最多 {MOST_DAYS} 天。",
    f"'until' must come after 'since', by {MOST_DAYS} days at most.",
)

P = ParamSpec("P")


def for_programs(
    *scopes: Scope, pace: Pace = ACTING
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """This route is for programs with one of *scopes*, so often and not oftener."""

    def marked(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            try:
                program = doorkeeper().programs.recognise(_token(), address=request.remote_addr or "")
            except Refused as error:
                return told(error.sentence, 429)
            if program is None:
                return told(NO_TOKEN, 401, {"WWW-Authenticate": "Bearer"})
            if not program.scopes & set(scopes):
                needed = " / ".join(scopes)
                return told(Sentence(f"这个令牌不能做这件事，要有：{needed}。", f"the token lacks: {needed}."), 403)
            wait = doorkeeper().programs.must_wait(program, pace)
            if wait:
                sentence = Sentence(f"问得太快，请等 {wait} 秒。", f"too many requests: wait {wait} seconds.")
                return told(sentence, 429, {"Retry-After": str(wait)})
            g.program = program
            return view(*args, **kwargs)

        return for_anybody(checked)

    return marked


@api.get("/openapi.json")
@for_anybody
def document() -> Response:
    """How to use all this, for programs."""
    return jsonify(openapi.document(station().about().name))


@api.get("/status")
@for_programs(Scope.READ, pace=READING)
def status() -> ResponseReturnValue:
    return jsonify(status_told(station().status()))


@api.get("/plan")
@for_programs(Scope.READ, pace=READING)
def plan() -> ResponseReturnValue:
    first = asked.day("from", station().now().date())
    plans = station().plan(first, asked.number("days", 1, MOST_DAYS))
    notes = [{"note": note.zh, "note_en": note.en} for one in plans for note in one.notes]
    return jsonify({"airings": plans_told(plans), "notes": notes})


@api.get("/log")
@for_programs(Scope.READ, pace=READING)
def log() -> ResponseReturnValue:
    now = station().now()
    until = asked.instant("until", now + timedelta(seconds=1))
    since = asked.instant("since", until - timedelta(days=1))
    if not timedelta() < until - since <= timedelta(days=MOST_DAYS):
        raise Malformed(BACKWARDS)
    return jsonify({"entries": [entry_told(entry) for entry in station().log(since, until)]})


@api.get("/emergencies")
@for_programs(Scope.READ, Scope.EMERGENCY_PREPARED, pace=READING)
def emergencies() -> ResponseReturnValue:
    texts = station().emergencies()
    told_texts = [
        {"script": one.script, "title": one.title, "text": one.text, "is_ready": one.is_ready} for one in texts
    ]
    return jsonify({"texts": told_texts})


@api.post("/play")
@for_programs(Scope.SAY)
def play() -> ResponseReturnValue:
    given = asked.body("what", "zones")
    zones = given.zones(station().about().zones)
    airing = station().play(given.words("what"), who=_name(), zones=zones)
    doorkeeper().note(_name(), "airing.play", airing, "", " ".join(zones))
    return jsonify({"airing": airing})


@api.post("/skip")
@for_programs(Scope.SAY)
def skip() -> ResponseReturnValue:
    given = asked.body("airing", "why")
    airing = AiringId(given.words("airing"))
    station().skip(airing, who=_name(), why=given.words("why", ""))
    doorkeeper().note(_name(), "airing.skip", airing, "planned", "skipped")
    return jsonify({"airing": airing})


@api.post("/stop")
@for_programs(Scope.SAY, Scope.EMERGENCY_PREPARED, Scope.EMERGENCY_FREE, pace=STOPPING)
def stop() -> ResponseReturnValue:
    airing = asked.body("airing").words("airing", "")
    stopped = station().stop(AiringId(airing) if airing else None, who=_name())
    for one in stopped:
        doorkeeper().note(_name(), "airing.stop", one, "on_air", "stopped")
    return jsonify({"stopped": list(stopped)})


@api.post("/emergency/prepared")
@for_programs(Scope.EMERGENCY_PREPARED)
def emergency_prepared() -> ResponseReturnValue:
    given = asked.body("script", "reason", "plays", "zones", "confirm")
    script = given.words("script")
    if script not in {str(one.script) for one in station().emergencies()}:
        raise Refused(NO_SUCH_TEXT)
    return _call(given, f"script:{script}")


@api.post("/emergency/free")
@for_programs(Scope.EMERGENCY_FREE)
def emergency_free() -> ResponseReturnValue:
    given = asked.body("text", "reason", "plays", "zones", "confirm")
    text = given.words("text", longest=asked.LONGEST_WORDS)
    if text.startswith("script:"):
        raise Malformed(ONLY_WORDS)
    return _call(given, text)


@api.errorhandler(Malformed)
def malformed(error: Malformed) -> ResponseReturnValue:
    return told(error.sentence, 400)


@api.errorhandler(DalabaError)
def refused(error: DalabaError) -> ResponseReturnValue:
    return told(error.sentence, 503 if isinstance(error, StoreFailed) else 409)


@api.record_once
def _no_forms(state: BlueprintSetupState) -> None:
    """There is no cookie to forge a request with."""
    state.app.extensions["csrf"].exempt(api)


def told(sentence: Sentence, code: int, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    """What went wrong, for a program and for whoever reads its log."""
    return {"error": sentence.zh, "error_en": sentence.en}, code, headers or {}


def _call(given: asked.Asked, what: str) -> ResponseReturnValue:
    """Asked without a number it says which one confirms it; with that number, and otherwise the same, it is heard."""
    reason = given.words("reason")
    zones = given.zones(station().about().zones)
    plays = given.count("plays", MOST_PLAYS)
    number, about = given.words("confirm", ""), (what, reason, zones, plays)
    program: Program = g.program
    if not number:
        confirm = doorkeeper().programs.confirmations.ask(program, about)
        return {"confirm": confirm, "within_s": WITHIN_S, "what": what}, 202
    doorkeeper().programs.confirmations.confirm(program, number, about)
    airing = station().emergency(what, who=_name(), reason=reason, plays=plays, zones=zones)
    doorkeeper().note(_name(), "emergency.call", airing, "", f"{what[:200]} · {reason}")
    return jsonify({"airing": airing})


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _name() -> str:
    """For the books: a program is never taken for a person."""
    program: Program = g.program
    return f"{program.name}（程序）"


def asks(path: str) -> bool:
    """Whether *path* is a program's: what goes wrong there is told as JSON, whatever was accepted."""
    return path.startswith("/api/")
