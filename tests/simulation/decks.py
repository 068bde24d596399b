"""A deck in this process on a clock of the test: the real mixer with its gate, its policy and its layers.

It can be killed like a process, may be long in coming back, and outlives its station as the real one does.
"""

import numpy as np

from broadcaster.errors import ClipDamaged
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Fate, Priority
from broadcaster.playout.cue import Arm, Finished, GateRules, KeepReady, LastWords, Lost, NotAired, PutOff, Ready, Stop
from broadcaster.playout.decide import Waiting
from broadcaster.playout.deck import EMERGENCY_GOES_ON_S, HEARD_LATELY, NO_SAMPLES
from broadcaster.playout.held import HeldClips, read_clip
from broadcaster.playout.lastwords import write_last_words
from broadcaster.playout.link import GONE
from broadcaster.playout.liveblocks import Block
from broadcaster.playout.mixer import Intro, Load, Mixer

BEAT_S = 0.25
OPENING_S = 0.4
NOTICED_S = 0.1
"""The link learns so late that its process is gone."""


class SimulatedDeck:
    """The station's link and the process behind it."""

    def __init__(self, output, rules, report, *, clock, var, ear, stay_away):
        """*stay_away*: until when, by the monotonic clock, no process of this output can be started."""
        self.name = output.name
        self._clock = clock
        self._var = var
        self._ear = ear
        self._rules = rules
        self._ready = None
        self._held = HeldClips()
        self._heard = {}
        self._report = report
        self._stay_away = stay_away
        self._mixer = None
        self._pipe = []
        """What was written to a process that is not listening yet."""
        self._opens_at = None
        self._told_gone_at = None
        self._next_beat = 0.0
        self._orphan_since = None
        self._order = 0

    # --- the station's side ---------------------------------------------------------------------------------

    def start(self):
        self._spawn()

    def send(self, command):
        if isinstance(command, GateRules):
            self._rules = command
        elif isinstance(command, KeepReady):
            self._ready = command
        if self._mixer is not None:
            self._take(command)
        elif self._opens_at is not None:
            self._pipe.append(command)

    def sound(self, airing, tick, pcm):
        if self._mixer is not None:
            self._mixer.put(Block(airing=airing, tick=tick, samples=np.frombuffer(pcm, dtype="<i2")))
        return self._mixer is not None

    def close(self):
        if self._mixer is not None:
            self._close_the_air()
        self._opens_at = self._told_gone_at = None

    # --- what happens to the process ------------------------------------------------------------------------

    @property
    def is_up(self):
        return self._mixer is not None

    @property
    def is_idle(self):
        """Nothing sounds, waits or comes and goes."""
        mixer = self._mixer
        waits = self._opens_at is not None or self._told_gone_at is not None
        return not waits and (mixer is None or (mixer.sounding is None and not mixer._waiting))

    @property
    def sounding(self):
        return self._mixer.sounding if self._mixer is not None else None

    def kill(self):
        """``kill -9``: what was on the air breaks off in the middle of a sample."""
        if self._mixer is None:
            return
        self._mixer = None
        self._told_gone_at = self._clock.monotonic() + NOTICED_S

    def orphan(self):
        """The station died without a word."""
        self._report = lambda report: None
        self._orphan_since = self._clock.monotonic()
        self._opens_at = self._told_gone_at = None

    def end(self):
        """What the next station does to the deck of one that died."""
        if self._mixer is not None:
            self._close_the_air()

    def pull(self, frames):
        """One block of the output's time."""
        now = self._clock.monotonic()
        if self._told_gone_at is not None and now >= self._told_gone_at:
            self._told_gone_at = None
            self._report(Lost(reason=GONE))
            self._spawn()
        if self._opens_at is not None and now >= max(self._opens_at, self._stay_away()):
            self._open()
        if self._mixer is None:
            return
        self._sound(frames)
        if now >= self._next_beat and self._mixer is not None:
            self._next_beat = now + BEAT_S
            self._report(self._mixer.level(0))
            self._mind_the_station(now)

    def _spawn(self):
        self._opens_at = self._clock.monotonic() + OPENING_S
        self._pipe = [self._rules, *([self._ready] if self._ready is not None else [])]

    def _open(self):
        self._opens_at = None
        clock = self._clock
        self._mixer = Mixer(lambda: clock.now().timestamp() - clock.monotonic(), self._tell)
        self._held, self._heard = HeldClips(), {}
        self._report(Ready(output=self.name, device="simulated", is_tape=False, latency_ms=0))
        for command in self._pipe:
            self._take(command)

    def _tell(self, report):
        match report:
            case Finished(airing=airing, at=at, is_whole=True):
                self._heard[airing] = at
                if len(self._heard) > HEARD_LATELY:
                    del self._heard[next(iter(self._heard))]
        self._report(report)

    def _sound(self, frames):
        monotonic = self._clock.monotonic()
        block = self._mixer.fill(frames, monotonic)
        self._ear.hear(block, monotonic, self._clock.now().timestamp())

    def _mind_the_station(self, now):
        if self._orphan_since is None:
            return
        sounding = self._mixer.sounding
        is_emergency = sounding is not None and sounding[2] is Priority.EMERGENCY
        if not is_emergency or now - self._orphan_since > EMERGENCY_GOES_ON_S:
            self._close_the_air()

    def _close_the_air(self):
        sounding = self._mixer.sounding
        self._mixer.put(Stop(airing=None, who=""))
        self._sound(CLIP_RATE_HZ // 10)
        airing, position = sounding[:2] if sounding is not None else (None, 0)
        if airing is not None or self._heard:
            words = LastWords(airing=airing, position=position, heard=dict(self._heard))
            write_last_words(self._var, self.name, words)
        self._mixer = None

    def _take(self, command):
        match command:
            case Arm(cue=cue):
                self._order += 1
                try:
                    samples = NO_SAMPLES if cue.live is not None else self._held.samples(cue.sha256)
                    if samples is None:
                        samples = read_clip(cue.clip, cue.sha256)
                except ClipDamaged as error:
                    self._report(NotAired(airing=cue.airing, fate=Fate.FAILED.value, reason=error.sentence))
                    return
                self._mixer.put(Load(Waiting(cue=cue, order=self._order, offset=cue.offset), samples))
            case KeepReady(clips=clips, intro=intro):
                self._held.keep(clips)
                self._mixer.put(Intro(self._held.read(intro) if intro is not None else None))
            case PutOff():
                pass
            case _:
                self._mixer.put(command)
