"""Waiting + playing + now → start, cut in, refuse, miss, rest: the whole policy of a deck, with no clock and no sound.

Emergency over live over urgent over routine. A higher one cuts in; equals wait; among emergencies the newest wins and
the older goes on after it. Background has a layer of its own below and is not decided here against the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcaster.model.airing import AiringId
from broadcaster.model.words import IfInterrupted, Priority, Sentence
from broadcaster.playout.cue import Cue, GateRules
from broadcaster.playout.gate import judge

EMERGENCY_WAITS = timedelta(minutes=2)
"""At most, for amplifiers and siren; what seems to lie further ahead was called before the clock was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A cue that has not sounded yet, or was cut and waits to go on."""

    cue: Cue
    order: int
    """Grows with every cue that arrives."""
    offset: int = 0
    """The sample to begin at."""
    play: int = 1
    sounded: int = 0
    """Samples that were heard of it already, gaps included."""
    has_sounded: bool = False

    @property
    def is_introduced(self) -> bool:
        """Whether people are told that it goes on; not needed for what is urgent in itself, or a background."""
        return self.has_sounded and self.cue.priority in (Priority.ROUTINE, Priority.URGENT)

    def is_due(self, now: datetime) -> bool:
        ahead = self.cue.starts_at - now
        return ahead <= timedelta() or (self._is_emergency and ahead > EMERGENCY_WAITS)

    def is_too_late(self, now: datetime) -> bool:
        """An emergency never is: whoever called it ends it, and a clock that was set does not."""
        return not self._is_emergency and now > self.cue.starts_at + timedelta(seconds=self.cue.grace_s)

    @property
    def _is_emergency(self) -> bool:
        return self.cue.priority is Priority.EMERGENCY


@dataclass(frozen=True, slots=True)
class Start:
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class CutIn:
    """Stop what plays with a short fade, and start this."""

    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Refuse:
    waiting: Waiting
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Miss:
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Rest:
    pass


Decision = Start | CutIn | Refuse | Miss | Rest


def decide(
    waiting: Sequence[Waiting],
    playing: Waiting | None,
    now: datetime,
    rules: GateRules | None,
    present: Collection[AiringId] = (),
    until: datetime | None = None,
) -> Decision:
    """What to do at *now*; asked again until it says Rest.

    *present*: every airing that is here, playing or waiting; a cue that follows one of them waits for its turn.
    *until*: what starts now could only be ended by then, so it must be allowed then, too.
    """
    for one in waiting:
        if one.is_too_late(now):
            return Miss(one)
    due = [one for one in waiting if one.is_due(now) and one.cue.follows not in present]
    if not due:
        return Rest()
    best = max(due, key=urgency)
    for moment in (now, until or now):
        refusal = judge(priority=best.cue.priority, permit=best.cue.permit, wall=moment, rules=rules)
        if refusal is not None:
            return Refuse(best, refusal)
    if playing is None:
        return Start(best)
    return CutIn(best) if may_cut_in(best, playing) else Rest()


def urgency(one: Waiting) -> tuple[int, float, float]:
    """The greatest goes first: priority, then the newest emergency, otherwise the first due."""
    if one.cue.priority is Priority.EMERGENCY:
        return (one.cue.priority, one.order, 0.0)
    return (one.cue.priority, -one.cue.starts_at.timestamp(), -one.order)


def may_cut_in(one: Waiting, playing: Waiting) -> bool:
    """Whether *one* is so much more urgent than what plays."""
    if one.cue.priority is playing.cue.priority is Priority.EMERGENCY:
        return one.order > playing.order
    return one.cue.priority > playing.cue.priority


def after_a_cut(playing: Waiting, position: int) -> Waiting | None:
    """How what was cut at sample *position* waits to go on; None: it does not."""
    match playing.cue.if_interrupted:
        case IfInterrupted.DROP:
            return None
        case IfInterrupted.RESTART:
            return replace(playing, offset=0, has_sounded=True)
        case IfInterrupted.RESUME:
            sentence = max((start for start in playing.cue.sentence_starts if start <= position), default=0)
            return replace(playing, offset=sentence, has_sounded=True)
