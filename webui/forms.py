"""Forms of the page: what was typed, checked field by field, with the complaint beside the field."""

from __future__ import annotations

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form with its own guard against forged requests. ``validate_on_submit`` is False for a GET."""
