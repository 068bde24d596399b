"""Keeps what sound drivers print out of the log of the station."""

from __future__ import annotations

import os
import sys


def hush_drivers() -> None:
    """They print six lines for each try to open a card that is away: these go nowhere, ours where they did."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
