"""A station that plays while its pages are asked as fast as they come, its texts render, and its folder is backed up.

What counts are underruns, which the sound card's own driver counts, and gaps in the recorded monitor of the card.
"""

import os
import sqlite3
import subprocess
import tarfile
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np

from broadcaster.door import Door
from tests.bench.pages import free_port, write_log, write_scripts
from tests.bench.people import owner
from tests.bench.standstill import Standstill
from tests.bench.table import Row, Table
from tests.bench.village import as_json, log_of, noon_zone, running, timetable, wait_until, write_burst
from tests.pulse import RATE_HZ

MINUTES = float(os.environ.get("MINUTES", "10"))
"""MINUTES=2 make bench SUBJECTS=load"""
TONE_S = 50
"""Of each minute."""
SCRIPTS, AIRINGS, RENDERING = 2_000, 200_000, 8
USERS = 20
SILENT, SHORTEST_GAP_S, LONGEST_GAP_S = 0.003, 0.003, 5.0
"""Longer than that is the pause between two airings."""
PAGES = (
    "/today",
    "/today/live",
    "/scripts",
    "/scripts?q=%E6%A3%80%E4%BF%AE",
    "/log",
    "/log/find",
    "/timetable",
    "/emergency",
)
LUA = """
local paths = {%s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Cookie"] = "%s", ["Accept"] = "text/html"})
end
"""
LONG_TEXT = "各位乡亲，今年的稻谷收购已经开始，请大家把粮食晒干扬净，带上身份证和银行卡，到镇粮站交售。" * 20


def measure(*, is_quick):
    minutes = 1 if is_quick else max(1, round(MINUTES))
    now, port = datetime.now(UTC), free_port()
    page = f'[page]\naddress = "127.0.0.1"\nport = {port}\n'
    long_ones = "".join(
        f'[[slot]]\nid = "long-{n}"\nat = "20:{10 + n}"\nplay = "script:long/{n}"\n' for n in range(RENDERING)
    )

    def prepare(home):
        write_burst(home.audio / "recordings" / "tone.wav", TONE_S)
        write_scripts(home, SCRIPTS)
        _write_long(home, 0)
        write_log(home, AIRINGS, now.replace(microsecond=0))

    with running(timetable(long_ones, now=now, more=page), prepare=prepare) as (home, pulse, _):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 600)
        first = (datetime.now(UTC) + timedelta(seconds=100)).replace(second=0, microsecond=0)
        zone = ZoneInfo(noon_zone(now))
        times = [f"{(first + timedelta(minutes=n)).astimezone(zone):%H:%M}" for n in range(minutes)]
        tone = f'[[slot]]\nid = "tone"\nat = {as_json(times)}\nplay = "recording:tone.wav"\n'
        home.schedule.write_text(timetable(tone + long_ones, now=now, more=page), encoding="utf-8")
        with closing(owner(port, home)) as person:
            person.ask("/today")
            cookie = person.cookie
        recording = pulse.record()
        before, standstill = _underruns(door), Standstill()
        done = Counter()
        until = (first + timedelta(minutes=minutes)).timestamp()
        with ExitStack() as load:
            load.enter_context(_again_and_again(lambda turn: _render(home, door, turn, done)))
            load.enter_context(_again_and_again(lambda _: _back_up(home, done)))
            told = _wrk(home, port, cookie, until - datetime.now(UTC).timestamp())
        stood = standstill.close()
        underruns = _underruns(door) - before
        gaps = _gaps(recording.close())
        since = quote((first - timedelta(minutes=1)).isoformat())
        begun = [row["fate"] for row in door.get(f"/api/log?since={since}") if row["slot"] == "tone"]
    note = f"{begun.count('aired')} of {len(times)} airings heard whole"
    yield Table(
        f"Playing for {minutes} min while pages, speech and backups are at it",
        "number",
        (
            Row("underruns that the card's driver counted", (underruns,), note),
            Row("gaps in the monitor", (len(gaps),), f"the longest {max(gaps, default=0):.0f} ms"),
            Row(
                "standstills of the machine itself, over 8 ms",
                (len(stood),),
                f"the longest {max(stood, default=0):.0f} ms",
            ),
            Row(f"pages a second, by wrk with {USERS} connections", (told["pages"],), f"p99 {told['p99']}"),
            Row("clips rendered meanwhile", (done["clips"],)),
            Row("backups made meanwhile", (done["backups"],)),
        ),
    )


def _underruns(door):
    return sum(output["underruns"] for output in door.get("/api/status")["outputs"])


def _gaps(samples):
    """Milliseconds of each silence inside a tone."""
    loud = np.flatnonzero(np.abs(samples) > SILENT)
    between = np.diff(loud) / RATE_HZ
    return [1000 * float(one) for one in between if SHORTEST_GAP_S < one < LONGEST_GAP_S]


def _wrk(home, port, cookie, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(LUA % (", ".join(f'"{path}"' for path in PAGES), cookie.replace('"', "")))
        script.flush()
        line = ["wrk", "-t1", f"-c{USERS}", f"-d{round(seconds)}s", "--timeout", "20s", "--latency", "-s", script.name]
        told = subprocess.run([*line, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    words = told.split()
    if "Non-2xx" in told:
        raise RuntimeError(told + log_of(home)[-5_000:])
    return {"pages": float(words[words.index("Requests/sec:") + 1]), "p99": words[words.index("99%") + 1]}


@contextmanager
def _again_and_again(work):
    """*work* in a thread of its own, over and over, until the block ends."""
    end = threading.Event()

    def turns():
        turn = 1
        while not end.is_set():
            work(turn)
            turn += 1
            end.wait(0.2)

    thread = threading.Thread(target=turns)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def _render(home, door, turn, done):
    """Eight long texts of tonight are written anew as soon as all are spoken."""
    if door.get("/api/status")["clips_missing"]:
        return
    _write_long(home, turn)
    with suppress(TimeoutError):
        wait_until(lambda: door.get("/api/status")["clips_missing"], 10)
        done["clips"] += RENDERING


def _back_up(home, done):
    """What a nightly job does: a copy of the database while it is in use, and an archive of the rest."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "station.db"
        with closing(sqlite3.connect(home.database)) as database, closing(sqlite3.connect(copy)) as into:
            database.backup(into)
        with tarfile.open(Path(folder) / "station.tar.gz", "w:gz", compresslevel=6) as archive:
            archive.add(copy, "station.db")
            archive.add(home.scripts, "scripts")
    done["backups"] += 1


def _write_long(home, turn):
    (home.scripts / "long").mkdir(exist_ok=True)
    for number in range(RENDERING):
        path = home.scripts / "long" / f"{number}.txt"
        path.write_text(f"第{turn}回，第{number}篇。{LONG_TEXT}", encoding="utf-8")
