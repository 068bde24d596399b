"""The cadre's page as a WSGI application over one station: joins shield, languages, visitors and all subjects."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.errors import DalabaError, StoreFailed
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from broadcaster.station import Station
from webui import addresses, bootstrap, catalogue, cookies, drafts, icons, look, pace, shield, speaking, wording
from webui.bridge import Allowed
from webui.compressing import compress
from webui.encryption import Encryption
from webui.pages import Page, all_pages, api
from webui.parts import station as the_station
from webui.shield import own_path
from webui.visitors import look_at_visitors, may, me

log = logging.getLogger(__name__)

LARGEST_FORM_BYTES = 300_000
"""A script of the longest kind, thrice over; pages that take files set a limit of their own."""
MOST_FIELDS = 500
LARGEST_BODY_BYTES = 64_000_000
"""A recording of half an hour."""
TAKE_FILES = {"scripts.edit": Right.WRITE, "backups.look": Right.MANAGE}
"""Endpoint → who may send it a long file."""
STALE = Sentence(
    "这个页面开得太久了，没有做任何改动。请再按一次。",
    "this page was open too long; nothing was changed. Try again.",
)
NO_KEY = Sentence(
    "表单里没有本页给的钥匙，没有做任何改动。请从网页上重新打开，再按一次；浏览器要允许 cookie。",
    "this form came without the key that the page gives out; nothing was changed. Open the page anew and try again, "
    "with cookies allowed.",
)
TOO_LARGE = Sentence("内容太多，没有收下。请分几次写。", "that is too much at once and was not taken. Send less.")
NOT_HERE = Sentence("没有这个页面。", "there is no such page.")
NOT_ALLOWED = Sentence("您没有做这件事的权限。请找站长。", "you may not do this. Ask the owner of the station.")
TOO_FAST = Sentence("太快了，没有做。请等一分钟再试。", "that was too fast and was not done. Try again in a minute.")
FAULT = Sentence("站里出了错，没有做成。请再试一次。", "something went wrong inside, and it was not done. Try again.")


class KeyOfForms(SecureCookieSessionInterface):
    """What a browser's forms know; over TLS it never travels without."""

    def get_cookie_name(self, app: Flask) -> str:
        return cookies.name(super().get_cookie_name(app))

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def create_app(station: Station, doorkeeper: Doorkeeper, encryption: Encryption | None = None) -> Flask:
    """The page. Nothing is read or opened until the first request, but for the key that signs forms.

    With *encryption* it answers over TLS only.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=doorkeeper.secret(),
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        SEND_FILE_MAX_AGE_DEFAULT=86_400,
        SESSION_COOKIE_NAME="dalaba_form",
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.extensions["station"] = station
    app.extensions["doorkeeper"] = doorkeeper
    app.extensions["encryption"] = encryption
    app.session_interface = KeyOfForms()
    shield.raise_it(app)
    CSRFProtect(app)
    Bootstrap5(app)
    catalogue.speak(app, look.language)
    speaking.teach(app)
    addresses.teach(app)
    look_at_visitors(app)
    wording.teach(app)
    drafts.keep_track(app)
    app.after_request(compress)
    pages = tuple(all_pages())
    for page in pages:
        app.register_blueprint(page.blueprint)
    pace.keep(app)
    _tell_templates(app, pages)
    _handle_errors(app)
    return app


def longest_body(app: Flask) -> Allowed:
    """Long files are taken from people who may keep them, and from nobody else: all of it would lie in memory."""

    def allowed(environ: dict[str, Any]) -> int:
        with app.request_context(environ):
            right = TAKE_FILES.get(request.endpoint or "")
            return LARGEST_BODY_BYTES if right is not None and may(right) else 0

    return allowed


def _tell_templates(app: Flask, pages: tuple[Page, ...]) -> None:
    app.jinja_env.globals["icon"] = icons.icon
    app.jinja_env.globals["bootstrap_version"] = bootstrap.version
    version = max(int(file.stat().st_mtime) for file in Path(app.static_folder or "").iterdir())

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        return {
            "about": the_station().about(),
            "look": look.current(),
            "looks": look.CHOICES,
            "may": may,
            "me": me(),
            "nav": [page for page in pages if page.title and me() and (page.right is None or may(page.right))],
            "version": version,
        }


def _handle_errors(app: Flask) -> None:
    @app.errorhandler(DalabaError)
    def refused(error: DalabaError) -> ResponseReturnValue:
        return problem(error.sentence, 503 if isinstance(error, StoreFailed) else 409)

    @app.errorhandler(CSRFError)
    def stale(_: CSRFError) -> ResponseReturnValue:
        """A wrong key is an old page; none at all is another site, or a form that could not be read."""
        return problem(STALE if request.form.get("csrf_token") else NO_KEY, 400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if code < 400 or not 400 <= code < 600:
            return error
        sentences = {403: NOT_ALLOWED, 404: NOT_HERE, 413: TOO_LARGE, 429: TOO_FAST}
        wrong = sentences.get(code, Sentence(f"请求不对（{code}）。", f"the request is wrong ({code})."))
        answer = app.make_response(problem(wrong, code))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer

    @app.errorhandler(Exception)
    def fault(error: Exception) -> ResponseReturnValue:
        """Our own mistake: loud in the log, and the red button stays within reach."""
        log.exception("the page %s failed", request.path, exc_info=error)
        if _wants_json():
            return problem(FAULT, 500)
        return render_template("fault.html"), 500


def problem(sentence: Sentence, code: int) -> ResponseReturnValue:
    """What went wrong, in words, with a way back; JSON where a program asked."""
    if _wants_json():
        return {"error": sentence.zh, "error_en": sentence.en}, code
    return render_template("problem.html", sentence=sentence, code=code, back=_page_before()), code


def _page_before() -> str:
    """The page whose form was refused, where what was typed can be found again; empty: there is none of ours."""
    before = urlsplit(request.referrer or "")
    if request.method != "POST" or before.netloc != request.host:
        return ""
    known = current_app.url_map.bind(request.host).test(before.path, "GET")
    return own_path(before.path + (f"?{before.query}" if before.query else ""), "") if known else ""


def _wants_json() -> bool:
    """A program asked, or a script of the page did."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return api.asks(request.path) or best == "application/json"
