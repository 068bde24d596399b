"""The last gate before the samples leave: in quiet hours, and while all is held, only an emergency passes.

It is asked twice: what may begin or go on, and again with the mixed samples in hand, whatever was decided before.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.hours import DEFAULT_QUIET_HOURS
from broadcaster.model.words import Priority, Sentence
from broadcaster.playout.cue import Cue, GateRules, Permit

if TYPE_CHECKING:
    from broadcaster.ports import Samples

NO_PERMIT = Sentence(
    "紧急广播没有写明是谁、为什么，没有放行。",
    "an emergency without the name of who called it, and why, does not pass.",
)
NO_RULES = Sentence(
    "还没有收到静音时段的规定，没有放行。", "the rules of quiet hours are not here yet, so nothing passes."
)
HOLDING = Sentence("时钟不可信，节目暂停。", "scheduled sound holds: the clock is not trusted.")


def judge(*, priority: Priority, permit: Permit | None, wall: datetime, rules: GateRules | None) -> Sentence | None:
    """None: it may pass at *wall*; otherwise why it is refused."""
    if priority is Priority.EMERGENCY:
        is_signed = permit is not None and permit.who.strip() and permit.reason.strip()
        return None if is_signed else NO_PERMIT
    if rules is None:
        return NO_RULES
    if rules.is_monitor:
        return None
    if rules.is_holding:
        return HOLDING
    zone = ZoneInfo(rules.timezone)
    for hours in rules.quiet_hours or DEFAULT_QUIET_HOURS:
        if hours.is_quiet(wall, zone):
            span = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
            return Sentence(
                f"静音时段（{span}），只有紧急广播能响。", f"quiet hours ({span}): nothing but an emergency may sound."
            )
    return None


def live_may_last_s(cue: Cue, rules: GateRules | None) -> float:
    """So long a live source is heard at most: what the rules say, less where its cue says less."""
    return 0.0 if rules is None else min(cue.max_length_s, rules.longest_live_s)


class Gate:
    """Holds its own copy of the rules; before it has any, it lets nothing out but an emergency."""

    def __init__(self) -> None:
        self.rules: GateRules | None = None
        self._live: AiringId | None = None
        self._let_out = 0
        """Samples of the live source that have passed."""

    def let_live(self, airing: AiringId, samples: Samples) -> Samples:
        """What leaves of a live source: nothing beyond the longest time of the rules, however it came to sound on."""
        if airing != self._live:
            self._live, self._let_out = airing, 0
        longest_s = 0.0 if self.rules is None else self.rules.longest_live_s
        rest = max(0, round(longest_s * CLIP_RATE_HZ) - self._let_out)
        self._let_out += len(samples)
        samples[rest:] = 0
        return samples

    def let_out(self, emergency: Samples, others: Samples, wall: datetime) -> Samples:
        """What leaves: *others* are silenced wherever they may not be heard; the first is heard at *wall*."""
        if not others.any():
            return emergency
        first, last = self._is_open(wall, 0), self._is_open(wall, len(others) - 1)
        if first and last:
            return emergency + others
        if first != last:
            edge = bisect_left(range(len(others)), True, key=lambda sample: self._is_open(wall, sample) != first)
            others[slice(edge, None) if first else slice(0, edge)] = 0
            return emergency + others
        return emergency

    def _is_open(self, wall: datetime, sample: int) -> bool:
        moment = wall + timedelta(seconds=sample / CLIP_RATE_HZ)
        return judge(priority=Priority.ROUTINE, permit=None, wall=moment, rules=self.rules) is None
