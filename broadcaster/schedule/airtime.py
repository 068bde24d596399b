"""How long a slot sounds: known from its clip, or estimated from the length of its texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from broadcaster.model.texts import Library, ScriptName
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Schedule,
    Slot,
    SlotId,
    Source,
    VoiceSettings,
)

LENGTH_OF_AN_UNKNOWN_TEXT = timedelta(seconds=90)
LENGTH_OF_A_CHIME = timedelta(seconds=3)
PAUSES = 1.2
"""Pauses at commas and full stops make speech about a fifth longer than its characters at the voice's rate."""


class Lengths:
    """Lengths of the slots of one schedule."""

    def __init__(
        self,
        schedule: Schedule,
        scripts: Collection[ScriptName] | Library,
        clip_lengths: Mapping[SlotId, timedelta],
    ) -> None:
        self._schedule = schedule
        self._known = clip_lengths
        self._library = scripts if isinstance(scripts, Library) else Library()

    def is_known(self, slot: Slot) -> bool:
        return slot.id in self._known

    def of(self, slot: Slot) -> timedelta:
        if slot.id in self._known:
            return self._known[slot.id]
        sounds = self._schedule.sounds_of(self._schedule.outputs_of(slot.zones))
        sound = next(iter(sounds), self._schedule.sound)
        voice = self._schedule.voice(slot.voice) or VoiceSettings()
        said = sum((self._said(source, voice) for source in slot.play), timedelta()) * 100 / sound.pace
        chimes = sum(bool(name) for name in (sound.chime if slot.chime is None else slot.chime, sound.closing_chime))
        frame = sound.opening + sound.closing + sound.repeat_phrase * (slot.repeat - 1)
        said_around = timedelta(minutes=len(frame) / voice.rate * PAUSES) * 100 / sound.pace
        pauses = sound.lead_in + sound.tail + (slot.repeat - 1) * sound.repeat_pause
        return said * slot.repeat + said_around + chimes * LENGTH_OF_A_CHIME + pauses

    def _said(self, source: Source, voice: VoiceSettings) -> timedelta:
        match source:
            case PlayScript(name):
                characters = self._characters_of(name)
            case PlayNext(folder) | PlayLatest(folder):
                sizes = (len(script.body) for script in self._library.in_folder(folder))
                characters = max(sizes, default=None)
            case PlayLeaderboard(name):
                characters = self._characters_of(f"leaderboard/{name}")
            case PlayRecording():
                characters = None
        if characters is None:
            return LENGTH_OF_AN_UNKNOWN_TEXT
        return timedelta(minutes=characters / voice.rate * PAUSES)

    def _characters_of(self, name: str) -> int | None:
        script = self._library.by_name.get(ScriptName(name))
        return None if script is None else len(script.body)
