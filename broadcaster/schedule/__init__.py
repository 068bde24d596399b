"""Text of schedule.toml → Schedule, or every complaint at once. Pure: what is on the disk is left to ``crosscheck``."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.outputs import AmplifierKind
from broadcaster.model.timetable import FAR, Schedule
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.schedule.amplifiers import read_amplifiers
from broadcaster.schedule.complaints import Complaints, unknown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.lexicon import read_lexicon
from broadcaster.schedule.live import read_live
from broadcaster.schedule.names import unknown_names
from broadcaster.schedule.outputs import horns_of, read_outputs, read_zones
from broadcaster.schedule.page import read_page
from broadcaster.schedule.settings import read_backup, read_calendar, read_station
from broadcaster.schedule.slots import read_slots
from broadcaster.schedule.sound import read_profiles, read_resume_phrase, read_sound
from broadcaster.schedule.syntax import read_tables
from broadcaster.schedule.table import Table, subtable
from broadcaster.schedule.triggers import read_triggers
from broadcaster.schedule.voices import read_voices


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedSchedule:
    """A schedule, or what is wrong with it."""

    schedule: Schedule | None
    """None: some complaint is an ERROR."""
    complaints: tuple[Complaint, ...]


def parse_schedule(text: str, *, file: str = "schedule.toml") -> ParsedSchedule:
    """Read *text* to its end and take down everything that is wrong. Never raises for what is in it."""
    complaints = Complaints(file)
    tables = read_tables(text)
    if isinstance(tables, tuple):
        for what in tables:
            complaints.error("", what)
        return ParsedSchedule(schedule=None, complaints=complaints.found)
    schedule = _read(Table("", tables, complaints), complaints)
    is_unusable = any(complaint.severity is Severity.ERROR for complaint in complaints.found)
    return ParsedSchedule(schedule=None if is_unusable else schedule, complaints=complaints.found)


def _read(top: Table, complaints: Complaints) -> Schedule:
    _complain_of_others(top, complaints)
    station = read_station(subtable(top, "station", complaints))
    voices = read_voices(subtable(top, "voice", complaints), complaints)
    outputs = read_outputs(subtable(top, "output", complaints), complaints)
    sound_table = subtable(top, "sound", complaints)
    sound = read_sound(sound_table)
    profiles = read_profiles(subtable(top, "profile", complaints), sound, complaints)
    zones = read_zones(
        subtable(top, "zone", complaints),
        outputs,
        tuple(dict.fromkeys((FAR, *(profile.name for profile in profiles)))),
        complaints,
    )
    amplifiers = read_amplifiers(
        subtable(top, "amplifier", complaints), horns_of(outputs), sound.amplifier_lead, complaints
    )
    pins = {one.pin: f"amplifier.{one.name}" for one in amplifiers if one.kind is AmplifierKind.GPIO}
    schedule = Schedule(
        station=station,
        voices=voices,
        sound=sound,
        resume_phrase=read_resume_phrase(sound_table),
        profiles=profiles,
        zones=zones,
        outputs=outputs,
        amplifiers=amplifiers,
        triggers=read_triggers(subtable(top, "trigger", complaints), (zone.name for zone in zones), pins, complaints),
        live=read_live(subtable(top, "live", complaints)),
        page=read_page(subtable(top, "page", complaints)),
        backup=read_backup(subtable(top, "backup", complaints)),
        slots=read_slots(top.values.get("slot", []), station.quiet_hours, complaints),
        calendar=read_calendar(subtable(top, "calendar", complaints)),
        lexicon=read_lexicon(subtable(top, "lexicon", complaints)),
    )
    known_zones, known_voices = {zone.name for zone in zones}, {voice.name for voice in voices}
    for path, what in unknown_names(schedule.slots, known_zones, known_voices):
        complaints.error(path, what)
    return schedule


def _complain_of_others(top: Table, complaints: Complaints) -> None:
    """Complain of tables that nobody reads, and of lines that stand above the first table."""
    for key, value in top.values.items():
        if key in KEYS or complaints.is_full:
            continue
        home = next((table for table, keys in KEYS.items() if key in keys), "")
        if home and not isinstance(value, dict | list):
            head = "[[slot]]" if home == "slot" else f"[{home}]"
            top.complain(
                key,
                Sentence(f"这一行要写在 {head} 下面。请移过去。", f"this line belongs below {head}. Move it there."),
            )
        else:
            top.complain(key, unknown(Sentence("段落", "table"), key, KEYS))
