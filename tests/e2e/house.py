"""A whole station as a villager has it: the real command, the real voice, a real sound server, a folder of its own."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from broadcaster.commands.parser import build_parser  # noqa: F401 - a broken command line fails here, not in a wait
from broadcaster.door import Door
from broadcaster.errors import NoStationRunning, StoreFailed
from broadcaster.home import Home
from broadcaster.store import open_store
from tests.pulse import RATE_HZ
from tests.servers import wait_for

DALABA = Path(sys.executable).with_name("dalaba")
WITHIN_S = 60.0
ASKED_EVERY_S = 0.2
"""To ask opens the database or the station's door, which costs the processor of the machine that plays."""
ATTEMPTS = 3
SCRIPTS = {
    "study/short": "今天学怎么看天气预报。",
    "study/long": "第一句说天气。第二句说庄稼。第三句说老人。第四句说路上。",
    "emergency/flood": "河水涨了，请马上到高处去。",
}
KEPT = ("short", "long")


def zone_where_it_is(hour):
    """A time zone in which it is about *hour* o'clock now: the tests do not care when they are run."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"


def once_more_where_samples_were_dropped(test):
    """The whole scenario again, from a new folder, when it failed and the sound card had run dry: the machine was busy.

    One that fails every time, or without a dropped sample, fails.
    """

    @functools.wraps(test)
    def played(**given):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return test(**given)
            except AssertionError as error:
                dropped = sum(house.dropped() for house in given["found"].houses)
                if attempt == ATTEMPTS or not dropped:
                    raise
                print(f"played once more: the sound card ran dry {dropped} times; {str(error)[:200]}")
                given["found"].close()
        return None

    return played


class House:
    """One home folder and the station that runs in it, as often as a test starts it."""

    def __init__(self, folder, env, *, clips=None, hour=12, output='kind = "soundcard"\ndevice = "pulse"', others=()):
        """*others*: outputs of the one zone beside ``main``; *output* says what they are."""
        self.home = Home(folder)
        self.zone = ZoneInfo(zone_where_it_is(hour))
        self._env = env
        self._output = output
        self._outputs = json.dumps(["main", *others])
        self.process = None
        self._dropped = None, 0
        """By which deck, how often, before that which is judged."""
        folder.mkdir(parents=True, exist_ok=True)
        if clips is not None:
            shutil.copytree(clips, self.home.clips)
        for name, text in SCRIPTS.items():
            path = self.home.scripts / f"{name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.write()

    def write(self, *slots, quiet="21:00-06:30"):
        """The timetable; each slot is ``(id, at, what)``."""
        text = f'[station]\nname = "试验村"\ntimezone = "{self.zone.key}"\nquiet_hours = ["{quiet}"]\n'
        text += f"[zone.all]\noutputs = {self._outputs}\n[output.main]\n{self._output}\n"
        later = self.now() + timedelta(hours=6)  # so that their clips are ready when a test wants them
        always = [(name, later + timedelta(minutes=number), f"script:study/{name}") for number, name in enumerate(KEPT)]
        for slot, at, what in (*always, *slots):
            text += f'[[slot]]\nid = "{slot}"\nat = "{at:%H:%M:%S}"\nplay = ["{what}"]\n'
        temporary = self.home.root / ".schedule.new"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self.home.schedule)

    def now(self):
        return datetime.now(UTC).astimezone(self.zone)

    def in_seconds(self, seconds):
        """A whole second of the station's clock, at least so far ahead."""
        return self.now().replace(microsecond=0) + timedelta(seconds=seconds + 1)

    # --- running --------------------------------------------------------------------------------------------

    def start(self):
        with (self.home.root / "output.txt").open("ab") as said:
            line = [DALABA, "run", "--home", self.home.root]
            self.process = subprocess.Popen(line, env=self._env, stdout=said, stderr=said, start_new_session=True)
        self.wait(self.is_ready, "the station is ready")
        return self

    def is_ready(self):
        told = self.status()
        return told["outputs"][0]["is_open"] and told["emergencies_ready"] == 1 and told["clips_missing"] == 0

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self):
        """End in order; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(30)

    def said(self):
        return (self.home.root / "output.txt").read_text(encoding="utf-8", errors="replace")

    def pid_of(self, module):
        """A process of this station that runs *module*; None: there is none."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    line = (folder / "cmdline").read_bytes()
                except OSError:
                    continue
                if module.encode() in line and str(self.home.root).encode() in line:
                    return int(folder.name)
        return None

    def deck_pid(self, output="main"):
        """The deck at work, not the one that waits to follow it."""
        return int((self.home.var / "decks" / f"{output}.pid").read_text(encoding="ascii"))

    # --- asking ---------------------------------------------------------------------------------------------

    def run(self, *words):
        """A command as a person types it; what it prints."""
        line = [DALABA, *words, "--home", self.home.root]
        done = subprocess.run(line, env=self._env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def play(self, what):
        """Put it on the air now; its identity."""
        self._dropped = self.deck_pid(), self.output()["underruns"]
        return Door(self.home).post("/api/play", {"what": what, "who": "王"})["airing"]

    def emergency(self, what, plays=1):
        body = {"what": what, "who": "王", "reason": "洪水", "plays": plays, "zones": []}
        return Door(self.home).post("/api/emergency", body)["airing"]

    def stop(self):
        return Door(self.home).post("/api/stop", {"airing": None, "who": "李"})["stopped"]

    def status(self):
        return Door(self.home).get("/api/status")

    def output(self):
        return self.status()["outputs"][0]

    def log(self):
        """Identity → row, straight from the database."""
        store = open_store(self.home.database)
        try:
            return {entry.airing: entry for entry in store.log.entries(datetime(2020, 1, 1, tzinfo=UTC))}
        finally:
            store.close()

    def wait(self, is_there, what, within_s=WITHIN_S):
        """The first truthy answer, asked again and again; a station that does not answer yet answers no."""

        def asked():
            assert self.process.poll() is None, self.said()
            try:
                return is_there()
            except (NoStationRunning, StoreFailed, OSError, KeyError, IndexError):
                return None

        try:
            return wait_for(asked, what, within_s, ASKED_EVERY_S)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said()[-3000:]}\n{self.log()}") from error

    def fate(self, airing):
        """Wait for the end of an airing; its row."""

        def ended():
            entry = self.log().get(airing)
            return entry if entry is not None and entry.fate.is_final else None

        return self.wait(ended, f"{airing} has a fate")

    def dropped(self):
        """How often the sound card ran dry since something was put on the air; 0 where nobody can say."""
        try:
            (deck, before), now = self._dropped, self.output()["underruns"]
            return now - (before if deck == self.deck_pid() else 0)
        except (NoStationRunning, OSError, KeyError, IndexError):
            return 0

    # --- sound ----------------------------------------------------------------------------------------------

    def clip(self, entry):
        """The samples of what was aired, and where its sentences start."""
        path = self.home.clips / f"{entry.clip}.wav"
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return read_wav(path), about["sentence_starts"]

    def intro(self):
        """What is said before a programme goes on: the shortest clip of all."""
        return read_wav(min(self.home.clips.glob("*.wav"), key=lambda path: path.stat().st_size))

    def siren_and_words(self):
        """The prepared emergency as it lies on the disk."""
        [entry] = [entry for entry in self.log().values() if entry.slot == "emergency"]
        return self.clip(entry)[0]


