"""A sound that is ready and a permit → the cue of an emergency for the decks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from broadcaster.model.airing import AiringId
from broadcaster.model.words import Priority
from broadcaster.playout.cue import Cue, Permit

ANY_TIME_S = 24 * 3600.0


def cue_of(
    airing: AiringId,
    path: Path,
    sha256: str,
    permit: Permit,
    plays: int,
    now: datetime,
    *,
    follows: AiringId | None = None,
    gap_s: float = 2.0,
) -> Cue:
    return Cue(
        airing=airing,
        clip=str(path),
        sha256=sha256,
        sentence_starts=(0,),
        starts_at=now,
        grace_s=ANY_TIME_S,
        priority=Priority.EMERGENCY,
        plays=plays,
        gap_s=gap_s,
        follows=follows,
        permit=permit,
    )
