"""What is armed and sounding, the time, and the state of an amplifier → on or off. Pure: no clock, no relay.

On before the first word, off after the last; overlapping airings share it. In quiet hours only an emergency, or an
airing that begins right after them, has it on. An "on" that never ends is ended after a maximum; not in an emergency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import AmplifierSettings

LOOKED_AGAIN = timedelta(seconds=0.5)
"""Nobody looks more seldom than this; so none of the lead is lost between two looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An airing on the horns of an amplifier that is armed, sounding, or waits to go on."""

    airing: AiringId
    starts_at: datetime
    is_begun: bool
    is_emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What was decided last, and what has to be remembered of it."""

    is_on: bool = False
    since_s: float = 0.0
    """Monotonic seconds since when it is on for anything but an emergency."""
    free_since_s: float | None = None
    """Monotonic seconds since when nothing needs it; None while something does."""
    was_emergency: bool = False
    """Whether what needed it last was an emergency: then its tail may reach into quiet hours."""
    overdue: frozenset[AiringId] = frozenset()
    """Airings that held it on for longer than may be; they do not count any more."""


def decide(
    power: Power,
    needs: Iterable[Need],
    settings: AmplifierSettings,
    *,
    wall: datetime,
    monotonic_s: float,
    is_quiet: Callable[[datetime], bool],
) -> Power:
    """The state of the amplifier at this moment."""
    needs = tuple(needs)
    power = replace(power, overdue=power.overdue & {need.airing for need in needs})
    due = [need for need in needs if need.is_begun or need.starts_at - settings.lead - LOOKED_AGAIN <= wall]
    if any(need.is_emergency for need in due):
        return replace(power, is_on=True, since_s=monotonic_s, free_since_s=None, was_emergency=True)
    counting = [
        need.airing
        for need in due
        if need.airing not in power.overdue and not is_quiet(wall if need.is_begun else max(wall, need.starts_at))
    ]
    if counting:
        return _on_for(power, counting, settings, monotonic_s)
    free_since_s = monotonic_s if power.free_since_s is None else power.free_since_s
    is_tail = power.is_on and monotonic_s - free_since_s < settings.tail.total_seconds()
    is_on = is_tail and (power.was_emergency or not is_quiet(wall))
    return replace(power, is_on=is_on, free_since_s=free_since_s)


def _on_for(power: Power, airings: list[AiringId], settings: AmplifierSettings, monotonic_s: float) -> Power:
    since_s = power.since_s if power.is_on else monotonic_s
    if monotonic_s - since_s >= settings.longest.total_seconds():
        return replace(power, is_on=False, overdue=power.overdue | set(airings))
    return replace(power, is_on=True, since_s=since_s, free_since_s=None, was_emergency=False)
