"""An airing → the order for its clip: scripts filled with the facts of the day, the voice, the chime, the readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from broadcaster.dates import day_facts
from broadcaster.errors import ScriptUnusable
from broadcaster.model.airing import Airing, LeftOut
from broadcaster.model.clip import ClipOrder, as_text
from broadcaster.model.texts import Announcement, ApprovedReading, Reading, Script, ScriptName
from broadcaster.model.timetable import Schedule, VoiceSettings
from broadcaster.model.words import Priority, Sentence
from broadcaster.proof.sidefile import as_reading, text_hash
from broadcaster.scripts import expired, fill
from broadcaster.scripts.facts import reason_for_missing
from broadcaster.station.sources import InForce
from broadcaster.study.leaderboard import point_facts
from broadcaster.study.roster import Roster

LAST_RESORTS = ("pyttsx3", "espeak-ng")
"""Engines that are tried whatever the station has set, before an airing is given up."""


@dataclass(slots=True, eq=False)
class Bulletins:
    """What can be said on each day by what is in force. Thrown away when files or points change."""

    in_force: InForce
    roster: Roster = field(default_factory=Roster)
    _facts: dict[date, Mapping[str, object]] = field(default_factory=dict)
    _approved: Mapping[tuple[ScriptName, str], ApprovedReading] = field(init=False)

    def __post_init__(self) -> None:
        self._approved = {(one.script, one.text_sha256): one for one in self.in_force.library.readings}

    def facts(self, day: date) -> Mapping[str, object]:
        """Everything that blanks may ask for on *day*."""
        if day not in self._facts:
            schedule = self.in_force.schedule
            self._facts[day] = (
                {"station": schedule.station.name}
                | dict(day_facts(day, schedule.calendar))
                | point_facts(self.roster, day)
            )
        return self._facts[day]

    def unfit(self, script: Script, day: date) -> Sentence | None:
        """Why the script cannot be said on *day*; None: it can."""
        if script.why_not.zh:
            return script.why_not
        if expired(script, day):
            return Sentence(
                f"稿件“{script.title}”已过期（{script.expires}）。",
                f"script {script.name!r} expired on {script.expires}.",
            )
        if not script.blanks:
            return None
        given = self.facts(day)
        missing = script.blanks - given.keys()
        return reason_for_missing(script.name, missing, given.keys()) if missing else None

    def order(self, airing: Airing) -> tuple[ClipOrder | None, tuple[LeftOut, ...]]:
        """The order for the airing's clip, None when nothing is left to say; and what had to be left out.

        In the sound for every horn; see ``OrderBook`` for what some of them need instead.
        """
        texts: list[Announcement] = []
        left_out: list[LeftOut] = []
        for name in airing.scripts:
            try:
                texts.append(self._announcement(name, airing.planned_at.date()))
            except ScriptUnusable as error:
                left_out.append(LeftOut(script=name, reason=error.sentence))
        if not texts:
            return None, tuple(left_out)
        schedule, slot = self.in_force.schedule, airing.slot
        own_voices = {text.voice for text in texts}
        voice = own_voices.pop() if len(own_voices) == 1 else ""
        is_emergency = slot.priority is Priority.EMERGENCY
        sound = schedule.sound_of_all()
        chime = sound.siren if is_emergency else sound.chime
        chime = chime if slot.chime is None else slot.chime
        return (
            ClipOrder(
                texts=tuple(as_text(text.recording, text.text) for text in texts),
                voices=voices_to_try(schedule, voice or slot.voice),
                sound=sound.for_emergency(chime) if is_emergency else sound,
                repeat=slot.repeat,
                chime=chime,
                lexicon=self.lexicon(),
                readings=self.readings(texts),
            ),
            tuple(left_out),
        )

    def lexicon(self) -> tuple[tuple[str, str], ...]:
        """The readings of the points sheets, then those that the station wrote down itself: of two the later wins."""
        return self.roster.readings() + self.in_force.lexicon

    def readings(self, texts: Iterable[Announcement]) -> tuple[Reading, ...]:
        """The approved readings of exactly these texts; the others are read by the rules."""
        found = ((self._approved.get((text.script, text_hash(text.text))), text.text) for text in texts)
        return tuple(as_reading(one, text) for one, text in found if one is not None)

    def announcement(self, script: Script, day: date) -> Announcement:
        """What *script* says on *day*. Raises ScriptUnusable, also for a script that may not be said."""
        if script.why_not.zh:
            raise ScriptUnusable(script.why_not)
        return fill(script, self.facts(day))

    def _announcement(self, name: ScriptName, day: date) -> Announcement:
        if name.startswith("recording:"):
            return Announcement(script=name, title=name, text=name)
        script = self.in_force.library.by_name.get(name)
        if script is None:
            raise ScriptUnusable(Sentence(f"没有稿件“{name}”。", f"there is no script {name!r}."))
        return self.announcement(script, day)


def voices_to_try(schedule: Schedule, name: str) -> tuple[VoiceSettings, ...]:
    """The voice called *name*, then what the station falls back on, then the engines that are always there."""
    first = schedule.voice(name) or schedule.voices[0]
    wanted = [first]
    for other in (*first.fallback, *LAST_RESORTS):
        named = schedule.voice(other)
        wanted.append(named or VoiceSettings(name=other, engine=other, rate=first.rate))
    seen: dict[tuple[str | int, ...], VoiceSettings] = {}
    for voice in wanted:
        speaks_as = (voice.engine, voice.voice, voice.model, voice.speaker, voice.url)
        seen.setdefault(speaks_as, replace(voice, fallback=()))
    return tuple(seen.values())
