"""Keeps everything that an emergency needs ready before it comes: rendered texts, the siren, recorded words.

A text that was changed keeps its clip of before until the new one is rendered, also over a restart: nobody who edits a
file takes an emergency's voice away, not for a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from broadcaster.clips import clip_key
from broadcaster.model.airing import Airing
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Slot, SlotId
from broadcaster.model.words import Priority
from broadcaster.playout.cue import KeepReady, ReadyClip
from broadcaster.station.ahead import Ahead
from broadcaster.station.books import PlanBooks
from broadcaster.station.bulletins import Bulletins, voices_to_try
from broadcaster.station.decks import Decks
from broadcaster.station.emergency.desk import EmergencyDesk
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.emergency.words import ALL_CLEAR_SCRIPT, ALL_CLEAR_SOUND, CORRECTION_SCRIPT
from broadcaster.station.ledger import Ledger
from broadcaster.station.orders import Ordered
from broadcaster.station.stored import ALL_CLEAR, GENERAL, StoredSound, stored_sound

FOLDER = "emergency"
BY_HAND = Slot(id=SlotId("emergency"), at=(), play=(), priority=Priority.EMERGENCY)
AFTERWARDS = replace(BY_HAND, chime=ALL_CLEAR_SOUND)
REMEMBERED = "emergency clips"
LOOKS_AGAIN_S = 5.0


class Readiness:
    """Looked after by the planner, once a turn."""

    def __init__(
        self, books: PlanBooks, ahead: Ahead, desk: EmergencyDesk, decks: Decks, ledger: Ledger, audio: Path
    ) -> None:
        self._books = books
        self._ahead = ahead
        self._desk = desk
        self._decks = decks
        self._ledger = ledger
        self._audio = audio
        self._ordered: Mapping[ScriptName, Ordered] = {}
        self._intro: tuple[str, ClipOrder] | None = None
        self._ordered_for: tuple[Bulletins, date] | None = None
        self._prepared: tuple[Bulletins, Mapping[ScriptName, Clip], Clip | None] | None = None
        self._look_again_at = float("-inf")

    @property
    def orders(self) -> Mapping[str, ClipOrder]:
        """What has to be rendered and kept, by key."""
        return {one.key: one.order for ordered in self._ordered.values() for one in ordered.clips}

    @property
    def intro(self) -> Mapping[str, ClipOrder]:
        """What is said before a programme goes on: good to have, after everything else."""
        return {self._intro[0]: self._intro[1]} if self._intro else {}

    @property
    def keys(self) -> tuple[str, ...]:
        """The clips that must be on the disk: those ordered, and those of before that still stand in for them."""
        ready = self._prepared[1].values() if self._prepared else ()
        return tuple(dict.fromkeys((*self.orders, *self.intro, *(clip.key for clip in ready))))

    @property
    def count(self) -> int:
        """How many prepared texts could sound this instant."""
        return len(self._prepared[1]) if self._prepared else 0

    def look(self, now: datetime, monotonic: float) -> None:
        """Order anew after a change of files or day, and hand what is ready to the desk and the decks."""
        bulletins = self._books.bulletins
        local = now.astimezone(self._books.schedule.station.zone)
        ordered_for = (bulletins, local.date())
        if self._ordered_for != ordered_for:
            self._ordered = self._all_orders(local)
            self._intro = self._intro_order()
            self._ordered_for = ordered_for
        if monotonic >= self._look_again_at:
            self._look_again_at = monotonic + LOOKS_AGAIN_S
            self._ahead.look_again(tuple(self.orders))
        before = self._prepared[1] if self._prepared else self._remembered()
        ready = {}
        for name, one in self._ordered.items():
            clip = self._ahead.clip(one.key) or before.get(name)
            if clip is not None:
                ready[name] = clip
        intro = self._ahead.clip(self._intro[0]) if self._intro else None
        if self._prepared != (bulletins, ready, intro):
            self._prepared = (bulletins, ready, intro)
            self._hand_over(bulletins, ready, intro)

    def _all_orders(self, local: datetime) -> Mapping[ScriptName, Ordered]:
        found = {}
        for script in self._books.in_force.library.in_folder(FOLDER):
            slot = AFTERWARDS if script.name in (ALL_CLEAR_SCRIPT, CORRECTION_SCRIPT) else BY_HAND
            airing = Airing(slot=slot, planned_at=local, starts_at=local, scripts=(script.name,))
            ordered = self._books.order(airing)
            if ordered.clips:
                found[script.name] = ordered
        return found

    def _intro_order(self) -> tuple[str, ClipOrder] | None:
        schedule, bulletins = self._books.schedule, self._books.bulletins
        phrase = schedule.resume_phrase
        if not phrase:
            return None
        order = ClipOrder(
            texts=(phrase,),
            voices=voices_to_try(schedule, schedule.voices[0].name),
            sound=schedule.sound_of_all().for_emergency(),
            lexicon=bulletins.lexicon(),
        )
        return clip_key(order, self._audio), order

    def _remembered(self) -> Mapping[ScriptName, Clip]:
        """The clips that an earlier station had ready, as far as they are there."""
        found = {}
        with suppress(ValueError, AttributeError):
            for name, key in json.loads(self._ledger.recall(REMEMBERED) or "{}").items():
                clip = self._ahead.known(str(key))
                if clip is not None:
                    found[ScriptName(name)] = clip
        return found

    def _hand_over(self, bulletins: Bulletins, ready: Mapping[ScriptName, Clip], intro: Clip | None) -> None:
        siren = stored_sound(self._audio, f"chimes/{self._books.schedule.sound.siren}.wav")
        general, all_clear = stored_sound(self._audio, GENERAL), stored_sound(self._audio, ALL_CLEAR)
        self._desk.prepare(
            Prepared(bulletins=bulletins, ready=ready, siren=siren, general=general, all_clear=all_clear)
        )
        stored = _stored_clips(sound for sound in (siren, general, all_clear) if sound is not None)
        clips = tuple(self._as_ready(clip) for clip in ready.values())
        self._decks.keep_ready(
            KeepReady(clips=(*stored, *clips), intro=self._as_ready(intro) if intro is not None else None)
        )
        keys = {name: clip.key for name, clip in ready.items()}
        self._ledger.remember(REMEMBERED, json.dumps(keys, ensure_ascii=False))

    def _as_ready(self, clip: Clip) -> ReadyClip:
        return ReadyClip(clip=str(self._desk.clip_path(clip.key)), sha256=clip.sha256)


def _stored_clips(sounds: Iterable[StoredSound]) -> tuple[ReadyClip, ...]:
    return tuple(ReadyClip(clip=str(sound.path), sha256=sound.sha256) for sound in sounds)
