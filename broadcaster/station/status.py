"""What a person wants to know of a running station, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from broadcaster.model.airing import Airing, AiringId, Hold, LogEntry
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Complaint, Sentence
from broadcaster.station.faults import Fault
from broadcaster.station.night import NightAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputStatus:
    """One output and its deck."""

    name: str
    is_open: bool
    device: str
    """What is really open, for people; empty when nothing is."""
    is_tape: bool
    rms_dbfs: float | None
    underruns: int
    why_not: Sentence
    """Why it is not open; nothing to say when it is."""
    players_online: tuple[str, ...] = ()
    """Horns on the network that play it now, where a server can say it."""
    players_offline: tuple[str, ...] = ()
    is_monitor: bool = False
    """Headphones: for trying, and never heard by the village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplifierStatus:
    """The power of some horns. What is wrong with it is among the faults."""

    name: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """Something that is heard now, or waits to go on after an interruption."""

    entry: LogEntry
    outputs: tuple[str, ...]
    is_waiting: bool
    """True: cut by something more urgent, and goes on after it."""
    plays: int = 1
    """How often it has begun, the present time included."""
    heard: timedelta = timedelta()
    """Of the present time."""
    length: timedelta | None = None
    """Of one time; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedText:
    """A prepared emergency text, as a person chooses it."""

    script: ScriptName
    title: str
    text: str
    is_ready: bool
    """True: its sound is on the disk, and begins at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole station at one instant."""

    station: str
    language: str
    now: datetime
    is_clock_trusted: bool
    why_clock_is_not_trusted: Sentence
    is_quiet: bool
    on_air: tuple[Sounding, ...]
    hold: Hold | None
    """Silence that people asked for, now; None: nothing is held."""
    next: tuple[Airing, ...]
    """The next few airings of today and tomorrow."""
    outputs: tuple[OutputStatus, ...]
    amplifiers: tuple[AmplifierStatus, ...] = ()
    night: NightAsked | None = None
    """Quiet hours of the timetable that an owner has yet to agree to; None: those of the timetable are in force."""
    faults: tuple[Fault, ...]
    complaints: tuple[Complaint, ...]
    is_schedule_old: bool
    """True: schedule.toml has a mistake, and an earlier one is in force."""
    clips_missing: int
    """Clips of the next 36 hours that are not rendered yet."""
    writes_waiting: int
    emergencies_ready: int
    """Prepared emergency texts whose sound is on the disk."""
    pid: int
    planner_asleep_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What hardly changes: known without a lock, whatever the planner is busy with."""

    name: str
    language: str
    timezone: ZoneInfo
    zones: tuple[str, ...]
    page: PageSettings


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a stop has stopped."""

    airings: tuple[AiringId, ...]
