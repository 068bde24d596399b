"""A mixer with an output and clocks that only move when a test says so."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from broadcaster.model.hours import QuietHours
from broadcaster.model.words import Priority
from broadcaster.playout.cue import Cue, Finished, GateRules, Interrupted, NotAired, Permit, Started, Stop
from broadcaster.playout.decide import Waiting
from broadcaster.playout.mixer import Load, Mixer
from tests.fake_output import ManualOutput
from tests.pulse import RATE_HZ, tone

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
NIGHT = GateRules(quiet_hours=(QuietHours(time(21, 0), time(6, 30)),), timezone="Asia/Shanghai")
SIGNED = Permit(who="王", reason="洪水")


def cue(airing, at=NOON, priority=Priority.ROUTINE, **more):
    """A cue as the station arms it."""
    usual = {
        "airing": airing,
        "clip": f"/clips/{airing}.wav",
        "sha256": "0" * 64,
        "sentence_starts": (0,),
        "starts_at": at,
        "grace_s": 600.0,
        "priority": priority,
        "permit": SIGNED if priority is Priority.EMERGENCY else None,
    }
    return Cue(**usual | more)


def stored(samples):
    return np.round(np.asarray(samples) * 32767).astype("<i2")


def sine(seconds=2.0, hz=500, peak=0.5):
    """Each airing has a pitch of its own, so that a test can tell what it hears."""
    return stored(tone(hz, seconds, peak))


@dataclass
class Air:
    """What one deck would put on the air."""

    block: int = 480
    wall: datetime = NOON - timedelta(seconds=1)
    rules: GateRules | None = NIGHT
    reports: list = field(default_factory=list)
    orders: int = 0
    levels: tuple[float, float] = (1.0, 1.0)
    """Of all else, and of an emergency."""
    ahead: int = 0
    """Samples that lie in the output before they are heard."""

    def __post_init__(self):
        self.output = ManualOutput(self.block, ahead=self.ahead)
        self._offset = self.wall.timestamp() - self.output.monotonic
        self.mixer = Mixer(lambda: self._offset, self.reports.append)
        if self.rules is not None:
            self.mixer.put(self.rules)
        self.output.start(lambda frames, heard_at: self.mixer.fill(frames, heard_at, *self.levels))

    @property
    def now(self):
        """Of the next sample that is filled."""
        return datetime.fromtimestamp(self.output.monotonic + self._offset, UTC).astimezone(ZONE)

    def set_clock(self, to):
        """Somebody sets the wall clock."""
        self._offset = to.timestamp() - self.output.monotonic

    def arm(self, armed, samples=None):
        self.orders += 1
        waiting = Waiting(cue=armed, order=self.orders, offset=armed.offset)
        self.hasten(Load(waiting, sine() if samples is None else samples))
        return armed

    def stop(self, airing=None, who="李"):
        self.hasten(Stop(airing=airing, who=who))

    def hasten(self, command):
        """As the deck does: what lies in the output gives way at once, where it has to."""

        def refill(lying, heard_at):
            return self.mixer.refill(command, lying, heard_at, *self.levels)

        if not self.output.hasten(refill):
            self.mixer.put(command)

    def play(self, seconds):
        """What is heard in the next *seconds*."""
        before = len(self.output.heard())
        self.output.pull(seconds)
        return self.output.heard()[before:]

    def began(self, airing):
        return [report for report in self.reports if isinstance(report, Started) and report.airing == airing]

    def fates(self, airing):
        """The words that end it: Finished, NotAired, or Interrupted without going on."""
        return [
            report
            for report in self.reports
            if (isinstance(report, Finished | NotAired) and report.airing == airing)
            or (isinstance(report, Interrupted) and report.airing == airing and not report.will_resume)
        ]

    def fate(self, airing):
        [fate] = self.fates(airing)
        return fate


def samples(seconds):
    return round(seconds * RATE_HZ)
