"""What was called and stopped, on the disk before the caller hears that it worked: a killed station forgets no flood.

The planner's row in the log comes a fraction of a second later, or hours, where the store fails. One line of JSON
for each deed in ``var/emergencies.jsonl``; the file is emptied as soon as the store knows everything in it. A disk
that is full or hangs holds up no emergency.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from broadcaster.durable import append_durably, write_durably
from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import Fate
from broadcaster.station.emergency.calls import Asked, asked_from

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""So long a caller waits for the disk; what was called sounds by then."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One that was called, as an earlier station noted it."""

    entry: LogEntry
    asked: Asked


class Journal:
    """Notes from any thread; everything else by the planner."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.called: dict[AiringId, Noted] = {}
        """Those of earlier stations that the store may not know."""
        self.stopped: dict[AiringId, str] = {}
        """Those that somebody stopped before an earlier station died, and who."""
        self._open: dict[AiringId, bool] = {}
        """What the store may not have; True: it has to have its end, too."""
        self._read()

    def note_call(self, entry: LogEntry, asked: Asked) -> None:
        """*asked* is on its way to the decks as *entry*."""
        told = {
            "called": entry.airing,
            "at": entry.planned_at.isoformat(),
            "title": entry.title,
            "zones": list(entry.zones),
            "asked": asked.told(),
        }
        self._note(entry.airing, told, ends=False)

    def note_stop(self, airing: AiringId, who: str) -> None:
        """*who* wants it to be heard no more."""
        self._note(airing, {"stopped": airing, "who": who}, ends=True)

    def settle(self, known: Mapping[AiringId, LogEntry]) -> None:
        """The store has these rows. Where it needs nothing from the file any more, the file is emptied."""
        if not self._open or not self._lock.acquire(blocking=False):  # a disk that hangs must not hold up a turn
            return
        try:
            if all(
                airing in known and (known[airing].fate.is_final or not ends) for airing, ends in self._open.items()
            ):
                write_durably(self._file, b"")
                self._open.clear()
        except OSError as error:
            log.warning("the journal of emergencies cannot be emptied: %s", error)
        finally:
            self._lock.release()

    def drop(self, airing: AiringId) -> None:
        """The store has had a row of this for long."""
        self._open.pop(airing, None)

    def _note(self, airing: AiringId, told: dict[str, Any], *, ends: bool) -> None:
        line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        writing = threading.Thread(target=self._append, args=(airing, line, ends), name="journal", daemon=True)
        writing.start()
        writing.join(PATIENCE_S)

    def _append(self, airing: AiringId, line: bytes, ends: bool) -> None:
        with self._lock:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                append_durably(self._file, line)
            except OSError as error:
                log.error("emergency %s is not in the journal: %s", airing, error)
                return
            self._open[airing] = ends

    def _read(self) -> None:
        try:
            lines = self._file.read_bytes().splitlines()
        except FileNotFoundError:
            return
        except OSError as error:
            log.error("the journal of emergencies cannot be read: %s", error)
            return
        for line in lines:
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):  # the power went while it was written
                log.warning("a line of the journal of emergencies is not whole: %r", line[:80])

    def _take(self, told: dict[str, Any]) -> None:
        if "stopped" in told:
            airing = AiringId(told["stopped"])
            self.stopped[airing] = str(told["who"])
            self._open[airing] = True
            return
        asked = asked_from(told["asked"])
        entry = LogEntry(
            airing=AiringId(told["called"]),
            slot=asked.kind.slot,
            title=str(told["title"]),
            planned_at=datetime.fromisoformat(told["at"]),
            priority=asked.kind.priority,
            zones=tuple(str(zone) for zone in told["zones"]),
            fate=Fate.CLAIMED,
            who=asked.who,
        )
        self.called[entry.airing] = Noted(entry, asked)
        self._open.setdefault(entry.airing, False)
