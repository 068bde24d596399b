"""Keeps account of what a network output could not send of each airing."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.playout.cue import Finished, Interrupted, Report, Started, Trouble, Unsent

TOO_SLOW = Sentence("网络太慢", "the network is too slow")
NOTICEABLE_S = 0.5
"""Less than this nobody misses; a line that is slow for a moment is no trouble of an airing."""


class Unsents:
    """Told each report of the mixer and each pulse, with how many samples were pulled and dropped so far."""

    def __init__(self) -> None:
        self._accounts: dict[AiringId, _Account] = {}
        self._why: Sentence = TOO_SLOW
        self._told: Sentence = NOTHING_TO_SAY

    def before(self, report: Report, pulled: int, unsent: int) -> Unsent | None:
        """What has to be told before *report*."""
        match report:
            case Started(airing=airing):
                account = self._accounts.setdefault(airing, _Account())
                account.began = (pulled, unsent)
            case Interrupted(airing=airing) if airing in self._accounts:
                self._accounts[airing].stop(pulled, unsent)
            case Finished(airing=airing) if airing in self._accounts:
                account = self._accounts.pop(airing)
                account.stop(pulled, unsent)
                unsent = min(account.unsent, account.pulled)  # what lay in a line that broke may be older
                return self._told_of(airing, account.pulled / CLIP_RATE_HZ, unsent / CLIP_RATE_HZ)
        return None

    def pulse(self, trouble: Sentence | None) -> Trouble | None:
        """What has to be told of the line itself."""
        self._why = trouble or self._why
        now = trouble or NOTHING_TO_SAY
        if now == self._told:
            return None
        self._told = now
        return Trouble(reason=now)

    def _told_of(self, airing: AiringId, length_s: float, missed_s: float) -> Unsent | None:
        if missed_s <= 0 or missed_s < min(NOTICEABLE_S, length_s / 2):
            return None
        is_all = length_s - missed_s < min(NOTICEABLE_S, length_s / 2)
        return Unsent(airing=airing, seconds=round(missed_s, 2), is_all=is_all, reason=self._why)


@dataclass(slots=True)
class _Account:
    pulled: int = 0
    unsent: int = 0
    began: tuple[int, int] | None = None
    """Both counts when it began, or went on after a cut; None while it is cut."""

    def stop(self, pulled: int, unsent: int) -> None:
        if self.began is not None:
            self.pulled += pulled - self.began[0]
            self.unsent += unsent - self.began[1]
        self.began = None
