"""How long ago a button was pressed, by the station's clock: what a network held back must not sound by itself later.

A phone that loses its signal in the middle of a press may deliver it minutes after its owner read that it failed.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

LATE = timedelta(seconds=20)
# Strangers may ask, and how long the machine has been up is not theirs to know.
_BEGAN_S = time.monotonic() - secrets.randbelow(1_000_000)
_LONGEST_DIGITS = 15


def stamp() -> str:
    """Now, for the browser to send back with the press."""
    return str(int((time.monotonic() - _BEGAN_S) * 1000))


def is_late(given: str) -> bool:
    """Whether a press with this stamp is too old. Without a stamp nobody can say, and it is not.

    A stamp of another run of the station lies in its future or far in its past, and is old either way.
    """
    if not given.isascii() or not given.isdigit() or len(given) > _LONGEST_DIGITS:
        return bool(given)
    age = timedelta(seconds=time.monotonic() - _BEGAN_S - int(given) / 1000)
    return not timedelta(seconds=-1) <= age <= LATE
