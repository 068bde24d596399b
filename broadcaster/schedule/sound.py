"""[sound] and [profile.NAME] → how speech sounds, and how it sounds over some horns."""

from __future__ import annotations

from dataclasses import replace

from broadcaster.model.timetable import FAR, Profile, Schedule, SoundSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.outputs import named_tables
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import file_name, length, number, whole, words

ENDS_OF_SOUND_FILES = (".wav",)
PROFILE_NAME = Sentence("喇叭类型的名字", "name of a profile")


def read_sound(table: Table) -> SoundSettings:
    table.only(KEYS["sound"])
    usual = SoundSettings()
    chime = file_name("audio/chimes/", ENDS_OF_SOUND_FILES)
    pause = length("0s", "10s")
    said = words(200)
    return replace(
        _over_horns(table, usual),
        chime=table.read("chime", chime, usual.chime),
        closing_chime=table.read("closing_chime", chime, usual.closing_chime),
        siren=table.read("siren", chime, usual.siren) or _no_siren(table, usual.siren),
        amplifier_lead=table.read("amplifier_lead", length("0s", "60s"), usual.amplifier_lead),
        lead_in=table.read("lead_in", pause, usual.lead_in),
        tail=table.read("tail", pause, usual.tail),
        opening=table.read("opening", said, usual.opening),
        repeat_phrase=table.read("repeat_phrase", said, usual.repeat_phrase),
        closing=table.read("closing", said, usual.closing),
    )


def read_resume_phrase(table: Table) -> str:
    """What is said before a programme goes on; the table is checked by ``read_sound``."""
    return table.read("resume_phrase", words(200), Schedule().resume_phrase)


def read_profiles(table: Table, sound: SoundSettings, complaints: Complaints) -> tuple[Profile, ...]:
    """In the order of the file. What a profile does not say itself is as in [sound], or as far horns need it."""
    profiles = []
    for own in named_tables(table, PROFILE_NAME, complaints):
        own.only(KEYS["profile"])
        name = own.path.rpartition(".")[2]
        profiles.append(Profile(name=name, sound=_over_horns(own, sound.for_far_horns() if name == FAR else sound)))
    return tuple(profiles)


def _over_horns(table: Table, usual: SoundSettings) -> SoundSettings:
    """What may differ from one set of horns to the next."""
    pause = length("0s", "10s")
    return replace(
        usual,
        loudness_lufs=table.read("loudness_lufs", number(-40, -8), usual.loudness_lufs),
        peak_dbtp=table.read("peak_dbtp", number(-12, -0.5), usual.peak_dbtp),
        low_hz=table.read("low_hz", number(50, 800), usual.low_hz),
        high_hz=table.read("high_hz", number(2500, 20000), usual.high_hz),
        compression=table.read("compression", number(1, 10), usual.compression),
        pace=table.read("pace", whole(50, 120), usual.pace),
        comma_pause=table.read("comma_pause", pause, usual.comma_pause),
        name_pause=table.read("name_pause", pause, usual.name_pause),
        sentence_pause=table.read("sentence_pause", pause, usual.sentence_pause),
        repeat_pause=table.read("repeat_pause", pause, usual.repeat_pause),
        echo=table.read("echo", length("0s", "3s"), usual.echo),
    )


def _no_siren(table: Table, usual: str) -> str:
    table.complain(
        "siren",
        Sentence(
            f"'' 是空的：紧急广播不能没有警报声。请写 '{usual}'，或者删掉这一行。",
            f"'' is empty, and an emergency needs its siren. Write '{usual}', or take the line out.",
        ),
    )
    return usual
