"""The last gate before the samples leave: in quiet hours, and while all is held, only an emergency passes. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broadcaster.model.timetable import DEFAULT_QUIET_HOURS
from broadcaster.model.words import Priority, Sentence
from broadcaster.playout.cue import GateRules, Permit

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
    if rules.is_holding:
        return HOLDING
    local = wall.astimezone(ZoneInfo(rules.timezone)).time()
    for hours in rules.quiet_hours or DEFAULT_QUIET_HOURS:
        if hours.contains(local):
            span = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
            return Sentence(
                f"静音时段（{span}），只有紧急广播能响。", f"quiet hours ({span}): nothing but an emergency may sound."
            )
    return None
