"""Addresses of pages, each computed once: a page has up to a hundred links, most of them on every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, url_for

MOST_KEPT = 4_000


def teach(app: Flask) -> None:
    """Give the templates ``url_for`` with a memory."""
    app.jinja_env.globals["url_for"] = remembered(url_for)


def remembered(made: Callable[..., str]) -> Callable[..., str]:
    """*made* with a memory, for endpoints and values on which alone an address depends.

    An endpoint that is relative to the page (``.page``), and values that are neither words nor numbers, are computed.
    """

    @lru_cache(MOST_KEPT)
    def known(endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
        return made(endpoint, **dict(values))

    def address(endpoint: str, **values: Any) -> str:
        if endpoint.startswith(".") or not all(type(one) in (str, int) for one in values.values()):
            return made(endpoint, **values)
        return known(endpoint, tuple((name, str(value)) for name, value in values.items()))

    return address
