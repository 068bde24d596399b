"""How long somebody stays signed in without being seen."""

from __future__ import annotations

from datetime import timedelta

TRUSTED_FOR = timedelta(days=180)
"""A person's own phone."""
OTHERWISE_FOR = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is known when a device was last seen; each look would be a write."""
