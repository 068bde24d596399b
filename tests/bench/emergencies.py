"""A command, received by the running station → the first sample of the emergency at the monitor."""

import threading
import time
from datetime import UTC, datetime

import numpy as np

from broadcaster.door import Door
from tests.bench import liquidsoap
from tests.bench.table import Row, Table
from tests.bench.village import family, heard_at, lead_s, onsets, running, timetable, wait_until

RENDERING = 8
LONG_TEXT = "各位乡亲，今年的稻谷收购已经开始，请大家把粮食晒干扬净，带上身份证和银行卡，到镇粮站交售。" * 20


def measure(*, is_quick):
    count = 5 if is_quick else 40
    now = datetime.now(UTC)
    noon = "".join(
        f'[[slot]]\nid = "long-{number}"\nat = "{13 + number}:00"\nplay = "script:long/{number}"\n'
        for number in range(RENDERING)
    )
    with running(timetable("", now=now, more='[voice]\nengine = "pyttsx3"'), prepare=_prepare) as (
        home,
        pulse,
        process,
    ):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 300)
        recording = pulse.record()
        idle = _latencies(home, recording, count)
        rendering = []
        for turn in range(1 if is_quick else 4):
            _write_long(home, turn)
            home.schedule.write_text(timetable(noon, now=now, more='[voice]\nengine = "pyttsx3"'), encoding="utf-8")
            wait_until(lambda: door.get("/api/status")["clips_missing"] >= RENDERING - 2, 30)
            rendering += _latencies(home, recording, count // (1 if is_quick else 4))
            wait_until(lambda: not door.get("/api/status")["clips_missing"], 600)
        recording.close()
        size = len(family(process.pid))
    rows = (
        Row("dalaba, idle", tuple(idle)),
        Row(f"dalaba, while {RENDERING} airings render", tuple(rendering), f"{size} processes"),
        Row("Liquidsoap, idle", tuple(liquidsoap.cut_ins(count))),
    )
    yield Table("Emergency from a ready clip, command to first sample", "ms", rows)


def _prepare(home):
    (home.scripts / "long").mkdir()
    _write_long(home, 0)


def _write_long(home, turn):
    for number in range(RENDERING):
        path = home.scripts / "long" / f"{number}.txt"
        path.write_text(f"第{turn}回，第{number}篇。{LONG_TEXT}", encoding="utf-8")


def _latencies(home, recording, count):
    door = Door(home)
    found = []
    for _ in range(count):
        before = len(recording.samples())
        asked = time.monotonic()
        body = {"what": "script:emergency/fire", "who": "测量", "reason": "测量", "plays": 1}
        airing = door.post("/api/emergency", body)["airing"]
        recording.wait_for(lambda samples: onsets(samples, apart_s=1) or None, 10, since=before)
        heard = heard_at(recording, before)[0]
        door.post("/api/stop", {"airing": None, "who": "测量"})
        recording.wait_for(lambda samples: not np.any(np.abs(samples[-24_000:]) > 0.003), 10)
        threading.Event().wait(0.6)
        found.append(1000 * (heard - lead_s(home, airing) - asked))
    return found
