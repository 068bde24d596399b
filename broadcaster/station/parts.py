"""The parts that the planner joins, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from broadcaster.playout.cue import LastWords, Report
from broadcaster.station.ahead import Ahead
from broadcaster.station.books import PlanBooks
from broadcaster.station.decks import Decks
from broadcaster.station.emergency.calls import Called, Ended, GivenUp, GoesOn
from broadcaster.station.emergency.desk import EmergencyDesk
from broadcaster.station.emergency.journal import Journal
from broadcaster.station.faults import Faults
from broadcaster.station.ledger import Ledger
from broadcaster.station.livedesk import LiveDesk
from broadcaster.station.power import Amplifiers
from broadcaster.station.readiness import Readiness
from broadcaster.station.timekeeper import Timekeeper

Inbox = SimpleQueue[tuple[str, Report] | Called | GoesOn | Ended | GivenUp]
HeardLast = Callable[[str], LastWords | None]
"""For an output: what its deck wrote down when the last station died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the planner joins."""

    books: PlanBooks
    ledger: Ledger
    time: Timekeeper
    faults: Faults
    ahead: Ahead
    decks: Decks
    amplifiers: Amplifiers
    desk: EmergencyDesk
    journal: Journal
    live: LiveDesk
    readiness: Readiness
    inbox: Inbox
    clip_path: Callable[[str], Path]
    last_words: HeardLast
