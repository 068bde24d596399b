"""How many requests a program may make: a bucket that fills steadily and holds a few more than the usual."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

MOST_KNOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many a minute in the long run, and so many at once."""

    a_minute: int
    at_once: int


class Buckets:
    """May be used from any thread. Forgotten with a restart, which no program can bring about."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By key: how many were left, and at what monotonic second."""

    def take(self, key: str, pace: Pace, monotonic: float) -> int:
        """Take one out. 0: it was there; else how many whole seconds to wait for it."""
        a_second = pace.a_minute / 60
        with self._lock:
            left, since = self._left.pop(key, (float(pace.at_once), monotonic))
            left = min(float(pace.at_once), left + (monotonic - since) * a_second)
            is_there = left >= 1
            self._left[key] = (left - 1 if is_there else left, monotonic)
            if len(self._left) > MOST_KNOWN:
                self._left.popitem(last=False)
        return 0 if is_there else math.ceil((1 - left) / a_second)
