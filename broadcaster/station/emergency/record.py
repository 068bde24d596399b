"""What was asked for in each emergency, and how far it came, kept in the store: it goes on after a power cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.station.decks import DeckState
from broadcaster.station.emergency.calls import CALLED_SLOTS, Asked, asked_from
from broadcaster.station.emergency.journal import Journal
from broadcaster.station.ledger import Ledger
from broadcaster.station.underway import Live


class CallRecord:
    """Owned by the planner."""

    def __init__(self, ledger: Ledger, journal: Journal) -> None:
        self._ledger = ledger
        self._journal = journal
        self._begun: dict[AiringId, int] = {}

    def take_up(self) -> Mapping[AiringId, str]:
        """Write down what an earlier station called and had no time to write; those that were stopped, and by whom.

        Raises StoreFailed.
        """
        for airing, noted in self._journal.called.items():
            at = noted.entry.planned_at
            if airing not in self._ledger.entries and not self._ledger.between(at, at + timedelta(seconds=1)):
                self._ledger.write(noted.entry)
                self.keep(airing, noted.asked)
        for airing in {*self._journal.called, *self._journal.stopped}.difference(self._ledger.entries):
            self._journal.drop(airing)
        return self._journal.stopped

    def settle(self) -> None:
        """Forget what was noted until the store had it."""
        if not self._ledger.waiting:
            self._journal.settle(self._ledger.entries)

    def keep(self, airing: AiringId, asked: Asked, begun: int = 0) -> None:
        """*begun*: how often its words have begun to sound."""
        kept = asked.told() | {"begun": begun}
        self._ledger.remember(f"emergency:{airing}", json.dumps(kept, ensure_ascii=False))

    def asked(self, airing: AiringId) -> Asked | None:
        """What is left of what was asked for: a play that was cut off counts as not heard. None: it is not known."""
        try:
            kept = json.loads(self._ledger.recall(f"emergency:{airing}") or "")
            asked, begun = asked_from(kept), int(kept.get("begun", 0))
        except (ValueError, KeyError, TypeError):
            return None
        return replace(asked, plays=max(1, asked.times - max(0, begun - 1))) if asked.times else asked

    def ends(self, entries: Iterable[LogEntry]) -> Mapping[AiringId, datetime]:
        """The end times of those that have no fate yet."""
        found = {}
        for entry in entries:
            if entry.slot in CALLED_SLOTS and not entry.fate.is_final:
                asked = self.asked(entry.airing)
                if asked is not None and asked.until is not None:
                    found[entry.airing] = asked.until
        return found

    def note_plays(self, lives: Iterable[Live], decks: Mapping[str, DeckState]) -> None:
        """Write down how often those with a count have begun, each time it grows."""
        counted = {live.entry.airing: live for live in lives if live.entry.slot in CALLED_SLOTS and live.cue.plays > 1}
        self._begun = {airing: begun for airing, begun in self._begun.items() if airing in counted}
        for airing, live in counted.items():
            levels = (deck.level for output in live.parts if (deck := decks.get(output)) is not None)
            begun = max((level.play for level in levels if level is not None and level.airing == airing), default=0)
            if begun > self._begun.get(airing, 1):
                self._begun[airing] = begun
                asked = self._first_asked(airing)
                if asked is not None:
                    self.keep(airing, asked, begun)

    def _first_asked(self, airing: AiringId) -> Asked | None:
        try:
            return asked_from(json.loads(self._ledger.recall(f"emergency:{airing}") or ""))
        except (ValueError, KeyError, TypeError):
            return None
