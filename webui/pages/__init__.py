"""The subjects of the page: one module each, found by being here. A module that has a ``PAGE`` is part of the page.

To add a subject, add a file; nothing else has to know. ``order`` places it in the navigation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint
from flask_babel import LazyString

from broadcaster.model.people import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One subject: its routes, and its entry in the navigation."""

    blueprint: Blueprint
    title: LazyString | None = None
    """In the navigation; None: not there."""
    icon: str = ""
    """The name of a Bootstrap icon."""
    home: str = ""
    """The endpoint of its first page, ``today.page``."""
    order: int = 100
    is_in_bar: bool = False
    """True: also in the bar at the bottom of a phone, which has room for three."""
    right: Right | None = None
    """Who may see the entry; None: whoever is signed in. The routes ask for themselves."""


def all_pages() -> Iterable[Page]:
    """In the order of the navigation."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    pages = [module.PAGE for module in modules if hasattr(module, "PAGE")]
    return sorted(pages, key=lambda page: (page.order, page.blueprint.name))
