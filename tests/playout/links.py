"""Real decks for tests: child processes on real outputs, armed as a station arms them."""

import hashlib
import threading
import time
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from broadcaster.model.airing import AiringId
from broadcaster.model.words import Priority
from broadcaster.playout.cue import Arm, Cue, Finished, GateRules, NotAired, Permit, Ready, Started
from broadcaster.playout.link import DeckLink
from tests.servers import wait_for


def open_all_day():
    """Rules that are quiet in two minutes half a day from now only, so that a test may run at any hour."""
    from broadcaster.model.hours import QuietHours

    start = (datetime.now(UTC) + timedelta(hours=12)).replace(second=0, microsecond=0)
    return GateRules(quiet_hours=(QuietHours(start.time(), (start + timedelta(minutes=2)).time()),), timezone="UTC")


class RealDeck:
    """One output with its deck, and all that it reported."""

    def __init__(self, settings, var, env=None):
        self.reports = []
        self._came = threading.Condition()
        self.link = DeckLink(settings, var=Path(var), rules=open_all_day(), on_report=self._take, env=env)
        self.link.start()

    def _take(self, report):
        with self._came:
            self.reports.append(report)
            self._came.notify_all()

    def of(self, kind):
        return [report for report in list(self.reports) if isinstance(report, kind)]

    def wait_for(self, kind, count=1, within_s=30.0):
        return wait_for(lambda: self.of(kind) if len(self.of(kind)) >= count else None, kind.__name__, within_s)[-1]

    def ready(self):
        self.wait_for(Ready)
        return self

    def arm(self, cue):
        self.link.send(Arm(cue=cue))

    def fate(self, airing, within_s=60.0):
        def ended():
            return [one for one in [*self.of(Finished), *self.of(NotAired)] if one.airing == airing]

        return wait_for(ended, f"the end of {airing}", within_s)[-1]

    def started(self, airing):
        return wait_for(lambda: [one for one in self.of(Started) if one.airing == airing], f"{airing} starts")[0]

    def close(self):
        self.link.close()


def clip_of(folder, samples, name="clip"):
    """A WAV file of *samples*, and the hash that a cue gives."""
    stored = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    path = Path(folder) / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(stored)
    return str(path), hashlib.sha256(stored).hexdigest()


def cue_of(clip, *, in_s=1.0, airing="airing", is_emergency=False, **more):
    """A cue that starts *in_s* from now, and the monotonic instant of its first sample."""
    path, sha256 = clip
    wall, monotonic = time.time(), time.monotonic()
    usual = {
        "airing": AiringId(airing),
        "clip": path,
        "sha256": sha256,
        "sentence_starts": (0,),
        "starts_at": datetime.fromtimestamp(wall + in_s, UTC),
        "grace_s": 60.0,
        "priority": Priority.EMERGENCY if is_emergency else Priority.ROUTINE,
        "permit": Permit(who="王", reason="洪水") if is_emergency else None,
    }
    return Cue(**usual | more), monotonic + in_s
