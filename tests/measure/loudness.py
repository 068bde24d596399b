"""Loudness of every shipped clip, and how fast clips are made: ``python -m tests.measure.loudness [COUNT]``.

Renders the shipped scripts as the shipped timetable would, and measures each with ffmpeg's ebur128, not with our own
meter. Chimes, siren and recorded emergency words are measured as they lie on the disk.
"""

import argparse
import re
import resource
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from broadcaster.dates import day_facts
from broadcaster.library import read_library
from broadcaster.model.clip import CLIP_RATE_HZ, ClipOrder
from broadcaster.model.timetable import Schedule, SoundSettings
from broadcaster.render.pipeline import render
from broadcaster.schedule import parse_schedule
from broadcaster.scripts import fill
from broadcaster.sounds import SoundFolder
from broadcaster.voices.choose import open_voice
from broadcaster.voices.remembered import RememberedVoice
from tests.render.signals import measured_by_ffmpeg

HOME = Path(__file__).parents[2]
DAY = date(2026, 11, 25)
NEAR_ENOUGH_LU = 0.5
TOLD_TO_DB = 0.05
"""ffmpeg tells both to a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One sound as ffmpeg measures it, beside what it should be."""

    name: str
    loudness_lufs: float
    true_peak_dbtp: float
    target_lufs: float
    ceiling_dbtp: float
    length_s: float

    @property
    def off_lu(self) -> float:
        return self.loudness_lufs - self.target_lufs

    @property
    def is_right(self) -> bool:
        is_held = self.true_peak_dbtp <= self.ceiling_dbtp + TOLD_TO_DB
        return abs(self.off_lu) <= NEAR_ENOUGH_LU and is_held

    def __str__(self) -> str:
        verdict = "" if self.is_right else "  WRONG"
        return f"{self.name}: {self.loudness_lufs:.1f} LUFS, {self.true_peak_dbtp:.1f} dBTP{verdict}"


@dataclass
class Loudness:
    """All that was measured."""

    sounds: list = field(default_factory=list)
    speech_s: float = 0.0
    """Length of the clips that were rendered,"""
    cpu_s: float = 0.0
    """and the processor time that it took, voice and all."""

    def __str__(self) -> str:
        off = [abs(one.off_lu) for one in self.sounds]
        peaks = [one.true_peak_dbtp - one.ceiling_dbtp for one in self.sounds]
        right = sum(one.is_right for one in self.sounds)
        return (
            f"loudness: {right} of {len(self.sounds)} sounds within {NEAR_ENOUGH_LU} LU and under the ceiling; "
            f"worst {max(off):.1f} LU off, highest peak {max(peaks):+.1f} dB from the ceiling\n"
            f"rendering: {self.speech_s:.0f} s of sound in {self.cpu_s:.1f} s of one core, "
            f"{self.speech_s / self.cpu_s:.0f} x real time"
        )


def loudness(count: int | None = None, *, far: bool = True) -> Loudness:
    """The first *count* of the shipped scripts, or all, near and *far*, and every sound on the disk."""
    schedule = shipped_schedule()
    found = Loudness(sounds=list(stored(schedule.sound)))
    sounds = SoundFolder(HOME / "audio")
    settings = schedule.voices[0]
    voice = RememberedVoice(open_voice(settings, HOME))
    kinds = [("near", schedule.sound), *([("far", schedule.sound.for_far_horns())] if far else [])]
    try:
        for name, text in list(texts(schedule))[:count]:
            for kind, sound in kinds:
                before = cpu_s()
                clip = render(_order(name, text, schedule, sound), voices=((settings, voice),), sounds=sounds)
                found.cpu_s += cpu_s() - before
                length_s = len(clip.samples) / 2 / CLIP_RATE_HZ
                found.speech_s += length_s
                found.sounds.append(_measured(f"{name} ({kind})", clip.samples, sound, length_s))
    finally:
        before = children_cpu_s()
        voice.close()
        found.cpu_s += children_cpu_s() - before
    return found


def shipped_schedule() -> Schedule:
    parsed = parse_schedule((HOME / "schedule.toml").read_text(encoding="utf-8")).schedule
    assert parsed is not None
    return parsed


def texts(schedule: Schedule) -> Iterable[tuple[str, str]]:
    """Names and words of the shipped scripts that need no points."""
    facts = {"station": schedule.station.name} | dict(day_facts(DAY, schedule.calendar))
    for script in read_library(HOME / "scripts").scripts:
        if script.blanks <= facts.keys():
            yield script.name, fill(script, facts).text


def stored(sound: SoundSettings) -> Iterable[Measured]:
    """Chimes, siren and recorded words."""
    for path in sorted([*(HOME / "audio").glob("chimes/*.wav"), *(HOME / "audio").glob("emergency/*.wav")]):
        with wave.open(str(path)) as file:
            samples, length_s = file.readframes(file.getnframes()), file.getnframes() / file.getframerate()
        yield _measured(f"{path.parent.name}/{path.stem}", samples, sound, length_s)


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def children_cpu_s() -> float:
    """Of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _order(name: str, text: str, schedule: Schedule, sound: SoundSettings) -> ClipOrder:
    is_emergency = name.startswith("emergency/")
    chime = sound.siren if is_emergency else sound.chime
    sound = sound.for_emergency(chime) if is_emergency else sound
    repeat = 2 if re.match("study|notice", name) else 1
    return ClipOrder(
        texts=(text,),
        voices=(replace(schedule.voices[0], fallback=()),),
        sound=sound,
        repeat=repeat,
        chime=chime,
        lexicon=schedule.lexicon,
    )


def _measured(name: str, samples: bytes, sound: SoundSettings, length_s: float) -> Measured:
    loudness_lufs, true_peak_dbtp = measured_by_ffmpeg(samples)
    return Measured(
        name=name,
        loudness_lufs=loudness_lufs,
        true_peak_dbtp=true_peak_dbtp,
        target_lufs=sound.loudness_lufs,
        ceiling_dbtp=sound.peak_dbtp,
        length_s=length_s,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=None)
    measured = loudness(parser.parse_args().count)
    for one in measured.sounds:
        if not one.is_right:
            print(one)
    print(measured)
