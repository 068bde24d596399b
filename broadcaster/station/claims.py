"""An airing of the plan → its row in the as-run log, its cue for the decks, a line for the log of the program. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from broadcaster.model.airing import Airing, AiringId, LogEntry
from broadcaster.model.clip import Clip
from broadcaster.model.words import Fate, Sentence
from broadcaster.playout.cue import Cue

NO_CLIP = Sentence("语音没有及时合成好", "its speech was not rendered in time")


def cue_of(airing: Airing, clip: Clip, clip_path: Callable[[str], Path]) -> Cue:
    """What its decks are told."""
    return Cue(
        airing=airing.id,
        clip=str(clip_path(clip.key)),
        sha256=clip.sha256,
        sentence_starts=clip.sentence_starts,
        starts_at=airing.starts_at,
        grace_s=airing.slot.grace.total_seconds(),
        priority=airing.slot.priority,
        if_interrupted=airing.slot.if_interrupted,
    )


def entry_of(airing: Airing, fate: Fate, reason: Sentence) -> LogEntry:
    """The row of the as-run log for an airing."""
    return LogEntry(
        airing=airing.id,
        slot=airing.slot.id,
        title=airing.title,
        planned_at=airing.planned_at,
        priority=airing.slot.priority,
        zones=airing.slot.zones,
        scripts=airing.scripts,
        fate=fate,
        reason=reason,
        who=airing.who,
    )


def said_of(entry: LogEntry) -> tuple[int, str, AiringId, str, str]:
    levels = {Fate.AIRED: logging.INFO, Fate.SKIPPED: logging.INFO, Fate.INTERRUPTED: logging.WARNING}
    level = levels.get(entry.fate, logging.ERROR)
    return level, "%s: %s %s", entry.airing, entry.fate.value, entry.reason.en
