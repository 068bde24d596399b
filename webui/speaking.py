"""Chinese words of the page → the language of the request: ``_`` now, ``_l`` when they are shown.

Flask-Babel chooses the language and brings the English of its own forms; our words are looked up here, in one dict,
because a page has hundreds of them and Flask-Babel asked four times for each who is asking (a third of a page's time).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask, has_request_context
from flask_babel import LazyString
from markupsafe import Markup

from webui import look
from webui.catalogue import in_english

NOTHING: Mapping[str, str] = {}


def _(words: str, **values: object) -> str:
    """*words*, Chinese as written here, in the language of the request."""
    said = _known().get(words, words)
    return said % values if values else said


def _l(words: str, **values: object) -> LazyString:
    """The same, put off until a request shows it: for names that are written down once, when the module is read."""
    return LazyString(_, words, **values)


def teach(app: Flask) -> None:
    """Give the templates ``_``. What stands in templates is ours and safe; what is put into it is escaped."""
    app.jinja_env.globals["_"] = _in_a_page


def _in_a_page(words: str, **values: Any) -> Markup:
    said = _safe(_known().get(words, words))
    return said % values if values else said


def _known() -> Mapping[str, str]:
    """What is said otherwise than it is written."""
    return in_english() if has_request_context() and look.current().language == "en" else NOTHING


@cache
def _safe(said: str) -> Markup:
    """As many as there are messages in our catalogues and templates."""
    return Markup(said)  # noqa: S704
