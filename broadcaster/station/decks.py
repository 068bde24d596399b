"""The decks of the station, one for each output of the schedule: started, restarted, sent to, listened to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import AmplifierSettings, OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.playout.cue import Command, GateRules, KeepReady, Level, Lost, Players, PutOff, Ready, Report, Trouble


class Link(Protocol):
    """The way to one deck, wherever it runs."""

    def start(self) -> None: ...

    def send(self, command: Command) -> None:
        """From any thread, without waiting."""

    def sound(self, airing: AiringId, tick: int, pcm: bytes) -> bool:
        """A block of a live source, from any thread, without waiting. False: some of it is lost."""

    def close(self) -> None: ...


TAKEN_OUT = Sentence("节目表改了这个输出", "the timetable changed this output")

MakeLink = Callable[[OutputSettings, GateRules, Callable[[Report], None]], Link]


NEVER_BACK_S = 660.0
"""Longer than an emergency goes on without its station on any output of the same amplifier."""
NOBODY = Players(online=(), offline=())


@dataclass(slots=True)
class DeckState:
    """What is known of one deck."""

    settings: OutputSettings
    link: Link
    ready: Ready | None = None
    lost: Lost | None = None
    """Why it is not open; None while it is, or before it ever was."""
    level: Level | None = None
    players: Players = NOBODY
    trouble: Trouble | None = None
    """Why it sends nothing now although it is open; None while all is well."""


class Decks:
    """Started and ended by the planner; ``send`` may be called from any thread."""

    def __init__(self, make_link: MakeLink, inbox: Callable[[str, Report], None]) -> None:
        self._make_link = make_link
        self._inbox = inbox
        self._decks: dict[str, DeckState] = {}
        self._rules: GateRules | None = None
        self._ready = KeepReady(clips=())
        self._amplifiers: tuple[AmplifierSettings, ...] = ()

    def set(self, outputs: Iterable[OutputSettings], rules: GateRules) -> None:
        """Have one deck for each of *outputs*, all going by *rules*."""
        wanted = {output.name: output for output in outputs}
        if rules != self._rules:
            self._rules = rules
            for deck in self._decks.values():
                deck.link.send(rules)
        kept = {name: deck for name, deck in self._decks.items() if wanted.get(name) == deck.settings}
        gone = [deck for name, deck in self._decks.items() if name not in kept]
        for deck in gone:
            deck.link.close()
            self._inbox(deck.settings.name, Lost(reason=TAKEN_OUT))
        started = {name: self._new(settings, rules) for name, settings in wanted.items() if name not in kept}
        self._decks = {name: (kept | started)[name] for name in wanted}
        for deck in started.values():
            deck.link.start()
            deck.link.send(self._ready)
            self._tell_of_power(deck)

    def set_amplifiers(self, amplifiers: tuple[AmplifierSettings, ...]) -> None:
        """Tell every deck, those to come as well, what switches its horns, in case we never come back."""
        if amplifiers != self._amplifiers:
            self._amplifiers = amplifiers
            for deck in self._decks.values():
                self._tell_of_power(deck)

    def _tell_of_power(self, deck: DeckState) -> None:
        of_it = tuple(one for one in self._amplifiers if deck.settings.name in one.outputs)
        deck.link.send(PutOff(amplifiers=of_it, after_s=NEVER_BACK_S))

    def keep_ready(self, ready: KeepReady) -> None:
        """Have every deck, those to come as well, hold these clips in memory."""
        if ready != self._ready:
            self._ready = ready
            for deck in self._decks.values():
                deck.link.send(ready)

    def send(self, output: str, command: Command) -> None:
        deck = self._decks.get(output)
        if deck is not None:
            deck.link.send(command)

    def sound(self, output: str, airing: AiringId, tick: int, pcm: bytes) -> bool:
        """A block of a live source; its first sample came at *tick*. False: this output lost some of it."""
        deck = self._decks.get(output)
        return deck is not None and deck.link.sound(airing, tick, pcm)

    @property
    def states(self) -> Mapping[str, DeckState]:
        return self._decks

    def note(self, output: str, report: Report) -> None:
        """Remember what a deck says of itself."""
        deck = self._decks.get(output)
        match report, deck:
            case Ready(), DeckState():
                deck.ready, deck.lost, deck.trouble = report, None, None
            case Lost(), DeckState():
                deck.ready, deck.lost, deck.level, deck.trouble = None, report, None, None
            case Players(), DeckState():
                deck.players = report
            case Trouble(), DeckState():
                deck.trouble = report if report.reason.zh else None

    def close(self) -> None:
        for deck in self._decks.values():
            deck.link.close()
        self._decks = {}

    def _new(self, settings: OutputSettings, rules: GateRules) -> DeckState:
        name = settings.name

        def on_report(report: Report) -> None:
            deck = self._decks.get(name)
            if isinstance(report, Level):
                if deck is not None:
                    deck.level = report
                return
            if isinstance(report, Lost) and deck is not None and deck.level is not None:
                self._inbox(name, deck.level)  # how far it had come
            self._inbox(name, report)

        return DeckState(settings=settings, link=self._make_link(settings, rules, on_report))
