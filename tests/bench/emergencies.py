"""A command, received by the running station → the first sample of the emergency at the monitor."""

import json
import threading
import time
from datetime import UTC, datetime

import numpy as np

from broadcaster.door import Door
from tests.bench import liquidsoap
from tests.bench.table import Row, Table
from tests.bench.village import (
    family,
    heard_at,
    lead_s,
    noon_zone,
    onsets,
    running,
    timetable,
    wait_until,
    write_burst,
)

RENDERING = 8
SINKS = ("main", "east", "west", "mill")
PROGRAMME_S = 480
SOFT = 0.02
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
    four = _with_four_outputs(count)
    rows = (
        Row("dalaba, idle", tuple(idle)),
        Row(f"dalaba, while {RENDERING} airings render", tuple(rendering), f"{size} processes"),
        Row(f"dalaba, {len(SINKS)} outputs on the air and a render running, the last of them", tuple(four)),
        Row("Liquidsoap, idle", tuple(liquidsoap.cut_ins(count))),
    )
    yield Table("Emergency from a ready clip, command to first sample", "ms", rows)


def _with_four_outputs(count):
    """A programme is on the air on all of them, too soft for the measurement to take it for the emergency."""
    outputs = "".join(f'[output.{name}]\ndevice = "pulse:{name}"\nlevel_db = -40\n' for name in SINKS)
    zone = f"[zone.all]\noutputs = {json.dumps(SINKS)}\n"
    slots = '[[slot]]\nid = "long"\nat = "13:00"\nplay = "recording:long.wav"\n'
    schedule = f'[station]\nname = "测量"\ntimezone = "{noon_zone(datetime.now(UTC))}"\n{zone}{outputs}'

    def prepare(home):
        _prepare(home)
        write_burst(home.audio / "recordings" / "long.wav", PROGRAMME_S)

    with running(schedule + slots, prepare=prepare, sinks=SINKS) as (home, pulse, _):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 300)
        recordings = [pulse.record(name) for name in SINKS]
        later = "".join(
            f'[[slot]]\nid = "later-{number}"\nat = "{13 + number}:30"\nplay = "script:long/{number}"\n'
            for number in range(RENDERING)
        )
        home.schedule.write_text(schedule + slots + later, encoding="utf-8")
        found = []
        for turn in range(count):
            if not door.get("/api/status")["clips_missing"]:
                _write_long(home, turn + 1)
            if not door.get("/api/status")["on_air"]:
                door.post("/api/play", {"what": "long", "who": "测量"})
                wait_until(lambda: any(one["outputs"] for one in door.get("/api/status")["on_air"]), 30)
            found.append(_latency(home, recordings))
        for recording in recordings:
            recording.close()
    return found


def _prepare(home):
    (home.scripts / "long").mkdir()
    _write_long(home, 0)


def _write_long(home, turn):
    for number in range(RENDERING):
        path = home.scripts / "long" / f"{number}.txt"
        path.write_text(f"第{turn}回，第{number}篇。{LONG_TEXT}", encoding="utf-8")


def _latencies(home, recording, count):
    return [_latency(home, [recording]) for _ in range(count)]


def _latency(home, recordings):
    """Milliseconds until the last of the outputs has it."""
    door = Door(home)
    before = [len(recording.samples()) for recording in recordings]
    asked = time.monotonic()
    body = {"what": "script:emergency/fire", "who": "测量", "reason": "测量", "plays": 1}
    airing = door.post("/api/emergency", body)["airing"]
    heard = []
    for recording, since in zip(recordings, before, strict=True):
        recording.wait_for(lambda samples: onsets(samples, apart_s=1) or None, 10, since=since)
        heard.append(heard_at(recording, since)[0])
    door.post("/api/stop", {"airing": airing, "who": "测量"})
    for recording in recordings:
        recording.wait_for(lambda samples: not np.any(np.abs(samples[-24_000:]) > SOFT), 10)
    threading.Event().wait(0.6)
    return 1000 * (max(heard) - lead_s(home, airing) - asked)
