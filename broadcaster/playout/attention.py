"""Blocks that were sent and blocks that were taken in, each with its instant → a verdict for each airing. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.playout.listening import EARLY_S, LATE_S, PART_S, Match, Samples, Verdict, compare, judge_parts

KEPT_S = 24.0
GAP_S = 0.1
"""Two blocks whose instants do not meet within this do not belong together."""
CREEP = 0.02
"""So much of what an instant is off is believed: one that is read late must not tear the sound apart."""
GIVEN_UP_S = 5.0
"""A microphone that is so far behind heard nothing of a part."""
MOST_AIRINGS = 50


class Taken:
    """The last seconds that the microphone gave."""

    def __init__(self) -> None:
        self._ring = np.zeros(round(KEPT_S * CLIP_RATE_HZ), dtype=np.float32)
        self._from = self._until = 0
        """Samples on the clock that never jumps."""
        self._next_at = float("-inf")

    @property
    def until(self) -> float:
        """Up to which instant it is known."""
        return self._until / CLIP_RATE_HZ

    def put(self, at: float, samples: Samples) -> None:
        off = at - self._next_at
        start = self._until
        if abs(off) > GAP_S:
            self._from = start = round(at * CLIP_RATE_HZ)
        else:
            at = self._next_at + CREEP * off
        self._next_at = at + len(samples) / CLIP_RATE_HZ
        # What creeps is made up a sample at a time: left out, or said twice. No envelope notices.
        want = round(self._next_at * CLIP_RATE_HZ)
        places = np.arange(start, max(want, start))
        if len(places) and len(samples):
            self._ring[places % len(self._ring)] = np.resize(samples, len(places))
        self._until = max(want, start)
        self._from = max(self._from, self._until - len(self._ring))

    def between(self, at: float, length_s: float) -> Samples | None:
        """None: some of it was not taken in."""
        start = round(at * CLIP_RATE_HZ)
        end = start + round(length_s * CLIP_RATE_HZ)
        if start < self._from or end > self._until:
            return None
        return self._ring[np.arange(start, end) % len(self._ring)]


@dataclass(slots=True)
class _Part:
    airing: AiringId
    at: float
    blocks: list[Samples] = field(default_factory=list)
    count: int = 0

    @property
    def until(self) -> float:
        return self.at + self.count / CLIP_RATE_HZ


class Attention:
    """Not for two threads at once. Instants are monotonic seconds."""

    def __init__(self) -> None:
        self._taken = Taken()
        self._open: _Part | None = None
        self._waiting: list[_Part] = []
        self._matches: dict[AiringId, list[Match]] = {}
        self._over: dict[AiringId, None] = {}

    def sent(self, airing: AiringId, at: float, samples: Samples) -> None:
        part = self._open
        if part is not None and (part.airing != airing or abs(part.until - at) > GAP_S or part.count >= _full()):
            self._close()
        if self._open is None:
            self._open = _Part(airing, at)
            self._matches.setdefault(airing, [])
            if len(self._matches) > MOST_AIRINGS:
                self._matches.pop(next(iter(self._matches)))
        self._open.blocks.append(samples)
        self._open.count += len(samples)

    def over(self, airing: AiringId) -> None:
        """Nothing more will be sent of it."""
        if self._open is not None and self._open.airing == airing:
            self._close()
        if airing in self._matches:
            self._over[airing] = None

    def taken(self, at: float, samples: Samples) -> None:
        self._taken.put(at, samples)

    def verdicts(self, now: float) -> list[tuple[AiringId, Verdict]]:
        """Of the airings that are over and can be judged by *now*."""
        for part in list(self._waiting):
            if self._taken.until >= part.until + LATE_S or now > part.until + LATE_S + GIVEN_UP_S:
                self._waiting.remove(part)
                self._judge(part)
        wait = {part.airing for part in self._waiting}
        done = [airing for airing in self._over if airing not in wait]
        for airing in done:
            del self._over[airing]
        return [(airing, judge_parts(self._matches.pop(airing, []))) for airing in done]

    def _close(self) -> None:
        if self._open is not None:
            self._waiting.append(self._open)
            self._open = None

    def _judge(self, part: _Part) -> None:
        length_s = part.count / CLIP_RATE_HZ + EARLY_S + LATE_S
        taken = self._taken.between(part.at - EARLY_S, length_s)
        match = compare(np.concatenate(part.blocks), taken) if taken is not None else None
        if match is not None and part.airing in self._matches:
            self._matches[part.airing].append(match)


def _full() -> int:
    return round(PART_S * CLIP_RATE_HZ)
