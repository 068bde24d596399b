"""A real station with a real sound server, in a folder of its own, for as long as a measurement lasts."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import wave
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from broadcaster.door import Door
from broadcaster.errors import NoStationRunning
from broadcaster.home import Home, found
from tests.pulse import RATE_HZ, PulseServer

PROJECT = Path(__file__).parents[2]
BURST_S = 0.3


def write_burst(path, seconds=BURST_S):
    """A tone whose first sample cannot be mistaken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = np.sign(np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)) * 0.5
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((tone * 32767).astype("<i2").tobytes())


@contextmanager
def running(schedule=None, *, prepare=lambda home: None, sinks=()):
    """A station made from the shipped one, with *schedule* as its timetable; yields (home, pulse, process)."""
    root = Path(tempfile.mkdtemp(prefix="village-"))
    pulse = PulseServer(*sinks)
    home = Home(found(root / "home"))
    prepare(home)
    if schedule is not None:
        home.schedule.write_text(schedule, encoding="utf-8")
    line = [sys.executable, "-m", "broadcaster", "run", "--home", str(home.root)]
    log = (root / "log").open("wb")
    process = subprocess.Popen(line, env=pulse.env, stdout=log, stderr=log, cwd=PROJECT)
    try:
        wait_until(lambda: _is_open(home), 60)
        yield home, pulse, process
    finally:
        process.terminate()
        process.wait(20)
        log.close()
        pulse.close()
        shutil.rmtree(root, ignore_errors=True)


def wait_until(is_true, within_s):
    until = time.monotonic() + within_s
    while not is_true():
        if time.monotonic() > until:
            raise TimeoutError(f"not within {within_s} s")
        threading.Event().wait(0.05)


def _is_open(home):
    try:
        return all(output["is_open"] for output in Door(home).get("/api/status")["outputs"])
    except NoStationRunning:
        return False


def log_of(home):
    """What the station has said on its screen."""
    return (home.root.parent / "log").read_text(encoding="utf-8", errors="replace")


def family(pid):
    """A process and all that come from it."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found_, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents if parent in fresh} - found_
        found_ |= fresh
    return sorted(found_)


def memory_mb(pid):
    """The proportional share of one process, as the kernel counts it."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(text.partition("Pss:")[2].split()[0]) / 1024


def processor_s(pid):
    """Seconds of processor that one process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def as_json(text):
    return json.dumps(text, ensure_ascii=False)


def timetable(slots, *, now, more=""):
    """A timetable with *slots* (TOML) in whose zone it is about noon, so that it can be measured at any hour."""
    return (
        f'[station]\nname = "测量"\ntimezone = "{noon_zone(now)}"\n[sound]\nlead_in = "0s"\nchime = ""\n'
        f'[zone.all]\noutputs = ["main"]\n[output.main]\nkind = "soundcard"\ndevice = "pulse"\n{more}\n{slots}'
    )


def noon_zone(now):
    """The zone in which *now*, an instant in UTC, is between 11 and 13 o'clock."""
    ahead = 12 - now.hour
    return "UTC" if ahead == 0 else f"Etc/GMT{-ahead:+d}"


def heard_at(recording, since=0, apart_s=1.0):
    """The monotonic instants at which sound began after sample *since*."""
    begun = onsets(recording.samples(since), apart_s=apart_s)
    return [recording.instant(since + at) for at in begun]


def lead_s(home, airing):
    """Seconds of its clip before the first sound of an airing: its own, not lateness."""
    rows = Door(home).get("/api/log?since=2020-01-01T00:00:00%2B00:00")
    clips = {row["airing"]: row["clip"] for row in rows}
    with wave.open(str(home.clips / f"{clips[airing]}.wav"), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
    return onsets(samples, apart_s=1)[0] / RATE_HZ


def wall_offset():
    """Seconds that the wall clock is ahead of the monotonic one."""
    return time.time() - time.monotonic()


def onsets(samples, *, apart_s, threshold=0.05):
    """The samples at which sound begins after at least *apart_s* of silence."""
    loud = np.flatnonzero(np.abs(samples) > threshold)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > apart_s * RATE_HZ)
    return [int(loud[0]), *(int(loud[at + 1]) for at in breaks)]
