"""Blocks of a live source, each with the instant at which it came → sound, however unevenly they come. Pure.

Instants are ticks: samples of the machine's monotonic clock. What came at a tick is heard a set delay later, on every
output at the same instant. Where nothing is there in time it fades to silence and back, so that no hole ever clicks.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Sentence

Samples = npt.NDArray[np.float32]
Stored = npt.NDArray[np.int16]

FADE = CLIP_RATE_HZ // 200
"""So much is always kept back to fade out with, when the next block does not come."""
LEAST = CLIP_RATE_HZ // 50
"""With less at hand it does not begin again: a source that limps would only stutter."""
SLIP = CLIP_RATE_HZ // 400
"""A sound card whose clock has gone astray by so much is brought back, within one short fade."""
KEPT = CLIP_RATE_HZ // 50
"""So much of what was played is still there to slip back to, and so much must be there to slip at all."""
MOST = 2 * CLIP_RATE_HZ
"""More is never kept of what is not due yet."""
FULL_SCALE = np.float32(32768.0)


class _Doing(Enum):
    SILENT = "silent"
    PLAYING = "playing"
    FADING = "fading"


class JitterBuffer:
    """Owned by one thread."""

    def __init__(self, *, delay: int, patience: int) -> None:
        """*delay*: from coming to being heard. *patience*: after so much silence the source counts as hung."""
        self._delay = delay
        self._patience = patience
        self._parts: deque[tuple[int, Samples]] = deque()
        """In order and apart; what was played lately is still there, to slip back to."""
        self._doing = _Doing.SILENT
        self._at = 0
        """The tick that is played next."""
        self._fade_in = 0
        self._fade_out = 0
        self._drift = 0.0
        self._starved = 0
        self._ends_at: int | None = None
        self._why_ended = NOTHING_TO_SAY
        self._has_begun = False
        self._has_ended = False
        self.holes = 0
        """How often nothing was there in time, once it had begun."""
        self.silent = 0
        """Samples of silence put in for that."""
        self.dropped = 0
        """Samples that came too late, or too many, and were never heard."""
        self.depth = 0
        """Samples that were at hand beyond the block that was taken last."""

    @property
    def is_hung(self) -> bool:
        return self._starved >= self._patience

    @property
    def has_ended(self) -> bool:
        """The source said that it is over, and all of it was played."""
        return self._has_ended

    @property
    def why_ended(self) -> Sentence:
        """Nothing to say: as it should."""
        return self._why_ended

    def push(self, tick: int, stored: Stored) -> None:
        """A block of which the first sample came at *tick*."""
        if self._ends_at is not None:
            stored = stored[: max(0, self._ends_at - tick)]
        samples: Samples = stored.astype(np.float32) / FULL_SCALE
        known = self._parts[-1][0] + len(self._parts[-1][1]) if self._parts else tick
        if (too_many := min(known - tick, len(samples))) > 0:
            self._join(samples, too_many)
            self.dropped += too_many
            samples, tick = samples[too_many:], known
        if len(samples):
            self._parts.append((tick, samples))
        while self._doing is _Doing.SILENT and self._parts and known - self._parts[0][0] > MOST:
            self.dropped += len(self._parts.popleft()[1])

    def end(self, tick: int, why: Sentence) -> None:
        """Nothing comes any more; what came before *tick* is still to be heard."""
        self._ends_at, self._why_ended = tick, why

    def take(self, frames: int, heard_at: int) -> Samples:
        """Exactly *frames* samples, of which the first is heard at the tick *heard_at*."""
        block = np.zeros(frames, dtype=np.float32)
        due, done = heard_at - self._delay, 0
        if self._doing is _Doing.PLAYING:
            done = self._slip(block, due)
        while done < frames:
            match self._doing:
                case _Doing.SILENT:
                    done = self._wait(done, frames, due)
                case _Doing.PLAYING:
                    done = self._play(block, done)
                case _Doing.FADING:
                    done = self._fade(block, done)
        self._forget()
        is_silent = self._doing is _Doing.SILENT
        self.depth = 0 if is_silent else self._run(self._at)
        self._has_ended = is_silent and self._ends_at is not None and due + frames >= self._ends_at
        return block

    def rest(self, frames: int) -> Samples:
        """Up to *frames* samples that would come next, as they are: for a last fade."""
        if self._doing is _Doing.SILENT:
            return np.zeros(0, dtype=np.float32)
        part = self._read(self._at, min(frames, self._run(self._at)))
        if self._doing is _Doing.FADING:
            part = part[: self._fade_out] * _down(self._fade_out)[: len(part)]
        return part

    # --- playing ----------------------------------------------------------------------------------------------

    def _wait(self, done: int, frames: int, due: int) -> int:
        """Silence until something is there in time; where in the block that is."""
        now = due + done
        while self._parts and self._parts[0][0] < now:
            tick, samples = self._parts.popleft()
            late = min(now - tick, len(samples))
            self.dropped += late
            if late < len(samples):
                self._parts.appendleft((now, samples[late:]))
        wait = frames - done
        if self._parts and self._run(self._parts[0][0]) >= LEAST:
            wait = min(wait, self._parts[0][0] - now)
        if self._has_begun and self._ends_at is None:
            self.silent += wait
        if wait < frames - done:
            self._doing, self._at, self._fade_in, self._drift = _Doing.PLAYING, self._parts[0][0], FADE, 0.0
            self._starved, self._has_begun = 0, True
        else:
            self._starved += wait
        return done + wait

    def _play(self, block: Samples, done: int) -> int:
        count = min(len(block) - done, self._run(self._at) - FADE)
        if count <= 0:
            self._doing, self._fade_out = _Doing.FADING, min(FADE, self._run(self._at))
            self.holes += self._ends_at is None
            return done
        block[done : done + count] = self._faded_in(self._read(self._at, count))
        self._at += count
        return done + count

    def _fade(self, block: Samples, done: int) -> int:
        count = min(len(block) - done, self._fade_out)
        block[done : done + count] = self._faded_in(self._read(self._at, count)) * _down(self._fade_out)[:count]
        self._at += count
        self._fade_out -= count
        if not self._fade_out:
            self._doing = _Doing.SILENT
            self._parts = deque(self._after(self._at))
        return done + count

    def _faded_in(self, part: Samples) -> Samples:
        if self._fade_in and len(part):
            step = FADE - self._fade_in
            ramp: Any = np.minimum(1.0, np.arange(step + 1, step + len(part) + 1) / FADE)
            part = part * ramp.astype(np.float32)
            self._fade_in = max(0, self._fade_in - len(part))
        return part

    def _slip(self, block: Samples, due: int) -> int:
        """Where the card's clock and ours have come apart, cross over to where it should be; samples written."""
        self._drift += (self._at - due - self._drift) * min(1.0, len(block) / CLIP_RATE_HZ)
        to = self._at - round(self._drift)
        is_there = bool(self._parts) and self._parts[0][0] <= min(to, self._at)
        if abs(self._drift) < SLIP or len(block) < FADE or not is_there or self._run(min(to, self._at)) < KEPT:
            return 0
        over = _down(FADE)
        block[:FADE] = self._read(self._at, FADE) * over + self._read(to, FADE) * (1 - over)
        self.dropped += max(0, to - self._at)
        self._at, self._drift = to + FADE, 0.0
        return FADE

    # --- what is at hand --------------------------------------------------------------------------------------

    def _join(self, samples: Samples, too_many: int) -> None:
        """Cross over from what is known to the block that goes on after leaving out its first *too_many*."""
        tick, last = self._parts[-1]
        is_playing_it = self._doing is not _Doing.SILENT and self._at > tick + len(last) - FADE
        if too_many >= FADE and len(last) >= FADE and not is_playing_it:
            over = _down(FADE)
            joined = last[-FADE:] * over + samples[too_many - FADE : too_many] * (1 - over)
            self._parts[-1] = (tick, np.concatenate([last[:-FADE], joined]))

    def _run(self, tick: int) -> int:
        """How many samples there are from *tick* on without a hole."""
        end = tick
        for start, samples in self._parts:
            if start <= end < start + len(samples):
                end = start + len(samples)
        return end - tick

    def _read(self, tick: int, count: int) -> Samples:
        """Samples that are there."""
        read = [
            samples[max(0, tick - start) : tick + count - start]
            for start, samples in self._parts
            if start < tick + count and tick < start + len(samples)
        ]
        return np.concatenate(read) if read else np.zeros(0, dtype=np.float32)

    def _after(self, tick: int) -> list[tuple[int, Samples]]:
        return [
            (max(start, tick), samples[max(0, tick - start) :])
            for start, samples in self._parts
            if start + len(samples) > tick
        ]

    def _forget(self) -> None:
        if self._doing is not _Doing.SILENT:
            while self._parts and self._parts[0][0] + len(self._parts[0][1]) < self._at - KEPT:
                self._parts.popleft()


def _down(count: int) -> Samples:
    """The last *count* steps of a straight fade to silence."""
    return (np.arange(count, 0, -1, dtype=np.float32) - 1) / np.float32(FADE)
