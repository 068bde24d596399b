"""What was typed and not taken yet stays in the browser; here the station says which of it has been taken.

The browser gives each draft a random number and sends it along with the form. Numbers of forms that were taken stand in
the next pages, for the script that keeps the drafts; so does the account whose drafts go because it signed out.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request, session

from broadcaster.model.people import AccountId
from webui.visitors import me

NUMBER = re.compile(r"[0-9a-f]{16}", re.ASCII)
TAKEN = "drafts_taken"
KEPT = 8
"""Several, so that an answer that is lost on the way matters to nobody."""
EVERYTHING_OF = "*"


def keep_track(app: Flask) -> None:
    """A form that ends in a redirection (303) was taken; other ways to be taken say so with ``taken``."""

    @app.after_request
    def look(response: Response) -> Response:
        if request.method == "POST" and response.status_code == 303 and me() is not None:
            taken()
        return response

    app.jinja_env.globals["drafts_taken"] = lambda: " ".join(session.get(TAKEN, ()))
    app.jinja_env.globals["draft_number"] = number


def number() -> str:
    """Of the draft that this request was typed from; empty: none."""
    given = request.form.get("draft", "") if request.method == "POST" else ""
    return given if NUMBER.fullmatch(given) else ""


def taken() -> None:
    """What this request brought is where it belongs: its draft may go."""
    if number():
        _tell(number())


def forget_all_of(account: AccountId) -> None:
    """Somebody signs out: what they typed is not left behind for whoever uses this browser next."""
    _tell(f"{EVERYTHING_OF}{account}")


def _tell(word: str) -> None:
    before = [one for one in session.get(TAKEN, ()) if one != word]
    session[TAKEN] = [*before[1 - KEPT :], word]
