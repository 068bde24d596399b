"""When blocks of a live source came → the instants they are heard by: even, although they came unevenly. Pure."""

from __future__ import annotations

from broadcaster.model.clip import CLIP_RATE_HZ

ASTRAY = CLIP_RATE_HZ // 100
"""A source whose clock has gone astray from ours by so much is followed."""
LOOKED_AT = CLIP_RATE_HZ
"""Over so much sound: the block that came soonest says how far astray it is, the others were only held up."""
TOO_SOON = CLIP_RATE_HZ // 5


class LiveStamps:
    """Owned by whoever takes the blocks of one source. A tick is a sample of the machine's monotonic clock."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._soonest: int | None = None
        self._looked_at = 0

    @property
    def end(self) -> int:
        """The tick after the last sample."""
        return self._next or 0

    def stamp(self, frames: int, came_at: int) -> int:
        """The tick of the first of *frames* samples that came at *came_at*."""
        tick = came_at if self._next is None else self._next
        late = came_at - tick
        if late < -TOO_SOON:
            tick, late, self._soonest = came_at, 0, None
        self._soonest = late if self._soonest is None else min(self._soonest, late)
        self._looked_at += frames
        if self._looked_at >= LOOKED_AT:
            if abs(self._soonest) > ASTRAY:
                tick += self._soonest
            self._soonest, self._looked_at = None, 0
        self._next = tick + frames
        return tick

    def ahead_s(self, now: int) -> float:
        """How much sooner than it will be heard the source gives its sound; it had better wait."""
        return 0.0 if self._next is None else max(0.0, (self._next - now) / CLIP_RATE_HZ)
