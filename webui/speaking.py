"""Chinese words of the page → the language of the request: ``_`` now, ``_l`` when they are shown."""

from __future__ import annotations

import flask_babel


def _(words: str, **values: object) -> str:
    """*words*, Chinese as written here, in the language of the request."""
    return str(flask_babel.gettext(words, **values))


def _l(words: str, **values: object) -> flask_babel.LazyString:
    """The same, put off until a request shows it: for names that are written down once, when the module is read."""
    return flask_babel.lazy_gettext(words, **values)
