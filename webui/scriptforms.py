"""What stands in the form of a script, as typed, so that a wrong field costs nobody a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from broadcaster.model.texts import Wording
from broadcaster.station.scriptdesk import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    title: str = ""
    body: str = ""
    author: str = ""
    expires: str = ""
    voice: str = ""
    recording: str = ""
    based_on: str = ""
    """The hash of the revision that the person began with."""
    does: str = ""
    """Which button was pressed: ``save``, ``look``, ``listen`` or ``record``."""

    @staticmethod
    def of(found: Opened) -> Typed:
        wording = found.wording
        return Typed(
            title=wording.title,
            body=wording.body,
            author=wording.author,
            expires=wording.expires.isoformat() if wording.expires else "",
            voice=wording.voice,
            recording=wording.recording,
            based_on=found.sha256,
        )

    @property
    def has_wrong_date(self) -> bool:
        return bool(self.expires) and _date(self.expires) is None

    def wording(self) -> Wording:
        return Wording(
            title=self.title,
            body=self.body,
            author=self.author,
            expires=_date(self.expires),
            voice=self.voice,
            recording=self.recording,
        )


def read_form(form: Mapping[str, str]) -> Typed:
    """Line ends made ``\\n``; nothing else is changed."""
    given = {
        field: form.get(field, "").replace("\r\n", "\n")
        for field in ("title", "body", "author", "expires", "voice", "recording", "based_on", "does")
    }
    given["expires"] = given["expires"].strip()
    return Typed(**given)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
