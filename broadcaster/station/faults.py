"""What is wrong with the station right now, by name, so that a fault is shown once and goes away when it is mended."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from broadcaster.model.words import Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that a person should mend; the air goes on meanwhile."""

    name: str
    """Stable, for programs: ``log``, ``schedule``, ``output.main``."""
    what: Sentence
    since: datetime


class Faults:
    """The faults of one station, told by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}

    def tell(self, name: str, what: Sentence, now: datetime) -> None:
        """There is this fault, since *now* unless it was there already."""
        with self._lock:
            before = self._faults.get(name)
            self._faults[name] = Fault(name=name, what=what, since=before.since if before else now)
        if before is None or before.what != what:
            log.error("fault %s: %s", name, what.en)

    def mend(self, name: str) -> None:
        with self._lock:
            gone = self._faults.pop(name, None)
        if gone is not None:
            log.info("fault %s is over", name)

    def all(self) -> tuple[Fault, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(sorted(self._faults.values(), key=lambda fault: (fault.since, fault.name)))
