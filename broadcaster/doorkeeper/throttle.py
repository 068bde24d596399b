"""Makes whoever gets it wrong wait longer and longer, counted where a restart does not forget it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from broadcaster.doorkeeper.patience import after_a_failure, must_wait
from broadcaster.errors import Refused
from broadcaster.model.people import Failures
from broadcaster.model.words import Sentence
from broadcaster.ports import Clock, FailureBook


class Throttle:
    """Each key, ``addr:192.168.1.9``, is a row of failures of its own."""

    def __init__(self, failures: FailureBook, clock: Clock) -> None:
        self._failures = failures
        self._clock = clock

    def check(self, keys: Iterable[str]) -> None:
        """Raises Refused while somebody has to wait, and StoreFailed."""
        wait = must_wait(self._failures.failures(keys), self._clock.now())
        if wait > timedelta():
            seconds = int(wait.total_seconds()) + 1
            raise Refused(
                Sentence(
                    f"输错太多次了，请等 {seconds} 秒再试。",
                    f"too many wrong tries: wait {seconds} seconds, then try again.",
                )
            )

    def failed(self, keys: tuple[str, ...]) -> None:
        """One more wrong try. Raises StoreFailed."""
        now = self._clock.now()
        known = {one.key: one for one in self._failures.failures(keys)}
        self._failures.save_failures(after_a_failure(key, known.get(key), now) for key in keys)

    def forgive(self, keys: Iterable[str]) -> None:
        """It was right. Raises StoreFailed."""
        self._failures.save_failures(Failures(key=key, count=0, last_at=self._clock.now()) for key in keys)
