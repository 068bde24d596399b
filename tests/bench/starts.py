"""The set second → the first sample at the sound server's monitor, beside what people use instead."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench import liquidsoap
from tests.bench.table import Row, Table
from tests.bench.village import (
    as_json,
    heard_at,
    lead_s,
    noon_zone,
    running,
    timetable,
    wait_until,
    wall_offset,
    write_burst,
)
from tests.pulse import PulseServer

APART_S = 4

PYDUB_JOB = """
import sys
from datetime import datetime
from apscheduler.schedulers.background import BackgroundScheduler
from pydub import AudioSegment
from pydub.playback import play
sound = AudioSegment.from_wav(sys.argv[1])
scheduler = BackgroundScheduler()
for at in sys.argv[2:]:
    scheduler.add_job(lambda: play(sound), "date", run_date=datetime.fromtimestamp(float(at)).astimezone())
scheduler.start()
sys.stdin.read()
"""
"""What people write first: a job that plays a file."""

CRON_LINE = """
while read at; do
  sleep "$(echo "$at $(date +%s.%N)" | awk '{w = $1 - $2; print (w > 0 ? w : 0)}')"
  espeak-ng -v cmn-latn-pinyin "ni3 hao3" --stdout | aplay -q -D pulse
done
"""
"""What stands in a crontab; the waiting stands for cron, which starts it at the second."""


def measure(*, is_quick):
    count = 5 if is_quick else 40
    ways = {
        "dalaba": _ours,
        "pydub.playback.play from an APScheduler job": lambda count: _other(count, _pydub),
        "espeak-ng \\| aplay from cron": lambda count: _other(count, _cron),
        "Liquidsoap, pushed at its second": liquidsoap.scheduled,
    }
    rows = []
    for name, way in ways.items():
        late = way(count)
        signed = f"{late[len(late) // 2]:+.1f}" if (late := sorted(late)) else ""
        rows.append(Row(name, tuple(map(abs, late)), signed and f"signed median {signed}"))
    yield Table("Start of a scheduled airing: error at the sound server's monitor", "ms", tuple(rows))


def _ours(count):
    now = datetime.now(UTC)
    first = (now + timedelta(seconds=25)).replace(microsecond=0)
    instants = [first + timedelta(seconds=APART_S * number) for number in range(count)]
    zone = ZoneInfo(noon_zone(now))
    times = [f"{instant.astimezone(zone):%H:%M:%S}" for instant in instants]
    slot = f'[[slot]]\nid = "tick"\nat = {as_json(times)}\nplay = "recording:tick.wav"\ngrace = "5s"\n'
    with running(
        timetable(slot, now=now), prepare=lambda home: write_burst(home.audio / "recordings" / "tick.wav")
    ) as (home, pulse, _):
        late = _heard(pulse, [instant.timestamp() for instant in instants])
        lead = 1000 * lead_s(home, f"tick@{instants[0].astimezone(zone):%Y-%m-%dT%H:%M:%S}")
        return [one - lead for one in late]


def _other(count, start):
    with closing(PulseServer()) as pulse, tempfile.TemporaryDirectory() as folder:
        instants = [int(time.time()) + 5.0 + APART_S * number for number in range(count)]
        process = start(pulse, Path(folder), instants)
        try:
            return _heard(pulse, instants)
        finally:
            process.kill()
            process.wait()
            process.stdin.close()


def _pydub(pulse, folder, instants):
    path = folder / "tick.wav"
    write_burst(path)
    line = [sys.executable, "-W", "ignore", "-c", PYDUB_JOB, str(path), *map(str, instants)]
    return subprocess.Popen(
        line, env=pulse.env | {"SDL_AUDIODRIVER": "pulse"}, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _cron(pulse, _folder, instants):
    process = subprocess.Popen(["bash", "-c", CRON_LINE], env=pulse.env, stdin=subprocess.PIPE, text=True)
    threading.Thread(
        target=os.write, args=(process.stdin.fileno(), "\n".join([*map(str, instants), ""]).encode())
    ).start()
    return process


def _heard(pulse, instants):
    """Milliseconds that each sound was late, as the monitor has it."""
    recording = pulse.record()
    try:
        wait_until(lambda: time.time() > instants[-1] + 2, instants[-1] - time.time() + 30)
        begun = [at + wall_offset() for at in heard_at(recording, apart_s=APART_S / 2)]
    finally:
        recording.close()
    near = [min(begun, key=lambda at: abs(at - instant), default=0.0) - instant for instant in instants]
    return [1000 * late for late in near if abs(late) < APART_S / 2]
