"""An output whose time only passes when a test says so."""

import numpy as np

from tests.pulse import RATE_HZ


class ManualOutput:
    """Asks for blocks of any size; keeps what it was given."""

    underruns = 0

    def __init__(self, block=480, monotonic=100.0, ahead=0):
        """*ahead*: so many samples it is asked for before they are heard, and can take back."""
        self.block = block
        self.ahead = ahead
        self.monotonic = monotonic
        """When the next sample is heard."""
        self._fill = None
        self._parts = []

    def start(self, fill):
        self._fill = fill

    def is_alive(self):
        return self._fill is not None

    def close(self):
        self._fill = None

    def pull(self, seconds):
        """Let *seconds* pass, in whole samples."""
        left = round(seconds * RATE_HZ)
        while left > 0:
            frames = min(left, self.block)
            part = self._fill(frames, self.monotonic)
            assert len(part) == frames
            self._parts.append(np.array(part))
            self.monotonic += frames / RATE_HZ
            left -= frames

    def hasten(self, refill):
        sound = self.heard()
        count = min(self.ahead, len(sound))
        if not count:
            return False
        block = refill(sound[-count:].copy(), self.monotonic - count / RATE_HZ)
        if block is not None:
            assert len(block) == count
            self._parts = [sound[:-count], np.array(block)]
        return True

    def heard(self):
        return np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.float32)
