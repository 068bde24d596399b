"""How a person wants the page: size of text, light or dark, language. Kept in a cookie of the browser."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g

from webui import cookies

COOKIE = "dalaba_look"
CHOICES = {"size": ("18", "22", "26", "30"), "theme": ("auto", "light", "dark"), "language": ("zh", "en")}
"""The first is the usual; for the language it is the station's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    size: str = "18"
    """Of the main text, in points."""
    theme: str = "auto"
    language: str = "zh"

    @property
    def cookie(self) -> str:
        return f"{self.size}.{self.theme}.{self.language}"


def current() -> Look:
    """What this browser asked for, as far as it can be understood."""
    found: Look | None = g.get("look")
    if found is None:
        kept = cookies.kept(COOKIE).split(".")
        station = current_app.extensions["station"].about().language
        usual = {"size": "18", "theme": "auto", "language": "zh" if station.lower().startswith("zh") else "en"}
        given = dict(zip(CHOICES, kept, strict=False))
        found = g.look = Look(**usual | {name: value for name, value in given.items() if value in CHOICES[name]})
    return found


def language() -> str:
    """For Babel."""
    return "zh" if current().language == "zh" else "en"
