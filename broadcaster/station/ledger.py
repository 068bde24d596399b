"""The as-run log and the changes of the day, memory first.

What happened is known here at once and written to the store at once. When the store fails, the air goes on from
memory, a fault is told, and everything is written as soon as the disk works again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from broadcaster.errors import StoreFailed
from broadcaster.model.airing import AiringId, Change, LogEntry
from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Fate, Sentence
from broadcaster.ports import AsRunLog, ChangeLog, Memory
from broadcaster.station.faults import Faults

LOOKED_BACK = timedelta(days=3)
"""How much of the log is kept in memory."""
CHANGES_KEPT = timedelta(days=40)
TRY_AGAIN_S = 5.0
"""A broken disk may make us wait two seconds for each try; the planner has more to do."""
MOST_KEPT = 5_000
"""Entries that wait for the disk; months of a village's day."""

FAULT = "log"
HEARD = frozenset({Fate.ON_AIR, Fate.AIRED, Fate.INTERRUPTED})


class Books(Protocol):
    """The three parts of a store that the ledger needs."""

    @property
    def log(self) -> AsRunLog: ...
    @property
    def changes(self) -> ChangeLog: ...
    @property
    def memory(self) -> Memory: ...


class Ledger:
    """Owned by the planner; not for two threads at once."""

    def __init__(self, store: Books, faults: Faults) -> None:
        self._store = store
        self._faults = faults
        self._entries: dict[AiringId, LogEntry] = {}
        self._changes: list[Change] = []
        self._uses: dict[ScriptName, int] = {}
        self._facts: dict[str, str | None] = {}
        self._unwritten: dict[AiringId, LogEntry] = {}
        self._unwritten_changes: list[tuple[Change, datetime]] = []
        self._unwritten_facts: dict[str, str] = {}
        self._is_loaded = False
        self._try_again_at = 0.0
        self.version = 0
        """Grows with everything that a plan could depend on."""

    @property
    def entries(self) -> Mapping[AiringId, LogEntry]:
        """Those of the last three days and of the future."""
        return self._entries

    def between(self, since: datetime, until: datetime | None) -> list[LogEntry]:
        """The as-run log, oldest first, also what only memory knows; *until* is not included. Raises StoreFailed."""
        found = {entry.airing: entry for entry in self._store.log.entries(since, until)}
        for entry in self._entries.values():
            if entry.planned_at >= since and (until is None or entry.planned_at < until):
                found[entry.airing] = entry
        return sorted(found.values(), key=lambda entry: (entry.planned_at, entry.airing))

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(self._changes)

    @property
    def uses(self) -> Mapping[ScriptName, int]:
        return self._uses

    @property
    def is_loaded(self) -> bool:
        """Whether the store could be read."""
        return self._is_loaded

    @property
    def unwritten(self) -> tuple[LogEntry, ...]:
        """Entries that wait for the disk."""
        return tuple(self._unwritten.values())

    @property
    def waiting(self) -> int:
        """How many writes wait for the disk."""
        return len(self._unwritten) + len(self._unwritten_changes) + len(self._unwritten_facts)

    def write(self, entry: LogEntry) -> None:
        """Known at once; on the disk with the next ``save``."""
        before = self._entries.get(entry.airing)
        self._entries[entry.airing] = entry
        self._unwritten[entry.airing] = entry
        if len(self._unwritten) > MOST_KEPT:
            self._unwritten.pop(next(iter(self._unwritten)))
        if entry.fate in HEARD and (before is None or before.fate not in HEARD):
            for script in entry.scripts:
                self._uses[script] = max(self._uses.values(), default=0) + 1
        self.version += 1

    def change(self, change: Change, at: datetime) -> None:
        self._changes.append(change)
        self._unwritten_changes.append((change, at))
        self.version += 1

    def remember(self, name: str, value: str) -> None:
        self._facts[name] = value
        self._unwritten_facts[name] = value

    def recall(self, name: str) -> str | None:
        """What was remembered; None when there was nothing, or the store cannot be read now."""
        if name not in self._facts:
            try:
                self._facts[name] = self._store.memory.recall(name)
            except StoreFailed:
                return None
        return self._facts[name]

    def void(self, airings: Iterable[AiringId]) -> None:
        """Free identities that a wrong clock used up. Raises StoreFailed: try again later."""
        wrong = [airing for airing in airings if airing in self._entries]
        self._store.log.void(wrong)
        for airing in wrong:
            del self._entries[airing]
            self._unwritten.pop(airing, None)
        self.version += 1

    def forget_before(self, moment: datetime) -> None:
        """Keep memory small: entries planned before *moment* that are on the disk and have their fate."""
        old = [
            id_
            for id_, entry in self._entries.items()
            if entry.planned_at < moment and entry.fate.is_final and id_ not in self._unwritten
        ]
        for id_ in old:
            del self._entries[id_]

    def save(self, now: datetime, monotonic: float) -> None:
        """Load what is not loaded and write what is not written, if the disk lets us. Never raises StoreFailed."""
        if monotonic < self._try_again_at or (self._is_loaded and not self.waiting):
            return
        try:
            self._load(now)
            self._write_all()
        except StoreFailed as error:
            self._try_again_at = monotonic + TRY_AGAIN_S
            self._faults.tell(FAULT, _cannot_write(error.sentence, self.waiting), now)
        else:
            self._faults.mend(FAULT)

    def _load(self, now: datetime) -> None:
        if self._is_loaded:
            return
        found = {entry.airing: entry for entry in self._store.log.entries(now - LOOKED_BACK, or_open=True)}
        changes = self._store.changes.changes(now - CHANGES_KEPT)
        uses = dict(self._store.log.last_uses())
        newest = max(uses.values(), default=0)
        uses |= {script: newest + number for script, number in self._uses.items()}
        self._entries = found | self._entries
        self._changes = changes + self._changes
        self._uses = uses
        self._is_loaded = True
        self.version += 1

    def reload(self) -> None:
        """Read the log anew with the next ``save``: the clock was set, and other days matter now."""
        self._is_loaded = False
        self._changes = [change for change, _ in self._unwritten_changes]

    def _write_all(self) -> None:
        while self._unwritten:
            airing, entry = next(iter(self._unwritten.items()))
            self._store.log.write(entry)
            self._unwritten.pop(airing, None)
        while self._unwritten_changes:
            self._store.changes.add_change(*self._unwritten_changes[0])
            self._unwritten_changes.pop(0)
        while self._unwritten_facts:
            name, value = next(iter(self._unwritten_facts.items()))
            self._store.memory.remember(name, value)
            self._unwritten_facts.pop(name, None)


def _cannot_write(why: Sentence, waiting: int) -> Sentence:
    return Sentence(
        f"播出记录写不进去：{why.zh} 广播照常，{waiting} 条记录先记在内存里，能写了就补上。",
        f"the as-run log cannot be written: {why.en} The air goes on; {waiting} record(s) wait in memory until it can.",
    )
