"""A person speaks: how much later the horns say it, how uneven a line may be, and what it costs."""

import random
import shutil
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from broadcaster.door import Door
from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import OutputSettings
from broadcaster.model.words import IfInterrupted, Priority
from broadcaster.playout.cue import Cue, LiveFeed
from tests.bench.table import Row, Table
from tests.bench.village import family, heard_at, processor_s, running, timetable, wait_until
from tests.playout.links import RealDeck
from tests.pulse import RATE_HZ, PulseServer

AIRING = AiringId("live@measured")
BLOCK_S = 0.02
FRAMES = round(BLOCK_S * RATE_HZ)
BURST_BLOCKS = 5
EVERY = 50
HELD_UP_MS = (0, 20, 50, 80, 120, 200)
SILENCE = bytes(2 * FRAMES)
TONE = (np.sign(np.sin(2 * np.pi * 997 * np.arange(FRAMES) / RATE_HZ)) * 12_000).astype("<i2").tobytes()


def measure(*, is_quick):
    count = 4 if is_quick else 30
    now = datetime.now(UTC)
    with running(timetable("", now=now)) as (home, pulse, process):
        wait_until(lambda: not Door(home).get("/api/status")["clips_missing"], 300)
        recording = pulse.record()
        delays, idle, busy = _delays(home, process, recording, count)
        uneven = {most: _uneven(home, most / 1000, 3 if is_quick else 20) for most in HELD_UP_MS}
        recording.close()
    yield Table(
        "Live, a block of sound given to the door to its first sample at the monitor",
        "ms",
        (Row("dalaba live", tuple(delays), "a microphone adds the 20 ms of its block"),),
    )
    yield Table(
        "Live, the same sample at the monitors of two cards of one machine, apart",
        "ms",
        (Row("dalaba live", tuple(_apart(count))),),
    )
    yield Table(
        "Live on an uneven line, silence put in for what came too late (jitter = 100 ms)",
        "ms of silence in a second",
        tuple(Row(f"blocks held up by 0 to {most} ms", (figures,)) for most, figures in uneven.items()),
    )
    yield Table(
        "Processor of station and decks",
        "% of a core",
        (Row("nobody speaks", (idle,)), Row("somebody speaks", (busy,))),
    )


class Speaker:
    """Gives a block every 20 ms, on the second; *held_up*: how much later each one."""

    def __init__(self, home):
        self.line = Door(home).speak(who="测量", reason="测量", zones=())
        self.told = []
        self._is_on = threading.Event()
        self._is_over = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._is_on.wait(30)

    def _listen(self):
        for told in self.line.answers():
            self.told.append(told)
            if told["stage"] == "on air":
                self._is_on.set()
        self._is_over.set()

    def say(self, blocks, held_up=lambda: 0.0):
        """When each was given, monotonic seconds."""
        began, given, comes = time.monotonic(), [], 0.0
        for number, block in enumerate(blocks):
            comes = max(comes, began + number * BLOCK_S + held_up())
            threading.Event().wait(max(0.0, comes - time.monotonic()))
            given.append(time.monotonic())
            self.line.send(block)
        return given

    def end(self):
        self.line.end()
        assert self._is_over.wait(30)
        self.line.close()
        return self.told[-1]


def _delays(home, process, recording, count):
    """Milliseconds from giving to hearing; the processor while nobody speaks and while somebody does."""
    usage = Usage(process.pid)
    threading.Event().wait(5)
    idle = usage.percent()
    before = len(recording.samples())
    speaker = Speaker(home)
    blocks = [TONE if number % EVERY < BURST_BLOCKS else SILENCE for number in range(EVERY, (count + 1) * EVERY)]
    usage = Usage(process.pid)
    given = speaker.say(blocks)[::EVERY]
    busy = usage.percent()
    speaker.end()
    heard = heard_at(recording, before, apart_s=0.5)
    pairs = [(at, next((one for one in heard if 0 < one - at < 0.9), None)) for at in given]
    return [1000 * (found - at) for at, found in pairs if found is not None], idle, busy


class Usage:
    """The processor that a station and all its processes use from now on."""

    def __init__(self, pid):
        self._began = time.monotonic()
        self._used = {one: _used(one) for one in family(pid)}

    def percent(self):
        used = sum(max(0.0, _used(pid) - before) for pid, before in self._used.items())
        return 100 * used / (time.monotonic() - self._began)


def _apart(count):
    """Two decks that are given the same blocks, as the station gives them."""
    cards = PulseServer("east", "west")
    folder = Path(tempfile.mkdtemp(prefix="live-"))
    decks = [RealDeck(OutputSettings(name=name, device=f"pulse:{name}"), folder, cards.env) for name in cards.sinks]
    recordings = [cards.record(name) for name in cards.sinks]
    try:
        for deck in decks:
            deck.ready().arm(_cue())
        for deck in decks:
            deck.started(AIRING)
        before = [len(recording.samples()) for recording in recordings]
        began = time.monotonic()
        for number in range(EVERY, (count + 1) * EVERY):
            threading.Event().wait(max(0.0, began + (number - EVERY) * BLOCK_S - time.monotonic()))
            block = TONE if number % EVERY < BURST_BLOCKS else SILENCE
            for deck in decks:
                deck.link.sound(AIRING, round(began * RATE_HZ) + (number - EVERY) * FRAMES, block)
        threading.Event().wait(0.5)
        east, west = (heard_at(one, since, apart_s=0.5) for one, since in zip(recordings, before, strict=True))
        pairs = [(at, min(west, key=lambda one: abs(one - at))) for at in east]
        return [1000 * abs(one - other) for one, other in pairs if abs(one - other) < 0.4]
    finally:
        for one in (*recordings, *decks, cards):
            one.close()
        shutil.rmtree(folder, ignore_errors=True)


def _cue():
    return Cue(
        airing=AIRING,
        clip="",
        sha256="",
        sentence_starts=(0,),
        starts_at=datetime.now(UTC),
        grace_s=30.0,
        priority=Priority.LIVE,
        if_interrupted=IfInterrupted.DROP,
        live=LiveFeed(delay_s=0.15, patience_s=60.0, peak_dbfs=-2.0),
    )


def _uneven(home, most_s, seconds):
    """Milliseconds of silence in a second of speech, where each block is held up by chance, in order."""
    chance = random.Random(7)
    speaker = Speaker(home)
    speaker.say([TONE] * round(seconds / BLOCK_S), lambda: chance.uniform(0, most_s))
    speaker.end()
    figures = [one for told in speaker.told for one in told.get("outputs", {}).values() if one is not None]
    return max((one["silent_ms"] for one in figures), default=0) / seconds


def _used(pid):
    try:
        return processor_s(pid)
    except (OSError, subprocess.SubprocessError):
        return 0.0
