"""How the page looks, and what a phone needs to install it: size and colours, manifest, icon, help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui import bootstrap, cookies, look, shield
from webui.pages import Page
from webui.parts import station
from webui.shield import own_path
from webui.visitors import for_anybody

looks = Blueprint("looks", __name__)
PAGE = Page(blueprint=looks)

A_YEAR_S = 365 * 24 * 3600


@looks.post("/look")
@for_anybody
def choose() -> ResponseReturnValue:
    """Keep the choice in the browser, and go back to where it was made."""
    given = {name: request.form[name] for name in look.CHOICES if request.form.get(name) in look.CHOICES[name]}
    back = own_path(request.form.get("back", ""), url_for("today.page"))
    response = redirect(back, 303)
    cookies.keep(response, look.COOKIE, replace(look.current(), **given).cookie, max_age=A_YEAR_S)  # type: ignore[arg-type]
    return response


@looks.get("/more")
def more() -> str:
    """Every subject, for phones whose bar has no room."""
    return render_template("more.html")


@looks.get("/manifest.webmanifest")
@for_anybody
def manifest() -> Response:
    """A phone puts the page on its home screen."""
    told: dict[str, Any] = {
        "name": station().about().name,
        "short_name": "大喇叭",
        "lang": "zh-CN",
        "start_url": url_for("today.page"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#0b5d4b",
        "icons": [
            {"src": url_for("static", filename="icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
            *(
                {"src": url_for("looks.png", size=size), "type": "image/png", "sizes": f"{size}x{size}"}
                for size in (192, 512)
            ),
        ],
        "shortcuts": [{"name": "紧急广播", "url": url_for("emergency.page")}],
    }
    response = jsonify(told)
    response.mimetype = "application/manifest+json"
    return response


@looks.get("/bootstrap-<version>.css")
@for_anybody
def sheet(version: str) -> Response:
    """What our pages use of Bootstrap. Its name changes with it, so a browser asks for it once."""
    kept = shield.FOR_EVER if version == bootstrap.version() else "no-cache"
    return Response(bootstrap.sheet(), mimetype="text/css", headers={"Cache-Control": kept})


@looks.get("/icon-<int(min=16, max=512):size>.png")
@for_anybody
def png(size: int) -> Response:
    """The horn, drawn by code."""
    from webui.horn import drawn

    return Response(drawn(size), mimetype="image/png", headers={"Cache-Control": "max-age=86400"})
