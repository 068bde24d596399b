"""What a cookie of the page is called, and how it is put into the browser and taken out of it again."""

from __future__ import annotations

from flask import Response, request

OVER_TLS = "__Host-"
"""A browser takes a cookie of such a name from this host alone and over TLS alone: neither a page without TLS on the
same machine nor one of a neighbouring name can plant it."""


def name(plain: str) -> str:
    """The name in this request."""
    return f"{OVER_TLS}{plain}" if request.is_secure else plain


def kept(plain: str) -> str:
    """What the browser holds under this name; empty where there is nothing."""
    return request.cookies.get(name(plain), "")


def keep(response: Response, plain: str, value: str, *, max_age: int | None) -> None:
    """*max_age* None: until the browser is closed."""
    response.set_cookie(
        name(plain), value, max_age=max_age, httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )


def drop(response: Response, plain: str) -> None:
    response.delete_cookie(name(plain), httponly=True, secure=request.is_secure, samesite="Lax", path="/")
