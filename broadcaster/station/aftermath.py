"""After a crash or a power cut: what an earlier station left on the air goes on, is planned again, or is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from broadcaster.errors import Refused, StoreFailed
from broadcaster.model.airing import Airing, AiringId, LogEntry
from broadcaster.model.words import Fate, Sentence, joined
from broadcaster.playout.cue import LastWords
from broadcaster.station.claims import NO_CLIP, cue_of
from broadcaster.station.emergency.calls import CALLED_SLOTS
from broadcaster.station.emergency.record import CallRecord
from broadcaster.station.onair import OnAir, Told
from broadcaster.station.parts import Parts
from broadcaster.station.recovery import CallAgain, Close, GoOn, PlanAgain, lacking, recover
from broadcaster.station.timekeeper import Moment
from broadcaster.station.underway import Part

log = logging.getLogger(__name__)

KNOWN = frozenset(part.value for part in Part)


class Aftermath:
    """Called by the planner, within its turn."""

    def __init__(self, parts: Parts, record: CallRecord, on_air: OnAir, apply: Callable[[Told], None]) -> None:
        self._parts = parts
        self._record = record
        self._on_air = on_air
        self._apply = apply
        self._has_recovered = False
        self._last_words: dict[str, LastWords] = {}
        """By output; a deck's are forgotten on the disk with reading, and two looks at the log need them."""
        self._called_again: set[AiringId] | None = None
        """Emergencies of an earlier station that went on; None: nobody could look yet."""

    def call_again(self, moment: Moment) -> None:
        """Emergencies go on at once: a box without a battery wakes up in the past, and the water does not wait.

        While the clock is not trusted, no time has passed since the station was last seen, as far as anybody knows.
        """
        if self._called_again is not None or not self._parts.ledger.is_loaded:
            return
        try:
            stopped = self._record.take_up()
        except StoreFailed:
            return  # tried again with the next turn
        calls = [entry for entry in self._left_behind() if entry.slot in CALLED_SLOTS]
        self._called_again = {entry.airing for entry in calls}
        seen = self._parts.time.seen_before
        now = moment.wall if moment.is_trusted or seen is None else max(moment.wall, seen)
        words = self._read_last_words()
        for step in recover(calls, (), words, now, self._lacked, self._record.ends(calls), seen, stopped):
            log.warning("after a restart: %s %s", type(step).__name__, step.entry.airing)
            if isinstance(step, CallAgain):
                self._call_again(step.entry, now)
            else:
                self._parts.ledger.write(step.entry)

    def recover(self, airings: list[Airing], moment: Moment) -> None:
        """Once, as soon as the clock is believed and there is a plan."""
        if self._has_recovered or self._called_again is None:
            return
        self._has_recovered = True
        left_behind = [entry for entry in self._left_behind() if entry.airing not in self._called_again]
        for step in recover(left_behind, airings, self._read_last_words(), moment.wall, self._lacked):
            log.warning("after a restart: %s %s", type(step).__name__, step.entry.airing)
            match step:
                case PlanAgain(entry=entry) | Close(entry=entry):
                    self._parts.ledger.write(entry)
                case GoOn(entry=entry, airing=airing, position=position):
                    self._go_on(entry, airing, position, moment)

    def remember_who_is_done(self) -> None:
        """An output that was away keeps an airing open; after a crash the others must not play it once more."""
        for live in self._on_air.all():
            name = f"over:{live.entry.airing}"
            done = " ".join(f"{output}={part.value}" for output, part in live.over.items())
            if done and self._parts.ledger.recall(name) != done:
                self._parts.ledger.remember(name, done)

    def _left_behind(self) -> list[LogEntry]:
        return [entry for entry in self._parts.ledger.entries.values() if entry.airing not in self._on_air]

    def _read_last_words(self) -> dict[str, LastWords]:
        for output in self._parts.books.schedule.outputs:
            words = self._parts.last_words(output.name)
            if words is not None:
                self._last_words[output.name] = words
        return self._last_words

    def _over(self, airing: AiringId) -> dict[str, Part]:
        """The outputs that were done with it when the station died, and how they ended."""
        told = (word.partition("=") for word in (self._parts.ledger.recall(f"over:{airing}") or "").split())
        return {output: Part(part) for output, _, part in told if part in KNOWN}

    def _lacked(self, entry: LogEntry) -> Sentence:
        schedule = self._parts.books.schedule
        outputs = schedule.outputs_of(entry.zones or [zone.name for zone in schedule.zones])
        return lacking(outputs, self._over(entry.airing), self._last_words, entry.airing)

    def _call_again(self, entry: LogEntry, now: datetime) -> None:
        asked = self._record.asked(entry.airing)
        try:
            if asked is not None:
                left = asked.until - now if asked.until is not None else None
                asked = replace(asked, zones=entry.zones, reason=asked.reason or entry.title)
                self._parts.desk.call(asked, again=entry.airing, left=left)
                return
        except Refused as error:
            log.error("emergency %s cannot go on: %s", entry.airing, error)
        self._parts.ledger.write(replace(entry, fate=Fate.INTERRUPTED))

    def _go_on(self, entry: LogEntry, airing: Airing, position: int, moment: Moment) -> None:
        clip = self._parts.ahead.find(entry.clip)
        if clip is None:
            self._parts.ledger.write(replace(entry, fate=Fate.INTERRUPTED, reason=joined((entry.reason, NO_CLIP))))
            return
        over = self._over(entry.airing)
        outputs = tuple(one for one in self._parts.books.schedule.outputs_of(airing.slot.zones) if one not in over)
        lacked = lacking(over, over, self._last_words, entry.airing)
        if not outputs:
            fate = Fate.AIRED if Part.WHOLE in over.values() else Fate.INTERRUPTED
            reason = joined((entry.reason, lacked))
            self._parts.ledger.write(replace(entry, fate=fate, finished_at=moment.wall, reason=reason))
            return
        self._on_air.go_on(entry, cue_of(airing, clip, self._parts.clip_path), outputs, position, lacked)
        for output in outputs:
            ready = self._parts.decks.states[output].ready
            if ready is not None:
                self._apply(self._on_air.report(output, ready, moment.wall))
