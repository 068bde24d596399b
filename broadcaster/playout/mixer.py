"""Cues and time → samples, block by block: starts to the sample, short fades, ducked background.

Called by the output in its own time and by nobody else; commands lie in an inbox until the next block. While nothing
sounds it does next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.playout.cue import Finished, GateRules, Interrupted, Level, NotAired, Report, Started, Stop
from broadcaster.playout.decide import CutIn, Miss, Refuse, Rest, Start, Waiting, after_a_cut, decide
from broadcaster.playout.gate import judge

Samples = npt.NDArray[np.float32]
Stored = npt.NDArray[np.int16]

FADE = CLIP_RATE_HZ // 100
DUCKED = 10 ** (-12 / 20)
FULL_SCALE = 32768.0
SILENCE_DBFS = -120.0

TOO_LONG = Sentence("超过了最长时间，到此为止", "was longer than it may be and was ended")
TOO_LATE = Sentence("被打断以后过了时限，没有接着播", "was too late to go on after it was cut")
MISSED = Sentence("错过了时限", "was too late to start")


@dataclass(frozen=True, slots=True)
class Load:
    """A cue whose samples are in memory and were checked."""

    waiting: Waiting
    samples: Stored


@dataclass(slots=True)
class Voice:
    """What one layer plays now."""

    waiting: Waiting
    samples: Stored
    position: int
    play: int
    gap: int = 0
    """Samples of silence left before the next play."""
    fade_in: int = 0
    sounded: int = 0


class Mixer:
    """Owned by the output's thread; ``put`` and ``level`` may be called from any."""

    def __init__(self, wall_offset: Callable[[], float], report: Callable[[Report], None]) -> None:
        """*wall_offset*: seconds that the wall clock is ahead of the monotonic one, now."""
        self._wall_offset = wall_offset
        self._report = report
        self._inbox: SimpleQueue[Load | Stop | GateRules] = SimpleQueue()
        self._rules: GateRules | None = None
        self._waiting: dict[AiringId, Load] = {}
        self._main: Voice | None = None
        self._bed: Voice | None = None
        self._tails: list[Samples] = []
        self._done = 0
        """Samples of the present block that are mixed already."""
        self._silence: Samples = np.zeros(CLIP_RATE_HZ // 50, dtype=np.float32)
        self._power, self._counted, self._peak = 0.0, 0, 0.0

    def put(self, command: Load | Stop | GateRules) -> None:
        self._inbox.put(command)

    @property
    def sounding(self) -> tuple[AiringId, int, Priority] | None:
        """The airing that is on the air, its sample, its priority."""
        voice = self._main or self._bed
        return None if voice is None else (voice.waiting.cue.airing, voice.position, voice.waiting.cue.priority)

    def level(self, underruns: int) -> Level:
        """The loudness since the last call, and where the deck is."""
        power, counted, peak = self._power, self._counted, self._peak
        self._power, self._counted, self._peak = 0.0, 0, 0.0
        sounding = self.sounding
        return Level(
            rms_dbfs=_dbfs((power / counted) ** 0.5 if counted else 0.0),
            peak_dbfs=_dbfs(peak),
            underruns=underruns,
            airing=sounding[0] if sounding else None,
            position=sounding[1] if sounding else 0,
        )

    def fill(self, frames: int, heard_at: float) -> Samples:
        """Exactly *frames* samples; the first is heard at *heard_at* (monotonic s)."""
        self._read_inbox(heard_at)
        if not self._waiting and self._main is None and self._bed is None and not self._tails:
            return self._silence[:frames] if frames <= len(self._silence) else np.zeros(frames, dtype=np.float32)
        wall = datetime.fromtimestamp(heard_at + self._wall_offset(), UTC)
        block = np.zeros(frames, dtype=np.float32)
        self._done = done = 0
        while done < frames:
            now = wall + timedelta(seconds=done / CLIP_RATE_HZ)
            self._act(now)
            until = min(frames, done + self._frames_to_next_start(now), done + self._frames_to_next_event())
            self._play(block[done:until], now)
            self._done = done = until
        self._add_tails(block)
        np.clip(block, -1.0, 1.0, out=block)
        self._measure(block)
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
                    self._waiting[waiting.cue.airing] = command
                case GateRules():
                    self._rules = command
                case Stop(airing=airing, who=who):
                    reason = Sentence(f"{who} 停止", f"stopped by {who}") if who else NOTHING_TO_SAY
                    now = datetime.fromtimestamp(heard_at + self._wall_offset(), UTC)
                    self._stop(airing, reason, now)

    def _stop(self, airing: AiringId | None, reason: Sentence, now: datetime) -> None:
        for id_ in [id_ for id_ in self._waiting if airing in (None, id_)]:
            self._leave(self._waiting.pop(id_).waiting, Fate.SKIPPED, reason, now)
        for voice in (self._main, self._bed):
            if voice is not None and airing in (None, voice.waiting.cue.airing):
                self._end(voice, reason, now)

    def _act(self, now: datetime) -> None:
        for voice in (self._main, self._bed):
            if voice is not None:
                self._check(voice, now)
        self._decide(now, is_bed=False)
        self._decide(now, is_bed=True)

    def _check(self, voice: Voice, now: datetime) -> None:
        """What is on the air must still be allowed to be."""
        cue = voice.waiting.cue
        refusal = judge(priority=cue.priority, permit=cue.permit, wall=now, rules=self._rules)
        if refusal is None and cue.priority is not Priority.EMERGENCY:
            refusal = TOO_LONG if voice.sounded >= cue.max_length_s * CLIP_RATE_HZ else None
        if refusal is not None:
            self._end(voice, refusal, now)

    def _decide(self, now: datetime, *, is_bed: bool) -> None:
        while True:
            loads = [
                load for load in self._waiting.values() if (load.waiting.cue.priority is Priority.BACKGROUND) == is_bed
            ]
            playing = self._bed if is_bed else self._main
            present = [*self._waiting, *([playing.waiting.cue.airing] if playing else [])]
            decision = decide(
                [load.waiting for load in loads], playing.waiting if playing else None, now, self._rules, present
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
        is_amid = waiting.offset > 0
        voice = Voice(waiting, load.samples, waiting.offset, waiting.play, fade_in=FADE if is_amid else 0)
        if is_bed:
            self._bed = voice
        else:
            self._main = voice
        self._report(Started(airing=waiting.cue.airing, at=now, offset=waiting.offset, play=waiting.play))

    def _cut(self, by: Waiting, now: datetime) -> None:
        voice = self._main
        assert voice is not None
        self._fade_out(voice)
        waits = after_a_cut(replace(voice.waiting, play=voice.play), voice.position)
        self._main = None
        if waits is not None:
            self._waiting[waits.cue.airing] = Load(waits, voice.samples)
        self._report(
            Interrupted(
                airing=voice.waiting.cue.airing,
                at=now,
                by=by.cue.airing,
                position=voice.position,
                will_resume=waits is not None,
            )
        )

    def _leave(self, waiting: Waiting, fate: Fate, reason: Sentence, now: datetime) -> None:
        airing = waiting.cue.airing
        if waiting.has_sounded:
            self._report(Finished(airing=airing, at=now, is_whole=False, reason=reason, position=waiting.offset))
        else:
            self._report(NotAired(airing=airing, fate=fate.value, reason=reason))

    def _end(self, voice: Voice, reason: Sentence, now: datetime, *, is_whole: bool = False) -> None:
        if not is_whole:
            self._fade_out(voice)
        if self._main is voice:
            self._main = None
        else:
            self._bed = None
        self._report(
            Finished(airing=voice.waiting.cue.airing, at=now, is_whole=is_whole, reason=reason, position=voice.position)
        )

    # --- sounding -------------------------------------------------------------------------------------------

    def _frames_to_next_start(self, now: datetime) -> int:
        """Samples until the next cue is due, at least one."""
        waits = [load.waiting.cue.starts_at - now for load in self._waiting.values()]
        ahead = [wait.total_seconds() for wait in waits if wait > timedelta()]
        return max(1, min((round(seconds * CLIP_RATE_HZ) for seconds in ahead), default=CLIP_RATE_HZ))

    def _frames_to_next_event(self) -> int:
        """Samples until a play or a gap ends."""
        ends = [voice.gap or len(voice.samples) - voice.position for voice in (self._main, self._bed) if voice]
        return max(1, min(ends, default=CLIP_RATE_HZ))

    def _play(self, block: Samples, now: datetime) -> None:
        if self._bed is not None:
            self._sound(self._bed, block, now, DUCKED if self._main is not None else 1.0)
        if self._main is not None:
            self._sound(self._main, block, now, 1.0)

    def _sound(self, voice: Voice, block: Samples, now: datetime, gain: float) -> None:
        frames = len(block)
        voice.sounded += frames
        if voice.gap:
            voice.gap -= min(voice.gap, frames)
            return
        part = _float(voice.samples[voice.position : voice.position + frames]) * np.float32(gain)
        if voice.fade_in:
            _fade_in(part, FADE - voice.fade_in)
            voice.fade_in = max(0, voice.fade_in - len(part))
        block[: len(part)] += part
        voice.position += len(part)
        if voice.position >= len(voice.samples):
            self._play_is_over(voice, now + timedelta(seconds=frames / CLIP_RATE_HZ))

    def _play_is_over(self, voice: Voice, now: datetime) -> None:
        cue = voice.waiting.cue
        follower = next((load for load in self._waiting.values() if load.waiting.cue.follows == cue.airing), None)
        if follower is not None or voice.play == cue.plays:
            self._end(voice, NOTHING_TO_SAY, now, is_whole=True)
            return
        voice.play += 1
        voice.position = 0
        voice.gap = round(cue.gap_s * CLIP_RATE_HZ)

    def _fade_out(self, voice: Voice) -> None:
        if voice.gap:
            return
        part = _float(voice.samples[voice.position : voice.position + FADE])
        part *= np.linspace(1.0, 0.0, len(part), dtype=np.float32)
        if len(part):
            self._tails.append(np.concatenate([np.zeros(self._done, dtype=np.float32), part]))

    def _add_tails(self, block: Samples) -> None:
        left = []
        for tail in self._tails:
            count = min(len(tail), len(block))
            block[:count] += tail[:count]
            if count < len(tail):
                left.append(tail[count:])
        self._tails = left

    def _measure(self, block: Samples) -> None:
        self._power += float(np.dot(block, block))
        self._counted += len(block)
        self._peak = max(self._peak, float(np.max(np.abs(block), initial=0.0)))


def _float(samples: Stored) -> Samples:
    return samples.astype(np.float32) / np.float32(FULL_SCALE)


def _fade_in(part: Samples, done: int) -> None:
    ramp: Any = np.minimum(1.0, (np.arange(done, done + len(part)) + 1) / FADE)
    part *= ramp.astype(np.float32)


def _dbfs(value: float) -> float:
    return round(float(20 * np.log10(value)), 1) if value > 1e-6 else SILENCE_DBFS
