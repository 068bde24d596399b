"""What starts or stops a prepared emergency beside page and command line: a key of a keypad, or a button on a wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TriggerKind(StrEnum):
    KEY = "key"
    GPIO = "gpio"


class TriggerDeed(StrEnum):
    START = "start"
    DRILL = "drill"
    """The same text as a drill: no siren, and never in quiet hours."""
    STOP = "stop"
    """Whatever emergency is on the air, and at the first press."""


class Confirm(StrEnum):
    """How a person shows that the press was meant."""

    HOLD = "hold"
    TWICE = "twice"
    ONCE = "once"
    """Only to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerSettings:
    """One key or button, and the one thing that it does."""

    name: str
    kind: TriggerKind = TriggerKind.KEY
    does: TriggerDeed = TriggerDeed.START
    script: str = ""
    """A prepared text, ``emergency/flood``; empty: it stops."""
    zones: tuple[str, ...] = ()
    """Empty: the whole village."""
    who: str = ""
    """Who it is signed as; empty: its own name."""
    reason: str = ""
    plays: int = 0
    """How often; 0: until stopped, a drill once."""
    device: str = ""
    """Of a key: the name of its keypad, or a path below ``/dev/input``."""
    key: int = 0
    """Its number, as Linux has it."""
    pin: int = 0
    """Of a button: its Broadcom number; pressed, it is connected to ground."""
    confirm: Confirm = Confirm.HOLD
    hold: timedelta = timedelta(seconds=2)
    within: timedelta = timedelta(seconds=3)
    """The second of two presses comes so soon."""

    @property
    def source(self) -> tuple[TriggerKind, str]:
        """What has to be watched: keys of one keypad are read together."""
        return self.kind, self.device or f"{self.pin}"

    @property
    def code(self) -> int:
        """Which key or pin of that."""
        return self.key if self.kind is TriggerKind.KEY else self.pin
