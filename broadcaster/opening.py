"""Joins a Station from the real parts of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from broadcaster.amplifier.open import open_keeper
from broadcaster.clips import ClipStore
from broadcaster.clock import SystemClock
from broadcaster.doorkeeper import Doorkeeper
from broadcaster.home import Home
from broadcaster.model.outputs import OutputSettings
from broadcaster.playout.cue import GateRules, LastWords, Report
from broadcaster.playout.lastwords import read_last_words
from broadcaster.playout.link import DeckLink
from broadcaster.playout.understudy import Understudy
from broadcaster.renderer import Renderer
from broadcaster.station import Station
from broadcaster.store import open_store
from broadcaster.trigger.watcher import open_watcher


def open_station(home: Home, *, alive: Callable[[], None]) -> Station:
    """The station of *home*, not started yet. Touches no disk and no device."""
    clips = ClipStore(home.clips)
    understudy = Understudy(home.var)

    def make_link(output: OutputSettings, rules: GateRules, on_report: Callable[[Report], None]) -> DeckLink:
        return DeckLink(output, var=home.var, rules=rules, on_report=on_report, understudy=understudy)

    def last_words(output: str) -> LastWords | None:
        return read_last_words(home.var, output)

    def clip_path(key: str) -> Path:
        return clips.path(key).resolve()

    return Station(
        home,
        clock=SystemClock(),
        store=open_store(home.database),
        renderer=Renderer(clips=home.clips, audio=home.audio),
        clips=clips,
        clip_path=clip_path,
        make_link=make_link,
        make_keeper=lambda settings: open_keeper(settings, home.root),
        make_watcher=open_watcher,
        last_words=last_words,
        alive=alive,
    )


def open_doorkeeper(home: Home) -> Doorkeeper:
    """Who may open the page of *home*, over a store of its own: no page waits for the planner's. Touches no disk."""
    return Doorkeeper(open_store(home.database), SystemClock())
