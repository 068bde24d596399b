"""All that an emergency needs, ready before it comes, as one value that no thread has to wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from broadcaster.model.clip import CLIP_RATE_HZ, Clip, ClipOrder
from broadcaster.model.texts import Announcement, Library, ScriptName
from broadcaster.model.timetable import Schedule
from broadcaster.station.bulletins import Bulletins, voices_to_try
from broadcaster.station.emergency.calls import CallKind
from broadcaster.station.sources import InForce
from broadcaster.station.stored import StoredSound


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Handed to the desk whenever something of it changed."""

    bulletins: Bulletins = field(default_factory=lambda: Bulletins(InForce()))
    ready: Mapping[ScriptName, Clip] = field(default_factory=dict)
    """Scripts of the folder ``emergency`` with siren; as they are now, or as they were until that is rendered."""
    siren: StoredSound | None = None
    general: StoredSound | None = None
    all_clear: StoredSound | None = None

    @property
    def schedule(self) -> Schedule:
        return self.bulletins.in_force.schedule

    @property
    def library(self) -> Library:
        return self.bulletins.in_force.library

    @property
    def siren_length(self) -> timedelta:
        return timedelta(seconds=self.siren.frames / CLIP_RATE_HZ) if self.siren else timedelta()

    def first_sound(self, kind: CallKind) -> tuple[StoredSound, str] | None:
        """What sounds until the words are there, and what is put behind the identity for it."""
        if kind is not CallKind.EMERGENCY:
            return (self.all_clear, "~recorded") if self.all_clear and kind is CallKind.ALL_CLEAR else None
        if self.siren is not None:
            return self.siren, "~siren"
        return (self.general, "~recorded") if self.general is not None else None

    def order(self, words: Announcement, chime: str) -> ClipOrder:
        """For words that nobody rendered ahead."""
        schedule = self.schedule
        return ClipOrder(
            texts=(words.text,),
            voices=voices_to_try(schedule, schedule.voices[0].name),
            sound=schedule.sound_of_all().for_emergency(chime),
            chime=chime,
            lexicon=self.bulletins.lexicon(),
            readings=self.bulletins.readings([words]),
        )
