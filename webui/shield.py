"""What every answer carries, and which questions are not answered: forged hosts, foreign frames, inline scripts."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from webui.encryption import Encryption, strict_transport

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's own signs are data: images in its stylesheet
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
NOT_MY_NAME = (
    "请用数字地址打开本页，或者把这个名字写进 schedule.toml 的 [page] hosts。\n"
    "Open this page by its number, or write this name into [page] hosts of schedule.toml.\n"
)
ONLY_ENCRYPTED = (
    "本页只走加密的网址，什么也没有做。请把网址开头的 http:// 换成 https://。密码或令牌已经明着传过一次，请换掉。\n"
    "This page is encrypted only; nothing was done. Write https:// instead of http://. A password or token that was in "
    "this request has travelled in clear: change it.\n"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}

FOR_EVER = "public, max-age=31536000, immutable"
"""For what changes its address when it changes."""


def raise_it(app: Flask) -> None:
    """Before anything else looks at a request, and after everything else has answered."""

    @app.before_request
    def known_host() -> ResponseReturnValue | None:
        if is_own(request.host, current_app.extensions["station"].about().page.hosts):
            return None
        return Response(NOT_MY_NAME, 421, content_type="text/plain; charset=utf-8")

    @app.before_request
    def encrypted() -> ResponseReturnValue | None:
        """Who typed ``http://`` is shown the way. It is not for ever: an owner may take the certificate out again."""
        if _encryption() is None or request.is_secure:
            return None
        if request.method in ("GET", "HEAD") and "Authorization" not in request.headers:
            return redirect(urlunsplit(("https", *urlsplit(request.url)[1:])), 307)
        return Response(ONLY_ENCRYPTED, 403, content_type="text/plain; charset=utf-8")

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_EVER
        _keep_private(response)
        encryption = _encryption()
        if encryption is not None and request.is_secure:
            now = current_app.extensions["station"].now()
            response.headers["Strict-Transport-Security"] = strict_transport(encryption.certificate, now)
        return response


def _keep_private(response: Response) -> None:
    """What only those who are signed in may see is kept by nobody on the way, and pages and backups by no browser."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_open = (request.endpoint or "").endswith("static") or getattr(view, "is_for_anybody", False)
    kept = response.cache_control
    if is_open and "Cache-Control" in response.headers:
        return
    if kept.max_age and response.status_code < 400:
        kept.public, kept.private = False, True
    else:
        response.headers["Cache-Control"] = "no-store"


def _encryption() -> Encryption | None:
    found: Encryption | None = current_app.extensions["encryption"]
    return found


def is_own(host: str, more: tuple[str, ...] = ()) -> bool:
    """Whether the page may be called so: by number, by the machine's own name, or by a name of the schedule.

    A page on the internet that makes its own name lead here (DNS rebinding) needs a name, and has none of these.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        urlsplit(f"//{host}").port  # noqa: B018 # raises where there is no number behind the colon
    except ValueError:
        return False
    machine = socket.gethostname().lower()
    if name in {"localhost", machine, machine.partition(".")[0], f"{machine.partition('.')[0]}.local", *more}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def own_path(given: str, otherwise: str) -> str:
    """*given* when it leads to a page of ours, else *otherwise*: nobody is sent away from here."""
    leads_away = not given.startswith("/") or given.startswith("//") or "\\" in given or not given.isprintable()
    return otherwise if leads_away else given
