"""The station's sense of time: what the clock says, whether it is believed, and what time was lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.clock import RELEASED, StepWatch, Trust, judge_clock
from broadcaster.ports import Clock
from broadcaster.station.ledger import Ledger
from broadcaster.station.witness import NAP, Witness

log = logging.getLogger(__name__)

LAST_SEEN = "last_seen"
"""Remembered: the latest instant at which the station was sure of the time."""
SEEN_EVERY_S = 3600.0
MOST_LOGGED = timedelta(hours=48)
"""A station that was off for longer does not explain every airing of those days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One look at the clocks."""

    wall: datetime
    monotonic: float
    was_set: timedelta
    """How far somebody set the wall clock since the last look."""
    is_trusted: bool


class Timekeeper:
    """Asked by the planner once a turn."""

    def __init__(self, clock: Clock, ledger: Ledger, said: Callable[[datetime], str]) -> None:
        self._clock = clock
        self._ledger = ledger
        self._steps = StepWatch()
        self._first_look: float | None = None
        self._last_look: float | None = None
        self._seen_at: float | None = None
        self._lost_trust_at: float | None = None
        """When the clock of the running station fell into the far past; None: it is believed, or never was."""
        self.witness = Witness(said)
        self.trust = Trust(is_trusted=False)
        self.seen_before: datetime | None = None
        """When an earlier station was last there; None: never, or it cannot be read yet."""
        self.counts_from: datetime | None = None
        """What had to start before this is not ours to explain; None while the clock is not trusted."""

    def look(self) -> Moment:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if self._first_look is None:
            self._first_look = monotonic
        if self.seen_before is None and self._seen_at is None:
            self.seen_before = self._last_seen()
        was_set = self._steps.moved(now, monotonic)
        asleep = timedelta(seconds=monotonic - self._last_look) if self._last_look is not None else timedelta()
        self._last_look = monotonic
        if was_set and self.trust.is_trusted:
            if now < RELEASED:
                self._doubt(now, monotonic)
            else:
                self._note_step(now, was_set)
        if asleep > NAP:
            log.warning("the planner stood still for %.0f s", asleep.total_seconds())
            self.witness.was_frozen(now - asleep, now)
        if not self.trust.is_trusted:
            self._judge(now, monotonic)
        elif self._seen_at is None or monotonic - self._seen_at > SEEN_EVERY_S or self._ledger.waiting:
            self._see(now, monotonic)
        return Moment(wall=now, monotonic=monotonic, was_set=was_set, is_trusted=self.trust.is_trusted)

    def believe(self, who: str) -> None:
        """A person says that the clock is right."""
        log.warning("%s says that the clock is right", who)
        self._trusted(self._clock.now(), self._clock.monotonic())

    def _judge(self, now: datetime, monotonic: float) -> None:
        before = self.trust
        self.trust = judge_clock(
            now,
            last_seen=self._last_seen(),
            is_synchronised=self._clock.is_synchronised(),
            was_trusted=before.is_trusted,
        )
        if self.trust.is_trusted:
            self._trusted(now, monotonic)
        elif before.why_not is None and self.trust.why_not is not None:
            log.error("%s", self.trust.why_not.en)

    def _doubt(self, now: datetime, monotonic: float) -> None:
        """The clock fell into a time before this program: no airing of such days is ours."""
        self._judge(now, monotonic)
        if not self.trust.is_trusted:
            self._lost_trust_at = monotonic

    def _trusted(self, now: datetime, monotonic: float) -> None:
        if self._lost_trust_at is not None and self.counts_from is not None:
            self._trust_again(now, monotonic - self._lost_trust_at)
            return
        last_seen = self._last_seen()
        began = now - timedelta(seconds=monotonic - (self._first_look or monotonic))
        held_for = now - began
        if last_seen is not None and last_seen < began:
            self.witness.was_off(last_seen, began)
            self.counts_from = max(last_seen, now - MOST_LOGGED)
        else:
            self.counts_from = began
        if held_for > NAP:
            self.witness.was_held(began, now)
        self.trust = Trust(is_trusted=True)
        self._see(now, monotonic)

    def _trust_again(self, now: datetime, lost_for_s: float) -> None:
        """The station ran on all the time, so what fell into that time is its own to explain."""
        self._lost_trust_at = None
        self.trust = Trust(is_trusted=True)
        if self.counts_from is not None:
            self.counts_from = max(self.counts_from, now - MOST_LOGGED)
        self.witness.was_held(now - timedelta(seconds=lost_for_s), now)
        self._seen_at = None

    def _note_step(self, now: datetime, was_set: timedelta) -> None:
        log.warning("the clock was set by %+.1f s", was_set.total_seconds())
        self.witness.was_set(now - was_set, now)
        if was_set < timedelta() and self.counts_from is not None:
            self.counts_from = min(self.counts_from, now)
        elif self.counts_from is not None:
            self.counts_from = max(self.counts_from, now - MOST_LOGGED)
        self._seen_at = None

    def _see(self, now: datetime, monotonic: float) -> None:
        self._seen_at = monotonic
        self._ledger.remember(LAST_SEEN, now.isoformat())

    def _last_seen(self) -> datetime | None:
        text = self._ledger.recall(LAST_SEEN)
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            return None
