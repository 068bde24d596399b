"""Signs out of the sheet that Bootstrap-Flask brings, put into the page itself: the whole sheet would be a megabyte."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import flask_bootstrap
from markupsafe import Markup

SHEET = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
SYMBOL = re.compile(r'<symbol[^>]*?id="(?P<name>[a-z0-9-]+)"[^>]*>(?P<lines>.*?)</symbol>', re.DOTALL)


@cache
def icon(name: str) -> Markup:
    """The sign, for eyes only: words stand beside it. Raises KeyError for a name that the sheet does not have."""
    lines = _sheet()[name]
    # The sheet is a file of an installed package, and *name* one of our own templates' words.
    return Markup(  # noqa: S704
        f'<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">{lines}</svg>'
    )


@cache
def _sheet() -> dict[str, str]:
    text = SHEET.read_text(encoding="utf-8")
    return {found["name"]: found["lines"] for found in SYMBOL.finditer(text)}
