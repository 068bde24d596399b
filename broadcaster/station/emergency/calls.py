"""An emergency on its way: what is told to the planner of it, and what the desk keeps of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.playout.cue import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An emergency is on the way to the decks: to be written, and armed again where a deck comes back."""

    entry: LogEntry
    cue: Cue
    outputs: tuple[str, ...]
    what: str
    plays: int
    """What was asked for, to be able to go on after a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """The emergency goes on with another clip."""

    entry: LogEntry
    cue: Cue


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody stopped an airing; decks that are away must not begin it again."""

    airing: AiringId
    who: str


@dataclass(slots=True)
class Call:
    entry: LogEntry
    cue: Cue
    """What was armed last."""
    outputs: tuple[str, ...]
    plays: int
    words_from: datetime
    """Before this no amplifier is ready for words; the siren sounds until then."""
    is_over: bool = False
    spare: threading.Timer | None = None
