"""One airing on its way over the air: where each output is with it, and what an end there makes of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import Fate, IfInterrupted, Priority, Sentence
from broadcaster.playout.cue import TIME_IS_UP, Cue, Unsent

NOTICEABLY_LATE = timedelta(seconds=1)


class Part(Enum):
    """Where one output is with an airing."""

    ARMED = "armed"
    SOUNDING = "sounding"
    CUT = "cut"
    """Interrupted, and waiting to go on."""
    LOST = "lost"
    """Its deck died; it is armed again when the deck is back."""
    WHOLE = "whole"
    ENDED = "ended"
    UNHEARD = "unheard"

    @property
    def is_over(self) -> bool:
        return self in (Part.WHOLE, Part.ENDED, Part.UNHEARD)


@dataclass(slots=True)
class Live:
    """One airing on its way over the air."""

    entry: LogEntry
    cue: Cue
    parts: dict[str, Part]
    own_cues: Mapping[str, Cue] = field(default_factory=dict)
    """For outputs whose horns need another sound: the same cue with another clip, equally long."""
    positions: dict[str, int] = field(default_factory=dict)
    """The last known sample, by output."""
    plays: dict[str, int] = field(default_factory=dict)
    """How often it has begun, by output, as far as known."""
    reasons: dict[str, Sentence] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    unsent: dict[str, Unsent] = field(default_factory=dict)
    """What an output on the network could not send, by output."""
    stopped: Sentence | None = None
    """Somebody stopped it, and these are the words: no deck is to begin it any more."""
    ended_at: datetime | None = None
    """The latest end of a part, as its deck tells it."""
    notes: list[Sentence] = field(default_factory=list)
    """What happened on the way to a good end: begun late, cut and resumed."""

    @property
    def has_sounded(self) -> bool:
        return self.entry.started_at is not None

    @property
    def over(self) -> Mapping[str, Part]:
        """The outputs that are done with it, while others are not, and how they ended."""
        return {output: part for output, part in self.parts.items() if part.is_over}

    @property
    def last_instant(self) -> datetime:
        """After this nothing of it may start or go on."""
        return self.cue.starts_at + timedelta(seconds=self.cue.grace_s)


def too_late(live: Live, output: str) -> None:
    """Its deck was away for too long: the log says that it was not heard there, or not to its end."""
    live.parts[output] = Part.ENDED if live.has_sounded else Part.UNHEARD
    live.fates.setdefault(output, Fate.MISSED)
    live.reasons.setdefault(output, not_there(output))


def not_there(output: str) -> Sentence:
    return Sentence(f"输出 {output} 没有播出来", f"output {output} was not there")


def end_stopped(live: Live, output: str, reason: Sentence) -> None:
    if live.has_sounded:
        live.parts[output] = Part.WHOLE if live.cue.plays == 0 or reason is TIME_IS_UP else Part.ENDED
    else:
        live.parts[output], live.fates[output] = Part.UNHEARD, Fate.SKIPPED
    live.reasons[output] = reason


def take_off_unsent(live: Live, output: str) -> None:
    """It was played to its end, but not all of it left for the network."""
    unsent = live.unsent.pop(output, None)
    if unsent is None:
        return
    seconds, why = f"{unsent.seconds:g}", unsent.reason
    if unsent.is_all:
        live.parts[output] = Part.UNHEARD
        live.fates[output] = Fate.FAILED
        words = Sentence(f"输出 {output} 全部没有送出：{why.zh}", f"output {output} sent nothing of it: {why.en}")
    else:
        is_short = unsent.seconds <= NOTICEABLY_LATE.total_seconds()
        live.parts[output] = Part.WHOLE if is_short else Part.ENDED
        words = Sentence(
            f"输出 {output} 有 {seconds} 秒没有送出：{why.zh}",
            f"output {output} did not send {seconds} s of it: {why.en}",
        )
    live.reasons[output] = words


def rest_of(cue: Cue, live: Live, output: str) -> Cue:
    """From its last sentence on; of one with a count, the plays that are left, the one that was cut off with them."""
    left = max(1, cue.plays - max(0, live.plays.get(output, 1) - 1)) if cue.plays else 0
    return replace(cue, offset=resume_at(live, output), plays=left)


def base(airing: AiringId) -> AiringId:
    """The airing that a siren or recorded words stand in for: ``X~siren`` → ``X``."""
    return AiringId(airing.partition("~")[0])


def note(live: Live, words: Sentence) -> None:
    if words not in live.notes:
        live.notes.append(words)


def resume_at(live: Live, output: str) -> int:
    """The sample to go on at: the last sentence that had begun, or the start."""
    if live.cue.if_interrupted is IfInterrupted.RESTART or live.cue.priority is Priority.EMERGENCY:
        return 0
    position = live.positions.get(output, live.cue.offset)
    starts = live.own_cues.get(output, live.cue).sentence_starts
    return max((start for start in starts if start <= position), default=0)
