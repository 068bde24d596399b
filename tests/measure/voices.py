"""Many sentences through the voice worker: ``python -m tests.measure.voices [COUNT]``.

Counts what failed, what was not as long as espeak-ng's own command makes it, how often a worker was replaced, how long
a sentence took and how the memory of the worker grew. ``make bench`` runs a short one; the documents tell of 10,000.
"""

import argparse
import time
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from broadcaster.errors import VoiceFailed
from broadcaster.library import read_library
from broadcaster.ports import Phrase
from broadcaster.render.phrases import phrases
from broadcaster.render.reading import read_any
from broadcaster.voices.checked import spoken_s
from broadcaster.voices.espeak_command import EspeakCommandVoice
from broadcaster.voices.pyttsx3_voice import Pyttsx3Voice

SCRIPTS = Path(__file__).parents[2] / "scripts"
FOLDERS = ("study", "policy", "notice", "season", "event", "emergency")
RATE = 165
AS_LONG_S = 0.03
"""A cycle or two of the voice: the library, which has spoken before, and a fresh command differ by up to 20 ms."""


@dataclass
class Spoken:
    """What came of *count* sentences."""

    count: int
    failed: list = field(default_factory=list)
    odd: int = 0
    workers: int = 0
    speech_s: float = 0.0
    took_s: list = field(default_factory=list)
    memory_mb: list = field(default_factory=list)

    def table(self):
        took_ms = 1000 * np.array(self.took_s)
        rows = [
            ("sentences", f"{self.count:,}"),
            ("failed", f"{len(self.failed)}"),
            ("longer or shorter than the command espeak-ng says it", f"{self.odd}"),
            ("workers", f"{self.workers}"),
            ("ms a sentence: median, p99, most", " / ".join(f"{v:.0f}" for v in np.percentile(took_ms, [50, 99, 100]))),
            ("speech", f"{self.speech_s:,.0f} s, {self.speech_s / sum(self.took_s):,.0f} × real time"),
            ("memory of the worker, MB: first, most, last", " / ".join(f"{v:.0f}" for v in self._memory())),
        ]
        return "\n".join(["| voice worker | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])

    def _memory(self):
        return self.memory_mb[0], max(self.memory_mb), self.memory_mb[-1]


def sentences():
    """Every phrase of the shipped scripts that has no blank, in order."""
    for script in read_library(SCRIPTS).scripts:
        if script.folder in FOLDERS and not script.blanks:
            for one in phrases(read_any(script.body)):
                if one.syllables:
                    yield Phrase(spoken=one.spoken, syllables=one.syllables)


def speak_many(count):
    """*count* sentences through one voice, each held against the same sentence from the command espeak-ng."""
    told, voice, command, lengths = Spoken(count=count), Pyttsx3Voice(), EspeakCommandVoice(), {}
    try:
        for said in islice(cycle(list(sentences())), count):
            if said not in lengths:
                lengths[said] = spoken_s(*command.speak(said, RATE))
            began = time.perf_counter()
            try:
                samples, rate_hz = voice.speak(said, RATE)
            except VoiceFailed as error:
                told.failed.append((said.spoken, str(error)))
                continue
            told.took_s.append(time.perf_counter() - began)
            told.speech_s += len(samples) / rate_hz
            told.odd += abs(spoken_s(samples, rate_hz) - lengths[said]) > AS_LONG_S
            if len(told.took_s) % 100 == 1:
                told.memory_mb.append(_memory_mb(voice.pid))
        told.workers = voice.starts
    finally:
        voice.close()
    return told


def _memory_mb(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000)
    told = speak_many(parser.parse_args().count)
    print(told.table())
    for spoken, why in told.failed:
        print(spoken, why)
