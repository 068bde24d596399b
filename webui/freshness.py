"""How long ago a button was pressed, by the station's clock: what a network held back must not sound by itself later.

A phone that loses its signal in the middle of a press may deliver it minutes after its owner read that it failed.
"""

from __future__ import annotations

import time
from datetime import timedelta

LATE = timedelta(seconds=20)
_LONGEST_DIGITS = 15


def stamp() -> str:
    """Now, for the browser to send back with the press."""
    return str(int(time.monotonic() * 1000))


def is_late(given: str) -> bool:
    """Whether a press with this stamp is too old. Without a stamp nobody can say, and it is not.

    A stamp from before the machine was started lies in the future, and is old, too.
    """
    if not given.isascii() or not given.isdigit() or len(given) > _LONGEST_DIGITS:
        return bool(given)
    age = timedelta(seconds=time.monotonic() - int(given) / 1000)
    return not timedelta(seconds=-1) <= age <= LATE
