"""A sound that is ready and what was asked for → the cue for the decks, and the row of the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import Fate, IfInterrupted, Priority, Sentence
from broadcaster.playout.cue import Cue, Permit
from broadcaster.station.emergency.calls import Asked, CallKind
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.emergency.words import Words

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


def entry_of(prepared: Prepared, asked: Asked, words: Words, reason: str, airing: AiringId) -> LogEntry:
    """As it is claimed. The identity holds the instant at which it was called, also when it goes on after a restart."""
    why = Sentence(f"原因：{reason}", f"reason: {reason}")
    if asked.about is not None:
        why = Sentence(f"接着 {asked.about}；{why.zh}", f"after {asked.about}; {why.en}")
    called_at = datetime.fromisoformat(airing.partition("@")[2])
    return LogEntry(
        airing=airing,
        slot=asked.kind.slot,
        title=words.title,
        planned_at=called_at.replace(tzinfo=prepared.schedule.station.zone),
        priority=asked.kind.priority,
        zones=asked.zones or tuple(one.name for one in prepared.schedule.zones),
        scripts=(words.script,) if words.script else (),
        fate=Fate.CLAIMED,
        reason=why,
        who=asked.who,
    )
