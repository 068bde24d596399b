"""Notices that silence is sent where sound was planned, without any microphone. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.playout.cue import DeadAir, Finished, Interrupted, Report, Started

if TYPE_CHECKING:
    from broadcaster.ports import Samples

SILENT = 10 ** (-60 / 20)
LONGEST_PAUSE_S = 12.0
"""Longer than every pause that may be set, and than the gap between two plays."""
REMEMBERED = 50


class DeadAirWatch:
    """Told of each block as it leaves, and of each report before it is given on."""

    def __init__(self) -> None:
        self._airing: AiringId | None = None
        self._silent = 0
        """Samples since something was heard."""
        self._has_sounded: dict[AiringId, None] = {}
        self._is_dead = False

    def sent(self, airing: AiringId | None, block: Samples) -> DeadAir | None:
        """What has to be told with this block; None: nothing new."""
        if airing is None:
            return None
        if airing != self._airing:
            self._begin(airing)
        if float(abs(block).max(initial=0.0)) > SILENT:
            self._silent = 0
            self._has_sounded[airing] = None
            if self._is_dead:
                self._is_dead = False
                return DeadAir(airing=None, seconds=0.0)
            return None
        before = self._silent
        self._silent += len(block)
        limit = round(LONGEST_PAUSE_S * CLIP_RATE_HZ)
        if before <= limit < self._silent:
            return self._dead(airing)
        return None

    def before(self, report: Report) -> DeadAir | None:
        """What has to be told before *report*: an airing of which nothing at all was heard."""
        match report:
            case Started(airing=airing) if airing != self._airing:
                self._begin(airing)
            case Interrupted(airing=airing) if airing == self._airing:
                self._airing = None  # it goes on later, or not: too little of it to tell
            case Finished(airing=airing, is_whole=is_whole):
                is_all_silent = airing == self._airing and airing not in self._has_sounded
                self._has_sounded.pop(airing, None)
                if airing == self._airing:
                    self._airing = None
                if is_whole and is_all_silent and 0 < self._silent <= round(LONGEST_PAUSE_S * CLIP_RATE_HZ):
                    return self._dead(airing)
        return None

    def _begin(self, airing: AiringId) -> None:
        self._airing, self._silent = airing, 0
        if len(self._has_sounded) > REMEMBERED:
            self._has_sounded.pop(next(iter(self._has_sounded)))

    def _dead(self, airing: AiringId) -> DeadAir:
        self._is_dead = True
        return DeadAir(airing=airing, seconds=round(self._silent / CLIP_RATE_HZ, 1))
