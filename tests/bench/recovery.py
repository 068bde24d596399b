"""kill -9 of the deck that plays → the first sample of the airing that goes on, at the sound server's monitor."""

import os
import signal
import threading
import time
from datetime import UTC, datetime

import numpy as np

from broadcaster.door import Door
from tests.bench.table import Row, Table
from tests.bench.village import onsets, running, timetable, wait_until, write_burst
from tests.pulse import RATE_HZ

LONG_S = 20
SOUNDS_S = 1.5
AGAIN_S = 20


def measure(*, is_quick):
    slot = '[[slot]]\nid = "long"\nat = "13:00"\nplay = "recording:long.wav"\n'
    with running(
        timetable(slot, now=datetime.now(UTC)),
        prepare=lambda home: write_burst(home.audio / "recordings" / "long.wav", LONG_S),
    ) as (home, pulse, _):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 300)
        recording = pulse.record()
        away = [_away_ms(home, door, recording) for _ in range(3 if is_quick else 20)]
        recording.close()
    yield Table(
        "A deck is killed in the middle of an airing: until it sounds again", "ms", (Row("dalaba", tuple(away)),)
    )


def _away_ms(home, door, recording):
    """Of one death. The lead-in of the clip is part of it, as the village hears it."""
    began = len(recording.samples())
    door.post("/api/play", {"what": "long", "who": "测量"})
    recording.wait_for(lambda samples: onsets(samples, apart_s=1) or None, 10, since=began)
    _sounds_for(recording, SOUNDS_S)
    pid = int((home.var / "decks" / "main.pid").read_text(encoding="ascii"))
    died, killed = len(recording.samples()), time.monotonic()
    os.kill(pid, signal.SIGKILL)
    again = recording.wait_for(lambda samples: _after_silence(samples), AGAIN_S, since=died)
    away = 1000 * (recording.instant(died + again) - killed)
    door.post("/api/stop", {"airing": None, "who": "测量"})
    recording.wait_for(lambda samples: not np.any(np.abs(samples[-RATE_HZ // 2 :]) > 0.003), 10)
    threading.Event().wait(5)  # the next deck waits ready by then, as on any ordinary day
    return away


def _sounds_for(recording, seconds):
    count = len(recording.samples()) + round(seconds * RATE_HZ)
    recording.wait_for(lambda samples: len(samples) > count)


def _after_silence(samples, block=RATE_HZ // 100):
    """The sample at which sound begins anew; None: not yet. What the server still held sounds on for a moment."""
    loud = np.abs(samples[: len(samples) // block * block]).reshape(-1, block).max(axis=1) > 0.05
    silent = np.flatnonzero(~loud)
    if not len(silent):
        return None
    again = np.flatnonzero(loud[silent[0] :])
    return int(silent[0] + again[0]) * block if len(again) else None
