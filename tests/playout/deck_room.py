"""Real deck processes that play to a tape, and the reports they give."""

import hashlib
import subprocess
import sys
import threading
import wave
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from broadcaster.clips import wav_bytes
from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import OutputKind, OutputSettings
from broadcaster.playout.cue import Arm, Duty, GateRules, Level
from broadcaster.playout.wire import decode_report, encode
from tests.playout.air import sine

TAPE = OutputSettings(name="main", kind=OutputKind.TAPE, device="")
WITHIN_S = 30.0


def any_hour(now):
    """Rules under which *now* is not quiet, whatever the time of day the tests run at."""
    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    start, end = ((local + timedelta(hours=hours)).time().replace(microsecond=0) for hours in (11, 12))
    return GateRules(quiet_hours=(QuietHours(start, end),), timezone="Asia/Shanghai")


class Reports:
    """What a deck says, awaited with a limit."""

    def __init__(self):
        self.all = []
        self._came = threading.Condition()

    def __call__(self, report):
        with self._came:
            self.all.append(report)
            self._came.notify_all()

    def wait(self, kind, airing=None, count=1):
        """The *count*-th report of this kind, of this airing."""

        def found():
            return [one for one in self.all if isinstance(one, kind) and (airing is None or one.airing == airing)]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= count, WITHIN_S), self.of(airing)
            return found()[count - 1]

    def of(self, airing):
        return [
            one for one in self.all if not isinstance(one, Level) and airing in (None, getattr(one, "airing", None))
        ]


def write_clip(folder, name="clip", samples=None):
    """Path and hash of a clip, as the station hands them over."""
    data = (sine(0.5) if samples is None else samples).tobytes()
    path = folder / f"{name}.wav"
    path.write_bytes(wav_bytes(data))
    return {"clip": str(path), "sha256": hashlib.sha256(data).hexdigest()}


def taped(var):
    """All samples that are on the tapes, in order."""
    parts = []
    for path in sorted((var / "tape").glob("*.wav")):
        with wave.open(str(path), "rb") as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), dtype="<i2"))
    return np.concatenate(parts) if parts else np.zeros(0, dtype="<i2")


class DeckProcess:
    """A deck without its link: what happens when the station is gone."""

    def __init__(self, var, rules, settings=TAPE, env=None):
        line = [sys.executable, "-m", "broadcaster.playout.deck", "--var", str(var)]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        self.reports = Reports()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.send(Duty(output=settings, may_be_tape=True))
        self.send(rules)

    def _read(self):
        for line in self.process.stdout:
            self.reports(decode_report(line.decode()))

    def send(self, command):
        self.process.stdin.write((encode(command) + "\n").encode())
        self.process.stdin.flush()

    def arm(self, cue):
        self.send(Arm(cue=cue))

    def hang_up(self):
        self.process.stdin.close()

    def close(self):
        self.process.kill()
        self.process.wait()
        self._thread.join(2)
        self.process.stdout.close()
        if not self.process.stdin.closed:
            self.process.stdin.close()
