"""The English of the page: Chinese texts are written in code and templates, their English in ``translations/en/*.po``.

One file for each subject. They are read together when the page starts, so that nothing has to be compiled by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent / "translations" / "en"


class Spoken(Domain):  # type: ignore[misc] # Flask-Babel has no types
    """Chinese as it is written, English from the catalogues."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return english() if locale is not None and locale.language == "en" else NullTranslations()


class Languages(Babel):  # type: ignore[misc]
    """Babel with our catalogues in place of compiled files."""

    domain_instance = Spoken()


def speak(app: Flask, language: Callable[[], str]) -> None:
    """Give the application its languages; *language* says which one a request wants, ``zh`` or ``en``."""
    Languages(app, default_locale="zh", locale_selector=language)


@cache
def english() -> NullTranslations:
    """All catalogues as one."""
    whole = Catalog(locale="en")
    for catalogue in catalogues().values():
        for message in catalogue:
            if message.id:
                whole.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)


@cache
def in_english() -> Mapping[str, str]:
    """Every message with its English."""
    return {
        str(message.id): str(message.string)
        for one in catalogues().values()
        for message in one
        if message.id and message.string
    }


def catalogues() -> dict[str, Catalog]:
    """By the name of their file."""
    found = {}
    for file in sorted(FOLDER.glob("*.po")):
        with file.open("rb") as text:
            found[file.name] = read_po(text, locale="en", abort_invalid=True)
    return found