def read_wav(path):
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768


def places(heard, part, least=0.9):
    """Every place at which *part* is heard, by correlation."""
    product = correlated(heard, part)
    energy = np.cumsum(np.concatenate([[0.0], heard.astype(np.float64) ** 2]))
    here = np.sqrt(np.maximum(energy[len(part) :] - energy[: -len(part)], 1e-9)) * np.linalg.norm(part)
    likeness = product / here
    found = []
    while len(likeness) and likeness.max() > least:
        at = int(likeness.argmax())
        found.append(at)
        likeness[max(0, at - RATE_HZ // 10) : at + RATE_HZ // 10] = 0
    return sorted(found)


def correlated(heard, part):
    """*part* with each place of *heard*, block by block: one transform of minutes of sound takes far longer."""
    size = 1 << max(16, len(part).bit_length() + 2)
    step = size - len(part) + 1
    spectrum = np.conj(np.fft.rfft(part, size))
    blocks = (heard[at : at + size] for at in range(0, len(heard) - len(part) + 1, step))
    products = [np.fft.irfft(np.fft.rfft(block, size) * spectrum, size)[:step] for block in blocks]
    return np.concatenate([*products, np.zeros(0)])[: max(0, len(heard) - len(part) + 1)]


def wall_of(monotonic):
    """The wall clock at an instant of the monotonic one."""
    return datetime.fromtimestamp(monotonic + time.time() - time.monotonic(), UTC)
