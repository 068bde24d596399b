"""What planner and decks know → what a person is told: what is heard, how far it is, which outputs are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from broadcaster.model.clip import CLIP_RATE_HZ, Clip
from broadcaster.model.words import NOTHING_TO_SAY
from broadcaster.playout.cue import Level
from broadcaster.station.decks import DeckState
from broadcaster.station.onair import Live, Part, base
from broadcaster.station.status import OutputStatus, Sounding


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
