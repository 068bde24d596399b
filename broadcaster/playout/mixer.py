"""Cues and time → samples, block by block: starts to the sample, short fades, ducked background.

Called by the output in its own time and by nobody else; commands lie in an inbox until the next block. While nothing
sounds it does next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

import numpy as np

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.playout.cue import (
    TIME_IS_UP,
    Buffered,
    EndLive,
    Finished,
    GateRules,
    Interrupted,
    Level,
    NotAired,
    Report,
    Started,
    Stop,
    stopped_by,
)
from broadcaster.playout.decide import CutIn, Miss, Refuse, Rest, Start, Waiting, after_a_cut, decide, may_cut_in
from broadcaster.playout.gate import Gate, judge, live_may_last_s
from broadcaster.playout.jitter import JitterBuffer
from broadcaster.playout.layer import DUCKED, FADE, FADE_LENGTH, Layer, Samples, Stored, Tail
from broadcaster.playout.level import Fader
from broadcaster.playout.limiter import Limiter
from broadcaster.playout.liveblocks import Block
from broadcaster.playout.livelayer import LiveLayer

REMEMBERED = 1000
"""So many airings that are over are known, and not begun again when they are armed once more."""
SILENCE_DBFS = -120.0

TOO_LONG = Sentence("超过了最长时间，到此为止", "was longer than it may be and was ended")
TOO_LATE = Sentence("被打断以后过了时限，没有接着播", "was too late to go on after it was cut")
MISSED = Sentence("错过了时限", "was too late to start")


@dataclass(frozen=True, slots=True)
class Load:
    """A cue whose samples are in memory and were checked."""

    waiting: Waiting
    samples: Stored
    """Of a live cue: none, they come later."""


@dataclass(frozen=True, slots=True)
class Intro:
    """What is said before a programme goes on where it was cut; None: nothing."""

    samples: Stored | None


class Mixer:
    """Owned by the output's thread; ``put`` and ``level`` may be called from any."""

    def __init__(self, wall_offset: Callable[[], float], report: Callable[[Report], None]) -> None:
        """*wall_offset*: seconds that the wall clock is ahead of the monotonic one, now."""
        self._wall_offset = wall_offset
        self._report = report
        self._inbox: SimpleQueue[Load | Stop | GateRules | Intro | Block | EndLive] = SimpleQueue()
        self._intro: Stored | None = None
        self._gate = Gate()
        self._over: dict[AiringId, None] = {}
        self._feeds: dict[AiringId, JitterBuffer] = {}
        """Of the live airings that wait or sound."""
        self._heard_at = 0
        """The tick of the first sample of the present block."""
        self._waiting: dict[AiringId, Load] = {}
        self._main: Layer | None = None
        self._bed: Layer | None = None
        self._tails: list[Tail] = []
        self._frames = 0
        """Of the present block."""
        self._done = 0
        """Samples of the present block that are mixed already."""
        self._silence: Samples = np.zeros(CLIP_RATE_HZ // 50, dtype=np.float32)
        self._level, self._emergency_level = Fader(), Fader()
        self._power, self._counted, self._peak = 0.0, 0, 0.0

    def put(self, command: Load | Stop | GateRules | Intro | Block | EndLive) -> None:
        self._inbox.put(command)

    @property
    def sounding(self) -> tuple[AiringId, int, Priority] | None:
        """The airing that is on the air, its sample, its priority."""
        layer = self._main or self._bed
        return None if layer is None else (layer.waiting.cue.airing, layer.position, layer.waiting.cue.priority)

    def level(self, underruns: int, ahead: int = 0) -> Level:
        """The loudness since the last call, and where the deck is: *ahead* samples are mixed and not heard yet."""
        power, counted, peak = self._power, self._counted, self._peak
        self._power, self._counted, self._peak = 0.0, 0, 0.0
        sounding = self.sounding
        return Level(
            rms_dbfs=_dbfs((power / counted) ** 0.5 if counted else 0.0),
            peak_dbfs=_dbfs(peak),
            underruns=underruns,
            airing=sounding[0] if sounding else None,
            position=max(0, sounding[1] - ahead) if sounding else 0,
            play=voice.play if (voice := self._main or self._bed) else 0,
        )

    def buffered(self) -> Buffered | None:
        """How evenly the live source that sounds has come so far; None: there is none."""
        layer = self._main
        if not isinstance(layer, LiveLayer):
            return None
        feed = layer.feed
        depth_ms, silent_ms, dropped_ms = (1000 * n // CLIP_RATE_HZ for n in (feed.depth, feed.silent, feed.dropped))
        airing = layer.waiting.cue.airing
        return Buffered(airing=airing, depth_ms=depth_ms, holes=feed.holes, silent_ms=silent_ms, dropped_ms=dropped_ms)

    def fill(self, frames: int, heard_at: float, level: float = 1.0, emergency_level: float = 1.0) -> Samples:
        """Exactly *frames* samples; the first is heard at *heard_at* (monotonic s).

        *level*: the output's factor for everything but an emergency, which has its own *emergency_level*.
        """
        self._read_inbox(heard_at)
        if not self._waiting and self._main is None and self._bed is None and not self._tails:
            self._level.rest(level)
            return self._silence[:frames] if frames <= len(self._silence) else np.zeros(frames, dtype=np.float32)
        block = self._mix(frames, heard_at, level, emergency_level)
        self._measure(block)
        return block

    def refill(
        self,
        command: Load | Stop,
        lying: Samples,
        heard_at: float,
        level: float = 1.0,
        emergency_level: float = 1.0,
    ) -> Samples | None:
        """What is heard instead of *lying*, which was filled before *command* and which nobody has heard yet.

        None: *command* changes nothing of that; it is in the inbox for the next block.
        """
        self.put(command)
        now = datetime.fromtimestamp(heard_at + self._wall_offset(), UTC)
        if not self._changes_at_once(command, now):
            return None
        for layer in (self._main, self._bed):
            if layer is not None:
                layer.take_back(len(lying))
        self._tails.clear()  # they lie in what fades out here
        self._read_inbox(heard_at)
        block = self._mix(len(lying), heard_at, level, emergency_level)
        fade = min(FADE, len(lying))
        block[:fade] += lying[:fade] * np.linspace(1.0, 0.0, fade, dtype=np.float32)  # the gate let it out before
        np.clip(block, -1.0, 1.0, out=block)
        self._measure(block)
        return block

    def _changes_at_once(self, command: Load | Stop, now: datetime) -> bool:
        """Whether it stops what is on the air, or cuts in with an emergency."""
        main = self._main
        if isinstance(command, Stop):
            return main is not None and command.airing in (None, main.waiting.cue.airing)
        waiting = command.waiting
        is_first = not self._has_begun(waiting.cue.airing) and waiting.cue.follows is None
        cue = waiting.cue
        cuts_in = main is None or may_cut_in(waiting, main.waiting)
        if cue.priority is not Priority.EMERGENCY or not (is_first and cuts_in and waiting.is_due(now)):
            return False
        return judge(priority=cue.priority, permit=cue.permit, wall=now, rules=self._gate.rules) is None

    def _mix(self, frames: int, heard_at: float, level: float, emergency_level: float) -> Samples:
        wall = datetime.fromtimestamp(heard_at + self._wall_offset(), UTC)
        self._heard_at = round(heard_at * CLIP_RATE_HZ)
        emergency = np.zeros(frames, dtype=np.float32)
        others = np.zeros(frames, dtype=np.float32)
        self._frames, self._done = frames, 0
        while self._done < frames:
            done = self._done
            now = wall + timedelta(seconds=done / CLIP_RATE_HZ)
            self._act(now)
            until = min(frames, done + self._frames_to_next_start(now), done + self._frames_to_next_event())
            self._play(emergency[done:until], others[done:until], now)
            self._done = until
        self._add_tails(emergency, others)
        emergency = self._emergency_level.fade(emergency, emergency_level)
        others = self._level.fade(others, level)  # apart: what an emergency cuts fades out no louder than it was
        block = self._gate.let_out(emergency, others, wall)
        np.clip(block, -1.0, 1.0, out=block)
        return block

    # --- deciding -------------------------------------------------------------------------------------------

    def _read_inbox(self, heard_at: float) -> None:
        self._done = 0
        while True:
            try:
                command = self._inbox.get_nowait()
            except Empty:
                return
            match command:
                case Load(waiting=waiting):
                    if not self._has_begun(waiting.cue.airing):
                        self._waiting[waiting.cue.airing] = command
                        self._expect(waiting)
                case Block(airing=airing, tick=tick, samples=block):
                    if airing in self._feeds:
                        self._feeds[airing].push(tick, block)
                case EndLive(airing=airing, tick=tick, reason=reason):
                    if airing in self._feeds:
                        self._feeds[airing].end(tick, reason)
                case GateRules():
                    self._gate.rules = command
                case Intro(samples=samples):
                    self._intro = samples
                case Stop(airing=airing, who=who):
                    reason = stopped_by(who) if who else NOTHING_TO_SAY
                    now = datetime.fromtimestamp(heard_at + self._wall_offset(), UTC)
                    self._stop(airing, reason, now)

    def _expect(self, waiting: Waiting) -> None:
        live = waiting.cue.live
        if live is not None:
            delay, patience = (round(seconds * CLIP_RATE_HZ) for seconds in (live.delay_s, live.patience_s))
            self._feeds[waiting.cue.airing] = JitterBuffer(delay=delay, patience=patience)

    def _has_begun(self, airing: AiringId) -> bool:
        """It plays, waits to go on, or is over: armed once more it would be heard twice."""
        playing = [layer.waiting.cue.airing for layer in (self._main, self._bed) if layer is not None]
        waits = self._waiting.get(airing)
        return airing in playing or airing in self._over or (waits is not None and waits.waiting.has_sounded)

    def _stop(self, airing: AiringId | None, reason: Sentence, now: datetime) -> None:
        for id_ in [id_ for id_ in self._waiting if airing in (None, id_)]:
            self._leave(self._waiting.pop(id_).waiting, Fate.SKIPPED, reason, now)
        for layer in (self._main, self._bed):
            if layer is not None and airing in (None, layer.waiting.cue.airing):
                self._end(layer, reason, now)

    def _act(self, now: datetime) -> None:
        for layer in (self._main, self._bed):
            if layer is not None:
                self._check(layer, now)
        self._decide(now, is_bed=False)
        self._decide(now, is_bed=True)

    def _must_end_by(self, now: datetime) -> datetime:
        """What is on the air in the rest of this block has faded out by then at the earliest."""
        return now + timedelta(seconds=(self._frames - self._done) / CLIP_RATE_HZ) + FADE_LENGTH

    def _check(self, layer: Layer, now: datetime) -> None:
        """What is on the air must still be allowed to be, to the end of its fade."""
        cue = layer.waiting.cue
        if isinstance(layer, LiveLayer):
            layer.longest_s = live_may_last_s(cue, self._gate.rules)  # somebody may have changed it since
        for moment in (now, self._must_end_by(now)):
            refusal = judge(priority=cue.priority, permit=cue.permit, wall=moment, rules=self._gate.rules)
            if refusal is not None:
                self._end(layer, refusal, now)
                return
        if layer.may_sound_on <= 0:
            self._end(layer, TIME_IS_UP if layer.is_emergency else TOO_LONG, now)

    def _decide(self, now: datetime, *, is_bed: bool) -> None:
        while True:
            loads = [
                load for load in self._waiting.values() if (load.waiting.cue.priority is Priority.BACKGROUND) == is_bed
            ]
            playing = self._bed if is_bed else self._main
            present = [*self._waiting, *([playing.waiting.cue.airing] if playing else [])]
            decision = decide(
                [load.waiting for load in loads],
                playing.waiting if playing else None,
                now,
                self._gate.rules,
                present,
                self._must_end_by(now),
            )
            match decision:
                case Rest():
                    return
                case Miss(waiting):
                    del self._waiting[waiting.cue.airing]
                    self._leave(waiting, Fate.MISSED, TOO_LATE if waiting.has_sounded else MISSED, now)
                case Refuse(waiting, reason):
                    del self._waiting[waiting.cue.airing]
                    self._leave(waiting, Fate.REFUSED, reason, now)
                case Start(waiting):
                    self._start(self._waiting.pop(waiting.cue.airing), now, is_bed=is_bed)
                case CutIn(waiting):
                    self._cut(waiting, now)
                    self._start(self._waiting.pop(waiting.cue.airing), now, is_bed=is_bed)

    def _start(self, load: Load, now: datetime, *, is_bed: bool) -> None:
        waiting = load.waiting
        layer = self._layer(load, is_bed=is_bed)
        layer.began = now
        if is_bed:
            self._bed = layer
        else:
            self._main = layer
        self._report(Started(airing=waiting.cue.airing, at=now, offset=waiting.offset, play=waiting.play))

    def _layer(self, load: Load, *, is_bed: bool) -> Layer:
        waiting = load.waiting
        feed, live = self._feeds.get(waiting.cue.airing), waiting.cue.live
        if feed is not None and live is not None:
            longest_s = live_may_last_s(waiting.cue, self._gate.rules)
            limiter = Limiter(live.peak_dbfs)
            return LiveLayer(waiting, load.samples, 0, 1, feed=feed, limiter=limiter, longest_s=longest_s)
        is_amid = waiting.offset > 0
        return Layer(
            waiting,
            load.samples,
            waiting.offset,
            waiting.play,
            fade_in=FADE if is_amid else 0,
            sounded=waiting.sounded,
            gain=DUCKED if is_bed and self._main is not None else 1.0,
            intro=self._intro if is_amid and waiting.is_introduced else None,
        )

    def _cut(self, by: Waiting, now: datetime) -> None:
        layer = self._main
        assert layer is not None
        self._fade_out(layer)
        waits = after_a_cut(replace(layer.waiting, play=layer.play, sounded=layer.sounded), layer.position)
        self._main = None
        if waits is not None:
            self._waiting[waits.cue.airing] = Load(waits, layer.samples)
        else:
            self._is_over(layer.waiting.cue.airing)
        self._report(
            Interrupted(
                airing=layer.waiting.cue.airing,
                at=max(now, layer.began),
                by=by.cue.airing,
                position=layer.position,
                will_resume=waits is not None,
            )
        )

    def _leave(self, waiting: Waiting, fate: Fate, reason: Sentence, now: datetime) -> None:
        airing = waiting.cue.airing
        if waiting.has_sounded:
            self._is_over(airing)
            self._report(Finished(airing=airing, at=now, is_whole=False, reason=reason, position=waiting.offset))
        else:
            self._feeds.pop(airing, None)
            self._report(NotAired(airing=airing, fate=fate.value, reason=reason))

    def _end(self, layer: Layer, reason: Sentence, now: datetime, *, is_whole: bool = False) -> None:
        if not is_whole:
            self._fade_out(layer)
        if self._main is layer:
            self._main = None
        else:
            self._bed = None
        self._is_over(layer.waiting.cue.airing)
        at = max(now, layer.began)
        self._report(
            Finished(airing=layer.waiting.cue.airing, at=at, is_whole=is_whole, reason=reason, position=layer.position)
        )

    def _is_over(self, airing: AiringId) -> None:
        self._over[airing] = None
        self._feeds.pop(airing, None)
        if len(self._over) > REMEMBERED:
            del self._over[next(iter(self._over))]

    # --- sounding -------------------------------------------------------------------------------------------

    def _frames_to_next_start(self, now: datetime) -> int:
        """Samples until the next cue is due, at least one."""
        waits = [load.waiting.cue.starts_at - now for load in self._waiting.values()]
        ahead = [wait.total_seconds() for wait in waits if wait > timedelta()]
        return max(1, min((round(seconds * CLIP_RATE_HZ) for seconds in ahead), default=CLIP_RATE_HZ))

    def _frames_to_next_event(self) -> int:
        return max(1, min((layer.to_next_event for layer in (self._main, self._bed) if layer), default=CLIP_RATE_HZ))

    def _play(self, emergency: Samples, others: Samples, now: datetime) -> None:
        if self._bed is not None:
            self._sound(self._bed, others, now, DUCKED if self._main is not None else 1.0)
        if self._main is not None:
            self._sound(self._main, emergency if self._main.is_emergency else others, now, 1.0)

    def _sound(self, layer: Layer, block: Samples, now: datetime, gain: float) -> None:
        if isinstance(layer, LiveLayer):
            layer.heard_at = self._heard_at + self._done
        part = layer.take(len(block), gain)
        if isinstance(layer, LiveLayer):
            part = self._gate.let_live(layer.waiting.cue.airing, part)
        block[: len(part)] += part
        if not layer.is_played and not layer.gap:
            return
        end = now + timedelta(seconds=len(block) / CLIP_RATE_HZ)
        is_followed = self._is_followed(layer, end)
        if is_followed or (layer.is_played and layer.play == layer.waiting.cue.plays):
            self._end(layer, layer.why_over, end, is_whole=not layer.why_over.zh)
        elif layer.is_played:
            layer.play_again()

    def _is_followed(self, layer: Layer, now: datetime) -> bool:
        """Whether something that is due takes over from it."""
        followers = (load.waiting for load in self._waiting.values())
        return any(one.cue.follows == layer.waiting.cue.airing and one.is_due(now) for one in followers)

    def _fade_out(self, layer: Layer) -> None:
        tail = layer.fading_out(self._done)
        if tail is not None:
            self._tails.append(tail)

    def _add_tails(self, emergency: Samples, others: Samples) -> None:
        for tail in self._tails:
            block = emergency if tail.is_emergency else others
            count = min(len(tail.samples), len(block))
            block[:count] += tail.samples[:count]
            tail.samples = tail.samples[count:]
        self._tails = [tail for tail in self._tails if len(tail.samples)]

    def _measure(self, block: Samples) -> None:
        self._power += float(np.dot(block, block))
        self._counted += len(block)
        self._peak = max(self._peak, float(np.max(np.abs(block), initial=0.0)))


def _dbfs(value: float) -> float:
    return round(float(20 * np.log10(value)), 1) if value > 1e-6 else SILENCE_DBFS
