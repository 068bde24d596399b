"""Keys and buttons that start or stop a prepared emergency: watched, signed with their names, and logged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from broadcaster.errors import DalabaError
from broadcaster.model.airing import LogEntry
from broadcaster.model.timetable import Schedule
from broadcaster.model.triggers import TriggerDeed, TriggerKind, TriggerSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Clock
from broadcaster.station.emergency.calls import Asked, CallKind
from broadcaster.station.emergency.desk import EmergencyDesk
from broadcaster.station.faults import Faults

log = logging.getLogger(__name__)

TOLD_FOR_S = 3600.0
"""So long a press that could not be carried out is shown."""


class Watching(Protocol):
    """Somebody who watches a keypad or a button."""

    @property
    def trouble(self) -> Sentence | None: ...

    @property
    def is_alive(self) -> bool: ...

    def close(self) -> None: ...


MakeWatcher = Callable[[tuple[TriggerSettings, ...], Callable[[str], object]], Watching]


class Triggers:
    """``look`` belongs to the planner's turn; ``press`` to the watchers' threads."""

    def __init__(
        self,
        desk: EmergencyDesk,
        may_drill: Callable[[], None],
        make_watcher: MakeWatcher,
        clock: Clock,
        faults: Faults,
    ) -> None:
        """*may_drill* raises Refused where nothing but an emergency may sound now."""
        self._desk = desk
        self._may_drill = may_drill
        self._make_watcher = make_watcher
        self._clock = clock
        self._faults = faults
        self._lock = threading.Lock()
        self._settings: dict[str, TriggerSettings] = {}
        self._everywhere: tuple[str, ...] = ()
        self._watchers: dict[tuple[TriggerSettings, ...], Watching] = {}
        """By what they watch."""
        self._refused: dict[str, tuple[Sentence, float]] = {}
        """What came of the last press, where nothing did, and when."""

    def look(self, schedule: Schedule) -> None:
        """Have its triggers, see that each is watched, and say which of them nobody could press."""
        wanted = {one.name: one for one in schedule.triggers}
        self._everywhere = tuple(zone.name for zone in schedule.zones)
        for name in self._settings.keys() - wanted.keys():
            self._faults.mend(f"trigger.{name}")
        self._settings = wanted
        groups = _by_source(wanted.values())
        for group in self._watchers.keys() - groups:
            self._watchers.pop(group).close()
        for group in groups:
            watcher = self._watchers.get(group)
            if watcher is not None and not watcher.is_alive:
                log.error("nobody watches %s any more; it begins anew", group[0].name)
                watcher.close()
                watcher = None
            if watcher is None:
                watcher = self._watchers[group] = self._make_watcher(group, self.press)
            for one in group:
                self._tell(one, watcher.trouble)

    def press(self, name: str) -> None:
        """It was pressed, and meant. While what it started goes on it starts nothing more."""
        with self._lock:
            one = self._settings.get(name)
            if one is None:
                return
            try:
                self._do(one)
                self._refused.pop(name, None)
            except DalabaError as error:
                log.error("trigger %s does nothing: %s", name, error)
                self._refused[name] = (error.sentence, self._clock.monotonic())

    def close(self) -> None:
        for watcher in self._watchers.values():
            watcher.close()
        self._watchers = {}

    def _do(self, one: TriggerSettings) -> None:
        who = one.who or _signed(one)
        if one.does is TriggerDeed.STOP:
            log.warning("trigger %s stops %s", one.name, ", ".join(self._desk.stop(None, who)) or "nothing")
            return
        kind = CallKind.DRILL if one.does is TriggerDeed.DRILL else CallKind.EMERGENCY
        zones = set(one.zones or self._everywhere)
        if any(_is_same(entry, one.script, kind, zones) for entry in self._desk.called()):
            log.info("trigger %s: what it starts goes on already", one.name)
            return
        if kind is CallKind.DRILL:
            self._may_drill()
        reason = f"{one.reason}（{_signed(one)}）" if one.reason else _signed(one)
        asked = Asked(what=f"script:{one.script}", who=who, reason=reason, kind=kind, plays=one.plays, zones=one.zones)
        log.warning("trigger %s started %s", one.name, self._desk.call(asked))

    def _tell(self, one: TriggerSettings, trouble: Sentence | None) -> None:
        refusal, at = self._refused.get(one.name, (None, 0.0))
        if trouble is not None:
            what = Sentence(
                f"触发器“{one.name}”按不了：{trouble.zh}", f"trigger {one.name!r} does not work: {trouble.en}"
            )
        elif refusal is not None and self._clock.monotonic() - at < TOLD_FOR_S:
            what = Sentence(
                f"按了触发器“{one.name}”，没有播：{refusal.zh}",
                f"trigger {one.name!r} was pressed, and nothing was heard: {refusal.en}",
            )
        else:
            self._faults.mend(f"trigger.{one.name}")
            return
        self._faults.tell(f"trigger.{one.name}", what, self._clock.now())


def _by_source(settings: Iterable[TriggerSettings]) -> list[tuple[TriggerSettings, ...]]:
    groups: dict[tuple[TriggerKind, str], tuple[TriggerSettings, ...]] = {}
    for one in settings:
        groups[one.source] = (*groups.get(one.source, ()), one)
    return list(groups.values())


def _signed(one: TriggerSettings) -> str:
    return f"{'按键' if one.kind is TriggerKind.KEY else '按钮'} {one.name}"


def _is_same(entry: LogEntry, script: str, kind: CallKind, zones: set[str]) -> bool:
    return entry.slot == kind.slot and script in entry.scripts and zones <= set(entry.zones)
