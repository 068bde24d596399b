"""Carries out on and off on a thread of its own: a relay that hangs holds up nobody, one that fails is tried again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence
from broadcaster.ports import Switch

log = logging.getLogger(__name__)

HANGS_S = 10.0
"""A switch that takes longer is in trouble, whatever it does."""
AGAIN_S = 1.0
LONGEST_PAUSE_S = 30.0


class Keeper:
    """One amplifier. ``want`` may be called from any thread, as often as one likes, and never waits."""

    def __init__(self, name: str, open_switch: Callable[[], Switch]) -> None:
        """*open_switch* raises SwitchFailed where the part is missing; it is asked again."""
        self._name = name
        self._open_switch = open_switch
        self._switch: Switch | None = None
        self._wanted: bool | None = None
        self._is: bool | None = None
        """What was carried out last; None: nothing yet, or nobody knows."""
        self._on_since: float | None = None
        self._failure: Sentence | None = None
        self._failed: bool | None = None
        """What could not be carried out."""
        self._turning_since: float | None = None
        self._is_new = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"amplifier {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def want(self, is_on: bool) -> None:
        if self._wanted is not is_on:
            self._wanted = is_on
            self._is_new.set()

    @property
    def on_since(self) -> float | None:
        """Monotonic seconds at which it was really switched on; None while it is not."""
        return self._on_since

    @property
    def trouble(self) -> Sentence | None:
        """Why it is not as it should be; None while it is."""
        turning_since = self._turning_since
        if turning_since is not None and time.monotonic() - turning_since > HANGS_S:
            return Sentence("开关没有反应", "its switch does not come back")
        return self._failure if self._failed is self._wanted else None

    def close(self) -> None:
        """Switch it off, within a few seconds. Safe to call twice."""
        self.want(False)
        self._end.set()
        self._is_new.set()
        if self._thread.is_alive():
            self._thread.join(3)

    def _keep(self) -> None:
        pause = AGAIN_S
        while True:
            self._is_new.wait(None if self._failure is None else pause)
            self._is_new.clear()
            is_ending = self._end.is_set()
            if self._wanted is not None and self._wanted is not self._is:
                pause = AGAIN_S if self._turned(self._wanted) else min(LONGEST_PAUSE_S, pause * 2)
            if is_ending:
                break
        if self._switch is not None:
            with suppress(SwitchFailed):
                self._switch.close()

    def _turned(self, is_on: bool) -> bool:
        self._turning_since = time.monotonic()
        try:
            if self._switch is None:
                self._switch = self._open_switch()
            self._switch.turn(is_on)
        except SwitchFailed as error:
            self._fail(is_on, error.sentence)
            return False
        except Exception as error:  # a driver nobody foresaw must not leave the horns without a switch
            log.exception("amplifier %s failed in a way nobody foresaw", self._name)
            self._fail(is_on, Sentence(f"出错了：{error}", f"it failed: {error}"))
            return False
        finally:
            self._turning_since = None
        self._is, self._failure = is_on, None
        self._on_since = time.monotonic() if is_on else None
        log.info("amplifier %s is %s", self._name, "on" if is_on else "off")
        return True

    def _fail(self, is_on: bool, why: Sentence) -> None:
        if why != self._failure:
            log.warning("amplifier %s: %s", self._name, why.en)
        self._is, self._failed, self._failure = None, is_on, why
