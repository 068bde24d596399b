"""The amplifiers of the station: what is armed and sounding goes to the policy, what it decides to the switches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from broadcaster.amplifier.policy import Need, Power, decide
from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import AmplifierSettings
from broadcaster.model.words import Priority, Sentence
from broadcaster.ports import Clock
from broadcaster.station.faults import Faults
from broadcaster.station.status import AmplifierStatus
from broadcaster.station.underway import Live, Part, note

CALLED_COUNTS_S = 2.0
"""An emergency is on its way to the planner for an instant; so long it counts without being there."""


CALLED = AiringId("called")


class Keeper(Protocol):
    """Carries out what is wanted, in its own time."""

    def want(self, is_on: bool) -> None:
        """From any thread, without waiting."""

    @property
    def on_since(self) -> float | None: ...

    @property
    def trouble(self) -> Sentence | None: ...

    def close(self) -> None: ...


MakeKeeper = Callable[[AmplifierSettings], Keeper]


@dataclass(slots=True)
class _Amplifier:
    settings: AmplifierSettings
    keeper: Keeper
    power: Power = field(default_factory=Power)
    called_s: float = float("-inf")


class Amplifiers:
    """Looked after by the planner once a turn; ``warm_up`` comes from whoever calls an emergency."""

    def __init__(self, make_keeper: MakeKeeper, clock: Clock, faults: Faults) -> None:
        self._make_keeper = make_keeper
        self._clock = clock
        self._faults = faults
        self._lock = threading.Lock()
        self._amplifiers: dict[str, _Amplifier] = {}

    def set(self, settings: Iterable[AmplifierSettings]) -> None:
        """Have these amplifiers; one that is gone or was changed is switched off by its old switch."""
        wanted = {one.name: one for one in settings}
        with self._lock:
            present = self._amplifiers
            gone = [one for name, one in present.items() if wanted.get(name) != one.settings]
            kept = {name: one for name, one in present.items() if wanted.get(name) == one.settings}
            self._amplifiers = kept
        for one in gone:
            one.keeper.close()
            self._mend(one)
        for name, one_settings in wanted.items():
            if name not in kept:
                amplifier = _Amplifier(one_settings, self._make_keeper(one_settings))
                with self._lock:
                    self._amplifiers[name] = amplifier

    def look(self, lives: Iterable[Live], is_quiet: Callable[[datetime], bool]) -> None:
        """Decide anew, and say what is wrong: as a fault, and to the airings that may not be heard for it."""
        lives = tuple(lives)
        wall, monotonic_s = self._clock.now(), self._clock.monotonic()
        for one in tuple(self._amplifiers.values()):
            of_it = [live for live in lives if set(live.parts) & set(one.settings.outputs)]
            needs = [need for live in of_it if (need := _need(live, one.settings.outputs)) is not None]
            with self._lock:
                if monotonic_s - one.called_s < CALLED_COUNTS_S:
                    needs.append(Need(airing=CALLED, starts_at=wall, is_begun=True, is_emergency=True))
                one.power = decide(
                    one.power, needs, one.settings, wall=wall, monotonic_s=monotonic_s, is_quiet=is_quiet
                )
                one.keeper.want(one.power.is_on)
            self._tell(one, of_it, wall)

    def warm_up(self, outputs: Iterable[str]) -> timedelta:
        """An emergency is coming: switch on at once. How long until the last of these horns can be heard."""
        wanted, now_s = set(outputs), self._clock.monotonic()
        with self._lock:
            for one in self._amplifiers.values():
                if wanted & set(one.settings.outputs):
                    one.called_s = now_s
                    one.keeper.want(True)
        return self.lead_of(wanted)

    def lead_of(self, outputs: Iterable[str]) -> timedelta:
        """How long until the last of these horns can be heard, if all are switched on now."""
        wanted, longest, now_s = set(outputs), timedelta(), self._clock.monotonic()
        with self._lock:
            for one in self._amplifiers.values():
                if wanted & set(one.settings.outputs):
                    on_since = one.keeper.on_since
                    on_for = timedelta(seconds=now_s - on_since) if on_since is not None else timedelta()
                    longest = max(longest, one.settings.lead - on_for)
        return longest

    @property
    def states(self) -> tuple[AmplifierStatus, ...]:
        """As they really are, not as they should be."""
        amplifiers = tuple(self._amplifiers.items())
        return tuple(AmplifierStatus(name=name, is_on=one.keeper.on_since is not None) for name, one in amplifiers)

    def close(self) -> None:
        for one in self._amplifiers.values():
            one.keeper.close()

    def _tell(self, one: _Amplifier, lives: Iterable[Live], now: datetime) -> None:
        name, trouble = one.settings.name, one.keeper.trouble
        if one.power.overdue:
            what = Sentence(
                f"功放 {name} 一直开着，到了最长时间，已经关掉",
                f"amplifier {name} was on for its longest and was ended",
            )
            self._faults.tell(f"amplifier.{name}", what, now)
        elif trouble is not None:
            does = Sentence("开不了", "cannot be switched on") if one.power.is_on else Sentence("关不掉", "stays on")
            what = Sentence(f"功放 {name} {does.zh}：{trouble.zh}", f"amplifier {name} {does.en}: {trouble.en}")
            self._faults.tell(f"amplifier.{name}", what, now)
        else:
            self._mend(one)
            return
        for live in lives:
            if live.has_sounded and not (one.power.is_on and trouble is None):
                note(live, what)

    def _mend(self, one: _Amplifier) -> None:
        self._faults.mend(f"amplifier.{one.settings.name}")


def _need(live: Live, outputs: tuple[str, ...]) -> Need | None:
    parts = [live.parts[output] for output in outputs if output in live.parts]
    if not any(not part.is_over for part in parts):
        return None
    return Need(
        airing=live.entry.airing,
        starts_at=live.cue.starts_at,
        is_begun=Part.SOUNDING in parts or Part.CUT in parts,
        is_emergency=live.cue.priority is Priority.EMERGENCY,
    )
