"""A sound that is ready and what was asked for → the cue for the decks, and the row of the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from broadcaster.model.airing import AiringId
from broadcaster.model.words import IfInterrupted, Priority
from broadcaster.playout.cue import Cue, Permit
from broadcaster.station.emergency.calls import CallKind

ANY_TIME_S = 24 * 3600.0
DRILL_WAITS_S = 600.0
SIREN_GAP_S = 0.3


def cue_of(
    airing: AiringId,
    path: Path,
    sha256: str,
    permit: Permit,
    starts_at: datetime,
    *,
    kind: CallKind = CallKind.EMERGENCY,
    plays: int = 0,
    gap_s: float = SIREN_GAP_S,
    length_s: float | None = None,
    follows: AiringId | None = None,
    sentence_starts: tuple[int, ...] = (0,),
) -> Cue:
    """*length_s*: it ends so long after it began. A drill that something cuts is over: it must not follow the truth."""
    is_drill = kind is CallKind.DRILL
    return Cue(
        airing=airing,
        clip=str(path),
        sha256=sha256,
        sentence_starts=sentence_starts,
        starts_at=starts_at,
        grace_s=DRILL_WAITS_S if is_drill else ANY_TIME_S,
        priority=kind.priority,
        if_interrupted=IfInterrupted.DROP if is_drill else IfInterrupted.RESUME,
        plays=plays,
        gap_s=gap_s,
        follows=follows,
        permit=permit if kind.priority is Priority.EMERGENCY else None,
        emergency_length_s=length_s,
    )
