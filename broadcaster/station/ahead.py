"""Clips are made long before they are heard: what is wanted, what is being rendered, what failed and why."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from concurrent.futures import CancelledError, Future
from typing import Protocol

from broadcaster.errors import ClipDamaged, DalabaError
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.words import Sentence

log = logging.getLogger(__name__)

AT_ONCE = 2
"""The renderer works on one; the next waits ready."""
TRY_AGAIN_S = 60.0
MOST_BYTES = 2_000_000_000
"""About six hours of sound."""
CHECK_EVERY_S = 3600.0
"""EN 54-16 13.13: stored messages are checked at least hourly."""


class Renders(Protocol):
    """Turns orders into clips, elsewhere."""

    def render(self, order: ClipOrder, *, is_urgent: bool = False) -> Future[Clip]: ...

    def close(self) -> None: ...


class Clips(Protocol):
    """The clips on the disk."""

    def find(self, key: str) -> Clip | None: ...

    def check(self, clip: Clip) -> None:
        """Raises ClipDamaged."""

    def remove(self, key: str) -> None: ...

    def prune(self, keep: Collection[str], most_bytes: int) -> int:
        """Remove the oldest beyond so much, never those in *keep*."""


class Ahead:
    """Owned by the planner; the renderer works in processes of its own."""

    def __init__(self, renderer: Renders, clips: Clips) -> None:
        self._renderer = renderer
        self._clips = clips
        self._wanted: Mapping[str, ClipOrder] = {}
        self._ready: dict[str, Clip] = {}
        self._running: dict[str, Future[Clip]] = {}
        self._failed: dict[str, tuple[Sentence, float]] = {}
        self._next_check = float("-inf")
        self._kept: frozenset[str] = frozenset()
        """What was wanted an hour ago: it may be on the air."""

    def want(self, orders: Mapping[str, ClipOrder], urgent: Collection[str], monotonic: float) -> None:
        """Render what is missing of *orders* (by key, the soonest first); *urgent* ones at once."""
        self._wanted = orders
        self._collect(monotonic)
        for gone in self._ready.keys() - orders.keys():
            del self._ready[gone]
        self._failed = {key: failed for key, failed in self._failed.items() if key in orders}
        for key, order in orders.items():
            if key in self._ready or key in self._running or self._failed_lately(key, monotonic):
                continue
            if (found := self._clips.find(key)) is not None:
                self._ready[key] = found
            elif key in urgent or len(self._running) < AT_ONCE:
                self._running[key] = self._renderer.render(order, is_urgent=key in urgent)

    def clip(self, key: str) -> Clip | None:
        """The clip, once it is ready."""
        return self._ready.get(key)

    def known(self, key: str) -> Clip | None:
        """What is known of a clip, without a look at its samples; None: it is not there."""
        return self._ready.get(key) or self._clips.find(key)

    def find(self, key: str) -> Clip | None:
        """A clip of another day that is still on the disk, and whole."""
        clip = self._clips.find(key)
        try:
            if clip is not None:
                self._clips.check(clip)
        except ClipDamaged:
            return None
        return clip

    def checked(self, key: str) -> Clip | None:
        """The clip, after a look at every sample; a damaged one is thrown away and made again."""
        clip = self._ready.get(key)
        if clip is None:
            return None
        try:
            self._clips.check(clip)
        except ClipDamaged as error:
            log.warning("clip %s is damaged and is made again: %s", key, error)
            self._clips.remove(key)
            del self._ready[key]
            return None
        return clip

    def look_again(self, keys: Collection[str]) -> None:
        """Forget those of *keys* whose files are gone, so that they are made again."""
        for key in keys:
            if key in self._ready and self._clips.find(key) is None:
                log.warning("clip %s is gone from the disk and is made again", key)
                del self._ready[key]

    def why_not(self, key: str) -> Sentence | None:
        """Why there is no clip; None: it is there, or being made."""
        failed = self._failed.get(key)
        return failed[0] if failed else None

    def check_hourly(self, keys: Collection[str], monotonic: float) -> None:
        """Look at every sample of the clips that must work at any time, and clear away clips of long ago."""
        if monotonic < self._next_check:
            return
        self._next_check = monotonic + CHECK_EVERY_S
        for key in keys:
            self.checked(key)
        wanted = frozenset((*self._wanted, *keys))
        self._clips.prune(wanted | self._kept, MOST_BYTES)
        self._kept = wanted

    @property
    def missing(self) -> int:
        """How many wanted clips are not there yet."""
        return sum(key not in self._ready for key in self._wanted)

    @property
    def failures(self) -> tuple[Sentence, ...]:
        return tuple(why for why, _ in self._failed.values())

    def close(self) -> None:
        self._renderer.close()

    def _failed_lately(self, key: str, monotonic: float) -> bool:
        failed = self._failed.get(key)
        return failed is not None and monotonic < failed[1]

    def _collect(self, monotonic: float) -> None:
        for key, future in list(self._running.items()):
            if not future.done():
                continue
            del self._running[key]
            try:
                self._ready[key] = future.result()
                self._failed.pop(key, None)
            except DalabaError as error:
                log.error("clip %s cannot be rendered: %s", key, error)
                self._failed[key] = (error.sentence, monotonic + TRY_AGAIN_S)
            except CancelledError:
                continue
