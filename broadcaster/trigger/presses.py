"""Ups and downs of one key or button → was it meant? Held long enough, or pressed twice; a brush of the sleeve is not.

Pure: instants in seconds come in as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.triggers import Confirm

CHATTER_S = 0.05
"""Contacts bounce: what follows the last change so soon is the same press."""
MOST_BOUNCES = 10
"""A press that bounces more often is a bad contact, not a finger."""
AGAIN_AFTER_S = 0.2
"""The second of two presses does not come with the first."""
RESTS_S = 3.0
"""After a press that counted, it has to be left alone for so long until one counts again."""
NEVER = float("-inf")


@dataclass(slots=True)
class Presses:
    """One button. A press starts at most one thing, however long it lasts."""

    confirm: Confirm
    hold_s: float = 2.0
    within_s: float = 3.0
    _is_down: bool = False
    _is_void: bool = True
    """This press has counted already, or is none."""
    _changed_at: float = NEVER
    _down_at: float = NEVER
    _first_at: float = NEVER
    """When the first of two presses began."""
    _is_resting: bool = False
    _bounces: int = 0

    def down(self, at: float) -> bool:
        """Pressed at *at*; whether that alone was meant: the second of two, or the one that is enough."""
        if self._is_down:
            return False
        is_bounce, is_rested = at - self._changed_at < CHATTER_S, at - self._changed_at >= RESTS_S
        self._is_down, self._changed_at = True, at
        if is_bounce:
            self._bounced()
            return False
        self._down_at, self._bounces = at, 0
        self._is_resting = self._is_resting and not is_rested
        self._is_void = self._is_resting
        return not self._is_void and self._is_enough(at)

    def up(self, at: float) -> None:
        if self._is_down:
            self._is_down, self._changed_at = False, at

    def is_held(self, at: float) -> bool:
        """Whether it was held long enough by now; said once for each press."""
        if self.wait_s(at) != 0.0:
            return False
        self._counts()
        return True

    def wait_s(self, at: float) -> float | None:
        """So long until it will be held long enough; None: it is not held."""
        if self.confirm is not Confirm.HOLD or not self._is_down or self._is_void:
            return None
        return max(0.0, self._down_at + self.hold_s - at)

    def forget(self) -> None:
        """The button is away: what is down when it comes back was not pressed for us."""
        self._is_down, self._is_void, self._first_at = False, True, NEVER

    def _is_enough(self, at: float) -> bool:
        if self.confirm is Confirm.TWICE and not AGAIN_AFTER_S <= at - self._first_at <= self.within_s:
            self._first_at = at
            return False
        if self.confirm is Confirm.HOLD:
            return False
        self._counts()
        return True

    def _counts(self) -> None:
        self._is_void = self._is_resting = self.confirm is not Confirm.ONCE
        self._first_at = NEVER

    def _bounced(self) -> None:
        self._bounces += 1
        if self._bounces > MOST_BOUNCES:
            self._is_void, self._first_at = True, NEVER
