"""A program that wants an emergency is asked first: it says the same once more with a number, and then it is heard.

No single request, none that comes twice by mistake, and none that was recorded, puts anything on the air.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass

from broadcaster.errors import Refused
from broadcaster.model.people import Program, ProgramId
from broadcaster.model.words import Sentence
from broadcaster.ports import Clock

WITHIN_S = 30
DIGITS = 6
UNKNOWN = Sentence(
    "确认码不对，或者用过了。请不带确认码重新问一次。",
    "this number is wrong, or was used. Ask once more without a number.",
)
TOO_LATE = Sentence(
    f"确认码过了 {WITHIN_S} 秒，不算数了。请不带确认码重新问一次。",
    f"this number is older than {WITHIN_S} s and counts no more. Ask once more without a number.",
)
OTHERWISE = Sentence(
    "和问的时候不一样了，确认码不算数。请不带确认码重新问一次。",
    "this is not what was asked before, so the number does not count. Ask once more without a number.",
)


@dataclass(frozen=True, slots=True)
class _Question:
    number: str
    about: object
    asked_s: float


class Confirmations:
    """One open question for each program; a new one makes the one before void. From any thread, in memory only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[ProgramId, _Question] = {}

    def ask(self, program: Program, about: object) -> str:
        """The number that has to come back with the same *about*."""
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        with self._lock:
            self._open[program.id] = _Question(number, about, self._clock.monotonic())
        return number

    def confirm(self, program: Program, number: str, about: object) -> None:
        """It is meant. Whatever comes of it, the question is closed. Raises Refused."""
        with self._lock:
            question = self._open.pop(program.id, None)
        if question is None or not hmac.compare_digest(question.number.encode(), number.encode("utf-8", "replace")):
            raise Refused(UNKNOWN)
        if self._clock.monotonic() - question.asked_s > WITHIN_S:
            raise Refused(TOO_LATE)
        if question.about != about:
            raise Refused(OTHERWISE)
