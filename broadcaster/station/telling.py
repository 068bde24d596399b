"""What planner and decks know → what a person is told: what is heard, how far it is, which outputs are open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from broadcaster.model.airing import Airing
from broadcaster.model.clip import CLIP_RATE_HZ, Clip
from broadcaster.model.words import NOTHING_TO_SAY, Fate
from broadcaster.plan import upcoming
from broadcaster.playout.cue import Level
from broadcaster.station.decks import DeckState
from broadcaster.station.parts import Parts
from broadcaster.station.planner import Planner
from broadcaster.station.silence import Silence
from broadcaster.station.status import OutputStatus, Sounding, Status
from broadcaster.station.underway import Live, Part, base

SHOWN_NEXT = 5


class Telling:
    """Looks at the parts of the station; changes nothing."""

    def __init__(self, parts: Parts, planner: Planner, silence: Silence, asleep_s: Callable[[], float]) -> None:
        self._parts = parts
        self._planner = planner
        self._silence = silence
        self._asleep_s = asleep_s

    def status(self, now: datetime) -> Status:
        """Called under the station's lock."""
        parts, schedule, in_force = self._parts, self._parts.books.schedule, self._parts.books.in_force
        trust = parts.time.trust
        return Status(
            station=schedule.station.name,
            language=schedule.station.language,
            now=now.astimezone(schedule.station.zone),
            is_clock_trusted=trust.is_trusted,
            why_clock_is_not_trusted=trust.why_not or NOTHING_TO_SAY,
            is_quiet=schedule.station.is_quiet(now),
            night=parts.books.sources.night.asked,
            on_air=tuple(self._sounding(live) for live in self._planner.on_air.sounding()),
            hold=self._silence.now(now),
            next=tuple(self._next(now)),
            outputs=tuple(output_told(name, deck) for name, deck in parts.decks.states.items()),
            amplifiers=parts.amplifiers.states,
            faults=parts.faults.all(),
            complaints=in_force.complaints,
            is_schedule_old=in_force.is_old,
            clips_missing=parts.ahead.missing,
            writes_waiting=parts.ledger.waiting,
            emergencies_ready=parts.readiness.count,
            pid=os.getpid(),
            planner_asleep_s=self._asleep_s(),
        )

    def calls(self) -> tuple[Sounding, ...]:
        """The emergencies that are on the way or on the air, the newest first; never waits."""
        lives = {live.entry.airing: live for live in self._planner.on_air.sounding()}
        return tuple(
            self._sounding(lives[entry.airing])
            if entry.airing in lives
            else Sounding(entry=entry, outputs=(), is_waiting=False, plays=0)
            for entry in self._parts.desk.called()
        )

    def _sounding(self, live: Live) -> Sounding:
        return sounding(live, self._parts.decks.states, self._parts.ahead.known)

    def _next(self, now: datetime) -> list[Airing]:
        airings = [airing for plan in self._planner.plans for airing in plan.airings]
        soon = upcoming(airings, now, timedelta(days=2)) + [one for one in airings if one.fate is Fate.CLAIMED]
        return sorted(soon, key=lambda airing: airing.starts_at)[:SHOWN_NEXT]


def sounding(live: Live, decks: Mapping[str, DeckState], clip_of: Callable[[str], Clip | None]) -> Sounding:
    """One airing that has begun, with how far it is where most of it was heard."""
    parts = live.parts
    heard = tuple(output for output, part in parts.items() if part in (Part.SOUNDING, Part.CUT))
    levels = list(_levels(live, decks, heard))
    furthest = max(levels, key=lambda level: (level.play, level.position), default=None)
    clip = clip_of(live.entry.clip) if live.entry.clip else None
    return Sounding(
        entry=replace(live.entry),
        outputs=heard,
        is_waiting=Part.SOUNDING not in parts.values(),
        plays=max(furthest.play, 1) if furthest else 1,
        heard=timedelta(seconds=furthest.position / CLIP_RATE_HZ) if furthest else timedelta(),
        length=clip.length if clip else None,
    )


def _levels(live: Live, decks: Mapping[str, DeckState], outputs: Iterable[str]) -> Iterable[Level]:
    for output in outputs:
        deck = decks.get(output)
        level = deck.level if deck else None
        if level is not None and level.airing is not None and base(level.airing) == live.entry.airing:
            # The siren before free words is not the message: its turns do not count.
            yield replace(level, play=1, position=0) if level.airing.endswith("~siren") else level


def output_told(name: str, deck: DeckState) -> OutputStatus:
    ready, level = deck.ready, deck.level
    return OutputStatus(
        name=name,
        is_open=ready is not None and deck.trouble is None,
        device=ready.device if ready else "",
        is_tape=ready.is_tape if ready else False,
        rms_dbfs=level.rms_dbfs if level else None,
        underruns=level.underruns if level else 0,
        why_not=told.reason if (told := deck.lost or deck.trouble) else NOTHING_TO_SAY,
        players_online=deck.players.online,
        players_offline=deck.players.offline,
        is_monitor=deck.settings.is_monitor,
    )
