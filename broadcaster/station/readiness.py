"""Keeps everything that an emergency needs ready before it comes: rendered texts, the siren, recorded words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from broadcaster.model.airing import Airing
from broadcaster.model.clip import Clip
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Slot, SlotId
from broadcaster.model.words import Priority
from broadcaster.station.ahead import Ahead
from broadcaster.station.books import Ordered, PlanBooks
from broadcaster.station.bulletins import Bulletins
from broadcaster.station.emergency.desk import EmergencyDesk
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.stored import GENERAL, stored_sound

FOLDER = "emergency"
BY_HAND = Slot(id=SlotId("emergency"), at=(), play=(), priority=Priority.EMERGENCY)


class Readiness:
    """Looked after by the planner, once a turn."""

    def __init__(self, books: PlanBooks, ahead: Ahead, desk: EmergencyDesk, audio: Path) -> None:
        self._books = books
        self._ahead = ahead
        self._desk = desk
        self._audio = audio
        self._ordered: Mapping[ScriptName, Ordered] = {}
        self._ordered_for: tuple[Bulletins, date] | None = None
        self._prepared: tuple[Bulletins, Mapping[ScriptName, Clip]] | None = None

    @property
    def orders(self) -> tuple[Ordered, ...]:
        """What has to be rendered and kept."""
        return tuple(self._ordered.values())

    @property
    def count(self) -> int:
        """How many prepared texts could sound this instant."""
        return len(self._prepared[1]) if self._prepared else 0

    def look(self, now: datetime) -> None:
        """Order anew after a change of files or day, and hand what is ready to the desk."""
        bulletins = self._books.bulletins
        local = now.astimezone(self._books.schedule.station.zone)
        ordered_for = (bulletins, local.date())
        if self._ordered_for != ordered_for:
            self._ordered = self._all_orders(local)
            self._ordered_for = ordered_for
        ready = {name: clip for name, one in self._ordered.items() if (clip := self._ahead.clip(one.key)) is not None}
        if self._prepared != (bulletins, ready):
            self._prepared = (bulletins, ready)
            self._hand_over(bulletins, ready)

    def _all_orders(self, local: datetime) -> Mapping[ScriptName, Ordered]:
        found = {}
        for script in self._books.in_force.library.scripts:
            if script.folder == FOLDER:
                airing = Airing(slot=BY_HAND, planned_at=local, starts_at=local, scripts=(script.name,))
                ordered = self._books.order(airing)
                if ordered.clips:
                    found[script.name] = ordered
        return found

    def _hand_over(self, bulletins: Bulletins, ready: Mapping[ScriptName, Clip]) -> None:
        siren = self._books.schedule.sound.siren
        self._desk.prepare(
            Prepared(
                bulletins=bulletins,
                ready=ready,
                siren=stored_sound(self._audio, f"chimes/{siren}.wav"),
                general=stored_sound(self._audio, GENERAL),
            )
        )
