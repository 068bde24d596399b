"""Wakes the planner several times a second, whatever happens to the clock or to a thread.

APScheduler counts in wall time: after the clock is set back an hour its next run is an hour away (measured: days of
silence). So it only wakes, keeps nothing, and a second thread on the monotonic clock wakes it up again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.interval import IntervalTrigger

from broadcaster.ports import Clock

log = logging.getLogger(__name__)

EVERY_S = 0.25
ASLEEP_S = 1.0
JOB = "planner"


class Waker:
    """Calls *turn* every quarter of a second, one call at a time."""

    def __init__(self, turn: Callable[[], None], clock: Clock, alive: Callable[[], None]) -> None:
        """*alive* is called after each turn that went well."""
        self._turn = turn
        self._clock = clock
        self._alive = alive
        self._scheduler: BackgroundScheduler | None = None
        self._end = threading.Event()
        self._is_turning = threading.Lock()
        self._last_turn = clock.monotonic()
        self._watch = threading.Thread(target=self._keep_awake, name="waker", daemon=True)

    def start(self) -> None:
        self._scheduler = self._new_scheduler()
        self._watch.start()

    def close(self) -> None:
        """Safe to call twice; waits for the turn that is going on."""
        self._end.set()
        if self._watch.is_alive():
            self._watch.join()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    @property
    def asleep_s(self) -> float:
        """Seconds since the last turn ended."""
        return self._clock.monotonic() - self._last_turn

    def turn_once(self) -> None:
        """One turn, unless one is going on. Never raises: the next turn follows."""
        if not self._is_turning.acquire(blocking=False):
            return
        try:
            self._turn()
            self._alive()
        except Exception:  # one turn of the station: the next is made all the same
            log.exception("a turn of the planner failed; the next one follows")
        finally:
            self._last_turn = self._clock.monotonic()
            self._is_turning.release()

    def _new_scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC, daemon=True)
        scheduler.add_job(
            self.turn_once,
            IntervalTrigger(seconds=EVERY_S, timezone=UTC),
            id=JOB,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        scheduler.start()
        return scheduler

    def _keep_awake(self) -> None:
        while not self._end.wait(ASLEEP_S / 2):
            if self.asleep_s < ASLEEP_S or self._is_turning.locked():
                continue
            log.warning("the planner slept for %.1f s (was the clock set?) and is woken", self.asleep_s)
            try:
                self._wake()
            except Exception:  # whatever it is: a scheduler that sleeps on must be replaced
                log.exception("the scheduler could not be woken; a new one takes over")
                self._scheduler = self._new_scheduler()
            self.turn_once()

    def _wake(self) -> None:
        scheduler = self._scheduler
        if scheduler is None or scheduler.state != STATE_RUNNING or not scheduler._thread.is_alive():
            self._scheduler = self._new_scheduler()
            return
        scheduler.modify_job(JOB, next_run_time=datetime.now(UTC))
        scheduler.wakeup()
