"""People at a microphone: sound that says in its samples who speaks and how far, some who forget to switch it off."""

from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.station.livedesk import Stage
from tests.simulation.sounds import FRAME, coded

FIRST_NUMBER = 500_000
"""Of a talk's samples: no clip has it, and none of its cells is so loud that the limiter touches it."""
LONGEST_S = 60
LIVE_BLOCK = CLIP_RATE_HZ // 10
"""A microphone's sound is heard 150 ms after it came: the decks are asked more often than that."""
FORGETS_S = 75
"""So long somebody speaks on who does not know that it is over."""


class Talk:
    """One person who speaks, for *seconds*; *says_so*: and then ends it. Otherwise the line falls silent."""

    def __init__(self, broadcast, number, seconds, *, called, says_so):
        self.airing = broadcast.airing
        self.number = FIRST_NUMBER + number
        self.word = f"talk{number}"
        self.called = called
        """When, by the monotonic clock."""
        self.ended = None
        """When the speaker ended it."""
        self._broadcast = broadcast
        self._samples = coded(self.number, 10 * seconds, is_emergency=False)
        self._says_so = says_so
        self._said = 0
        self.to_next_block = LIVE_BLOCK
        """So many samples more, and the microphone gives a block away."""

    @property
    def frames(self):
        """Those that were given away whole."""
        return self._said // FRAME

    @property
    def is_on(self):
        return self.ended is None and self._broadcast.progress().stage in (Stage.WAITING, Stage.ON_AIR)

    def go_on(self, frames, now):
        """So many samples later, at most to the next block: what was said meanwhile goes out, once it is a block."""
        self.to_next_block = self.to_next_block - frames or LIVE_BLOCK
        if self.to_next_block < LIVE_BLOCK or self._broadcast.progress().stage is not Stage.ON_AIR:
            return
        part = self._samples[self._said : self._said + LIVE_BLOCK]
        self._broadcast.sound(part.tobytes())
        self._said += len(part)
        if self._says_so and self._said == len(self._samples):
            self.ended = now
            self._broadcast.end()
