"""Silence that people ask for: a funeral, an exam. Holds the timetable until an instant; emergencies are heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from broadcaster.errors import Refused
from broadcaster.model.airing import Hold, Lift
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.plan.holds import hold_at, holds_of
from broadcaster.playout.cue import Stop
from broadcaster.station.decks import Decks
from broadcaster.station.ledger import Ledger
from broadcaster.station.planner import Planner

LONGEST = timedelta(days=7)
"""A village that forgot it must hear its station again."""
NOTHING_HELD = Sentence("现在没有停播，不用恢复。", "nothing is held, so there is nothing to lift.")


class Silence:
    """Called under the station's lock."""

    def __init__(self, planner: Planner, ledger: Ledger, decks: Decks) -> None:
        self._planner = planner
        self._ledger = ledger
        self._decks = decks

    def now(self, now: datetime) -> Hold | None:
        """The hold that is in force; None: nothing is held."""
        return hold_at(holds_of(self._ledger.changes), now)

    def begin(self, hold: Hold) -> None:
        """From ``hold.since`` on; what is heard then fades out, but for an emergency. Raises Refused."""
        if not hold.since < hold.until <= hold.since + LONGEST:
            raise Refused(
                Sentence(
                    f"只能停到现在以后、{LONGEST.days} 天以内的时间，“{hold.until:%m-%d %H:%M}”不行。",
                    f"silence can last until a time within {LONGEST.days} days from now, "
                    f"not until '{hold.until:%Y-%m-%d %H:%M}'.",
                )
            )
        for id_ in self._planner.on_air.unheard():
            airing = self._planner.airing(id_)
            if airing is not None and hold.since <= airing.starts_at < hold.until:
                self._planner.take_back(id_, Fate.PLANNED, NOTHING_TO_SAY, hold.who)
        for live in (*self._planner.on_air.sounding(), *self._planner.on_air.speakers()):
            if live.entry.priority is not Priority.EMERGENCY:
                for output in live.parts:
                    self._decks.send(output, Stop(airing=live.entry.airing, who=hold.who))
        self._ledger.change(hold, hold.since)
        self._planner.turn()

    def end(self, who: str, now: datetime) -> Hold:
        """The hold that is over now. Raises Refused when there was none."""
        hold = self.now(now)
        if hold is None:
            raise Refused(NOTHING_HELD)
        self._ledger.change(Lift(at=now, who=who), now)
        self._planner.turn()
        return hold
