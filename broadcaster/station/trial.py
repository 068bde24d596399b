"""What a person wants to try, a text, a script or a slot → its sound on headphones. Nothing here can reach a horn.

Trials go to outputs with ``monitor = true`` alone, which no zone can hold; a deck of any other output refuses them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadcaster.errors import DalabaError, Refused
from broadcaster.home import Home
from broadcaster.model.airing import Airing, AiringId
from broadcaster.model.clip import RECORDING, Clip, ClipOrder, as_text
from broadcaster.model.timetable import PlayScript, Schedule
from broadcaster.model.words import IfInterrupted, Priority, Sentence
from broadcaster.plan.rounds import Facts, Rounds
from broadcaster.playout.cue import Arm, Command, Cue, Stop
from broadcaster.station.ahead import Renders
from broadcaster.station.books import PlanBooks
from broadcaster.station.bulletins import voices_to_try
from broadcaster.station.byhand import slot_for
from broadcaster.station.ledger import Ledger

PATIENCE_S = 20.0
"""So long a person waits; a slow voice is heard when it is ready."""
MAY_BEGIN_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Where it is heard, or will be in a moment."""

    airing: AiringId
    """Never in the as-run log: a trial is no airing."""
    outputs: tuple[str, ...]
    """Empty: the station has no output for trying, and nothing was done."""


def monitors_of(schedule: Schedule) -> tuple[str, ...]:
    """The outputs that are for trying, and in no zone."""
    in_zones = {name for zone in schedule.zones for name in zone.outputs}
    return tuple(one.name for one in schedule.outputs if one.is_monitor and one.name not in in_zones)


def order_for(what: str, books: PlanBooks, ledger: Ledger, home: Home, now: datetime) -> ClipOrder:
    """The order for a slot by its name, ``script:NAME`` as it lies on the disk, or any other words. Raises Refused.

    A script that nobody approved yet can be tried: that is what trying is for.
    """
    schedule, bulletins = books.schedule, books.bulletins
    local = now.astimezone(schedule.station.zone).replace(microsecond=0)
    if not what.strip():
        raise Refused(Sentence("没有写要试听什么。", "there is nothing to try."))
    if what.startswith("script:"):
        return _script(what, books, home, local)
    slot = next((slot for slot in schedule.slots if slot.id == what), None)
    if slot is None:
        voices = voices_to_try(schedule, schedule.voices[0].name)
        text = as_text(what.removeprefix(RECORDING), "") if what.startswith(RECORDING) else what
        return ClipOrder(texts=(text,), voices=voices, sound=schedule.sound_of_all(), lexicon=bulletins.lexicon())
    facts = Facts(library=books.in_force.library, uses=ledger.uses, unfit=bulletins.unfit)
    scripts, _, left_out = Rounds(facts).choose(slot.play, local.date())
    order, not_said = bulletins.order(Airing(slot=slot, planned_at=local, starts_at=local, scripts=scripts))
    if order is None:
        reasons = [one.reason for one in (*left_out, *not_said)]
        why_zh, why_en = (reasons[0].zh, reasons[0].en) if reasons else ("", "")
        raise Refused(
            Sentence(
                f"“{what}”现在没有可试听的。{why_zh}", f"there is nothing to try in {what!r} now. {why_en}".strip()
            )
        )
    return order


def _script(what: str, books: PlanBooks, home: Home, local: datetime) -> ClipOrder:
    from broadcaster.station.proofs import (
        proof,  # it brings the libraries of speech, which an idle station does without
    )

    library, schedule = books.in_force.library, books.schedule
    slot = slot_for(what, schedule, library)
    [source] = slot.play
    assert isinstance(source, PlayScript)
    name = next(one.name for one in library.scripts if one.name == source.name)
    found = proof(home.scripts, name, books.bulletins, library, local.date())
    if found.reading is None or found.spoken is None:
        raise Refused(found.why_not)
    sound = schedule.sound_of_all()
    return ClipOrder(
        texts=(as_text(found.script.recording, found.reading.text),),
        voices=voices_to_try(schedule, found.script.voice or slot.voice),
        sound=sound,
        chime=sound.chime,
        lexicon=books.bulletins.lexicon(),
        readings=(found.spoken,) if found.approved is not None else (),
    )


class TrialDesk:
    """One trial at a time: the next one takes its place. May be called from any thread."""

    def __init__(
        self, *, renderer: Renders, clip_path: Callable[[str], Path], send: Callable[[str, Command], None]
    ) -> None:
        self._renderer = renderer
        self._clip_path = clip_path
        self._send = send
        self._lock = threading.Lock()
        self._latest: Tried | None = None

    def play(self, order: ClipOrder, schedule: Schedule, now: datetime, *, who: str) -> Tried:
        """Heard on every output for trying as soon as it is spoken. Raises what a render raises."""
        airing = AiringId(f"try@{now.astimezone(schedule.station.zone):%Y-%m-%dT%H:%M:%S.%f}")
        tried = Tried(airing=airing, outputs=monitors_of(schedule))
        if not tried.outputs:
            return tried
        self.stop(who=who)
        with self._lock:
            self._latest = tried
        # Among the usual ones: an emergency's words must never wait for a trial.
        future = self._renderer.render(order)
        future.add_done_callback(lambda done: self._arm(tried, done, now))
        with suppress(TookTooLong, CancelledError):
            future.result(PATIENCE_S)
        return tried

    def stop(self, *, who: str) -> None:
        """Whatever is being tried is heard no more."""
        with self._lock:
            tried, self._latest = self._latest, None
        if tried is not None:
            for output in tried.outputs:
                self._send(output, Stop(airing=tried.airing, who=who))

    def _arm(self, tried: Tried, done: Future[Clip], now: datetime) -> None:
        try:
            clip = done.result()
        except (DalabaError, CancelledError):
            return  # told to who waits for it
        with self._lock:
            if self._latest is not tried:
                return
            for output in tried.outputs:
                self._send(output, Arm(cue=_cue(tried.airing, clip, self._clip_path(clip.key), now)))


def _cue(airing: AiringId, clip: Clip, path: Path, now: datetime) -> Cue:
    return Cue(
        airing=airing,
        clip=str(path),
        sha256=clip.sha256,
        sentence_starts=clip.sentence_starts,
        starts_at=now,
        grace_s=PATIENCE_S + MAY_BEGIN_WITHIN_S,
        priority=Priority.ROUTINE,
        if_interrupted=IfInterrupted.DROP,
        is_trial=True,
    )
