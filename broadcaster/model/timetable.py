"""All of schedule.toml as values: station, voices, sound, outputs, zones and slots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from broadcaster.model.days import Calendar, Daily, DayRule
from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.outputs import AmplifierSettings, OutputSettings, Zone
from broadcaster.model.triggers import TriggerSettings
from broadcaster.model.words import IfInterrupted, Priority

SlotId = NewType("SlotId", str)


FAR = "far"
"""The profile that every station has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSettings:
    name: str = "村广播站"
    timezone: str = "Asia/Shanghai"
    language: str = "zh-CN"
    quiet_hours: tuple[QuietHours, ...] = DEFAULT_QUIET_HOURS
    is_strict: bool = False
    """True: files on the disk need an approval, too."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether the aware *moment* falls into quiet hours on the station's own clock."""
        zone = self.zone
        return any(hours.is_quiet(moment, zone) for hours in self.quiet_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """Where the cadre's page answers."""

    address: str = "127.0.0.1"
    """Of this machine: by default only a browser on the box itself reaches the page; ``0.0.0.0`` is every network."""
    port: int = 8080
    hosts: tuple[str, ...] = ()
    """Names under which the page may be called, beside numbers and the machine's own name."""
    certificate: str = ""
    """A PEM file, below the home folder or with its whole path; empty: the page does not speak TLS."""
    key: str = ""
    """The PEM file of its private key; given with a certificate, and never without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """How people speak live, and what is kept of it."""

    longest: timedelta = timedelta(minutes=30)
    """The gate ends every live broadcast then: a forgotten microphone cannot block the village."""
    jitter: timedelta = timedelta(milliseconds=100)
    """So unevenly may the sound come. It is heard later by as much."""
    silence: timedelta = timedelta(seconds=5)
    """Without a sample for so long the source counts as hung, and the broadcast ends."""
    keep_days: int = 90
    """Recordings that are older are removed."""
    keep_gb: int = 2
    """Beyond so much the oldest recordings are removed; 1 GB is three hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """The backup of every night."""

    at: time | None = time(3, 10)
    """None: there is none."""
    keep_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings:
    name: str = "default"
    engine: str = "pyttsx3"
    rate: int = 165
    """Characters a minute."""
    voice: str = ""
    """The engine's own name of a voice; empty: the engine's Mandarin."""
    model: str = ""
    """sherpa-onnx: a folder, piper: a file, both below the home; http: the service's name of a model."""
    speaker: int = 0
    """The number of a person in a model that has several."""
    url: str = ""
    """http: where the service answers."""
    token_env: str = ""
    """http: the environment variable that holds the service's password."""
    token_file: str = ""
    """http: the file below the home that holds it."""
    fallback: tuple[str, ...] = ("pyttsx3",)
    """Engines or voice names to try when this one cannot speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSettings:
    loudness_lufs: float = -16.0
    peak_dbtp: float = -2.0
    chime: str = "rise"
    """The stem of a WAV file in ``audio/chimes/``; empty: no chime."""
    closing_chime: str = ""
    siren: str = "siren"
    amplifier_lead: timedelta = timedelta(seconds=3)
    """Power on before, off after."""
    lead_in: timedelta = timedelta(milliseconds=500)
    """Silence inside the clip before the chime, so that no relay eats a syllable."""
    tail: timedelta = timedelta(milliseconds=500)
    low_hz: float = 250.0
    high_hz: float = 6000.0
    """The band that the horns carry; the rest only costs them power."""
    compression: float = 3.0
    """Ratio above the knee; 1: none."""
    pace: int = 100
    """Percent of the voice's rate."""
    comma_pause: timedelta = timedelta(milliseconds=500)
    name_pause: timedelta = timedelta(milliseconds=700)
    """Between the names of people in a list."""
    sentence_pause: timedelta = timedelta(milliseconds=900)
    repeat_pause: timedelta = timedelta(milliseconds=1500)
    echo: timedelta = timedelta(0)
    """How long the place echoes; every pause between phrases is longer."""
    opening: str = ""
    """Said once after the chime, for example a form of address."""
    repeat_phrase: str = "下面再播送一遍。"
    closing: str = ""
    """Said once at the end, for example 播送完了，谢谢收听。"""

    def for_far_horns(self) -> SoundSettings:
        """Slower, with longer pauses, in a narrower band: what is understood half a kilometre away."""
        return replace(
            self,
            low_hz=max(self.low_hz, 350.0),
            high_hz=min(self.high_hz, 5000.0),
            compression=max(self.compression, 4.0),
            pace=min(self.pace, 85),
            comma_pause=max(self.comma_pause, timedelta(milliseconds=800)),
            name_pause=max(self.name_pause, timedelta(milliseconds=1200)),
            sentence_pause=max(self.sentence_pause, timedelta(milliseconds=1400)),
            repeat_pause=max(self.repeat_pause, timedelta(milliseconds=2500)),
            echo=max(self.echo, timedelta(milliseconds=600)),
        )

    def for_emergency(self, chime: str = "") -> SoundSettings:
        """Nothing but *chime* and the words: no greeting, no thanks, and no silence in front of a siren.

        What a relay eats of a siren nobody misses.
        """
        lead_in = timedelta() if chime and chime == self.siren else self.lead_in
        return replace(self, opening="", closing="", closing_chime="", lead_in=lead_in)

    def in_time_with(self, others: Iterable[SoundSettings]) -> SoundSettings:
        """The same sound at the slowest pace and with the longest pauses of all: whoever hears two horns at once
        hears one text."""
        together = (self, *others)
        return replace(
            self,
            pace=min(one.pace for one in together),
            comma_pause=max(one.comma_pause for one in together),
            name_pause=max(one.name_pause for one in together),
            sentence_pause=max(one.sentence_pause for one in together),
            repeat_pause=max(one.repeat_pause for one in together),
            echo=max(one.echo for one in together),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``[profile.NAME]``: the sound for some horns."""

    name: str
    sound: SoundSettings


@dataclass(frozen=True, slots=True)
class PlayScript:
    """``script:NAME``"""

    name: str


@dataclass(frozen=True, slots=True)
class PlayNext:
    """``next:FOLDER``: round the folder, none twice until all were used."""

    folder: str


@dataclass(frozen=True, slots=True)
class PlayLatest:
    """``latest:FOLDER``: the script whose name sorts last among those that have not expired."""

    folder: str


@dataclass(frozen=True, slots=True)
class PlayLeaderboard:
    """``leaderboard:NAME``: the script ``leaderboard/NAME``, filled from the points."""

    name: str


@dataclass(frozen=True, slots=True)
class PlayRecording:
    """``recording:FILE``: a file in ``audio/recordings/``."""

    file: str


Source = PlayScript | PlayNext | PlayLatest | PlayLeaderboard | PlayRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An entry of the timetable: when, what, where, how urgent."""

    id: SlotId
    title: str = ""
    at: tuple[time, ...]
    days: tuple[DayRule, ...] = (Daily(),)
    """Any of them is enough."""
    except_days: tuple[DayRule, ...] = ()
    first_day: date | None = None
    """``from`` in the file; None: since ever."""
    last_day: date | None = None
    """``until`` in the file, included; None: for ever."""
    play: tuple[Source, ...]
    repeat: int = 1
    """How often the text is said in one airing."""
    zones: tuple[str, ...] = ("all",)
    priority: Priority = Priority.ROUTINE
    grace: timedelta = timedelta(minutes=10)
    """How late it may still start. Past this it is missed."""
    if_interrupted: IfInterrupted = IfInterrupted.RESUME
    voice: str = "default"
    chime: str | None = None
    """None: the station's chime; empty: none."""
    is_paused: bool = False
    """True: it stays in the file and is not heard until people want it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All of schedule.toml."""

    station: StationSettings = StationSettings()
    voices: tuple[VoiceSettings, ...] = (VoiceSettings(),)
    """The default voice first."""
    sound: SoundSettings = SoundSettings()
    resume_phrase: str = "刚才的节目接着播。"
    """Said before a programme goes on where it was cut; empty: nothing. Not part of any clip's own sound."""
    profiles: tuple[Profile, ...] = ()
    """Those in the file; ``far`` is there without being in it."""
    zones: tuple[Zone, ...] = (Zone(name="all", outputs=("main",)),)
    outputs: tuple[OutputSettings, ...] = (OutputSettings(name="main"),)
    page: PageSettings = PageSettings()
    live: LiveSettings = LiveSettings()
    backup: BackupSettings = BackupSettings()
    amplifiers: tuple[AmplifierSettings, ...] = ()
    triggers: tuple[TriggerSettings, ...] = ()
    slots: tuple[Slot, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    lexicon: tuple[tuple[str, str], ...] = ()
    """Word and numbered pinyin, ``("大营村", "da4 ying2 cun1")``: the station's own readings."""

    def voice(self, name: str) -> VoiceSettings | None:
        return next((voice for voice in self.voices if voice.name == name), None)

    def outputs_of(self, zones: Iterable[str]) -> tuple[str, ...]:
        """The outputs of some zones, each once, in the order of the file."""
        wanted = {name for zone in self.zones if zone.name in set(zones) for name in zone.outputs}
        return tuple(output.name for output in self.outputs if output.name in wanted)

    def profile(self, name: str) -> SoundSettings | None:
        """The sound of a profile; of [sound] when *name* is empty."""
        if not name:
            return self.sound
        found = next((profile.sound for profile in self.profiles if profile.name == name), None)
        return self.sound.for_far_horns() if found is None and name == FAR else found

    def sound_of(self, output: str) -> SoundSettings:
        """What the horns of one output need."""
        names = (zone.profile for zone in self.zones if output in zone.outputs and zone.profile)
        return self.profile(next(names, "")) or self.sound

    def sounds_of(self, outputs: Iterable[str]) -> dict[SoundSettings, tuple[str, ...]]:
        """Each sound that is needed to play one thing on *outputs*, all of them equally long, and who needs it."""
        needed = {output: self.sound_of(output) for output in outputs}
        found: dict[SoundSettings, tuple[str, ...]] = {}
        for output, own in needed.items():
            sound = own.in_time_with(needed.values())
            found[sound] = (*found.get(sound, ()), output)
        return found

    def sound_of_all(self) -> SoundSettings:
        """One sound for every horn at once, for an emergency: [sound] at the slowest pace of all."""
        return self.sound.in_time_with(self.sound_of(output.name) for output in self.outputs)
