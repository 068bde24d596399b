"""Who is looking at the page: the cookie → a visitor of the doorkeeper, and what that person may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from broadcaster.doorkeeper import Doorkeeper, Visitor
from broadcaster.doorkeeper.lifetimes import TRUSTED_FOR
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from webui import cookies
from webui.wording import tell

COOKIE = "dalaba_in"
PLEASE_SIGN_IN = Sentence("请先登录。", "Please sign in first.")

NOT_ASKED: Any = object()

P = ParamSpec("P")
R = TypeVar("R")


class SignedIn(UserMixin):  # type: ignore[misc]
    """The visitor as Flask-Login wants to see one."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get_id(self) -> str:
        return str(self.visitor.device.id)


def look_at_visitors(app: Flask) -> None:
    """Every route is for people who are signed in, unless it is marked ``for_anybody``.

    Flask-Login keeps nothing of its own in the browser: who asks is looked up anew with each request, by our cookie.
    """
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_signed_in)
    app.before_request(_look)


def for_anybody(view: Callable[P, R]) -> Callable[P, R]:
    """This route is open to people who are not signed in."""
    view.is_for_anybody = True  # type: ignore[attr-defined]
    return view


def needs(right: Right) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """This route is for people with *right*; others read that they have not."""

    def marked(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not may(right):
                abort(403)
            return view(*args, **kwargs)

        return checked

    return marked


def me() -> Visitor | None:
    """Who asks; None: nobody is signed in."""
    visitor: Visitor | None = g.get("visitor", NOT_ASKED)
    if visitor is NOT_ASKED:
        visitor = g.visitor = current_user.visitor if current_user.is_authenticated else None
    return visitor


def my_name() -> str:
    """The name for the books. Only in routes that are not for anybody."""
    visitor = me()
    if visitor is None:
        abort(401)
    return visitor.account.name


def may(right: Right | str) -> bool:
    """Whether the one who asks has *right*; templates say it by its name, ``may("AIR")``."""
    visitor = me()
    return visitor is not None and visitor.account.may(Right[right] if isinstance(right, str) else right)


def remember(response: Response, token: str, *, is_trusted: bool) -> Response:
    """The browser is signed in from now on. What its forms knew before is worth nothing any more."""
    session.clear()
    cookies.keep(response, COOKIE, token, max_age=int(TRUSTED_FOR.total_seconds()) if is_trusted else None)
    return response


def forget(response: Response) -> Response:
    session.clear()
    cookies.drop(response, COOKIE)
    return response


def _signed_in(_: Request) -> SignedIn | None:
    doorkeeper: Doorkeeper = current_app.extensions["doorkeeper"]
    visitor = doorkeeper.visitor(cookies.kept(COOKIE))
    return None if visitor is None else SignedIn(visitor)


def _look() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    is_static = (request.endpoint or "").endswith("static")
    if view is None or is_static or getattr(view, "is_for_anybody", False) or me() is not None:
        return None
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return {"error": PLEASE_SIGN_IN.zh, "error_en": PLEASE_SIGN_IN.en}, 401
    if request.path not in ("/", "/today"):
        tell(PLEASE_SIGN_IN)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=back), 303)
