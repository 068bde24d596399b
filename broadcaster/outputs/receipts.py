"""What the other end of a connection has acknowledged → how much of the sound that was sent it has not taken. Pure."""

from __future__ import annotations

from collections import deque


class Receipts:
    """One thread tells what was ``written``, another asks what is ``held_back``."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, int]] = deque()
        self._bytes = 0
        self._taken = 0

    def written(self, count: int, blocks: int) -> None:
        """*count* bytes more went into the connection; with them the sound of the first *blocks* blocks is in it."""
        self._bytes += count
        self._marks.append((self._bytes, blocks))

    def held_back(self, blocks: int, unacknowledged: int) -> int:
        """How many of *blocks* blocks the other end has not taken, while so many bytes are not acknowledged."""
        acknowledged = self._bytes - unacknowledged
        while self._marks and self._marks[0][0] <= acknowledged:
            self._taken = self._marks.popleft()[1]
        return blocks - self._taken
