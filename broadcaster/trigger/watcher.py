"""A keypad or a button, watched on a thread of its own: what was meant does its deed; what is away is looked for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from broadcaster.errors import DalabaError, SwitchFailed
from broadcaster.model.triggers import TriggerKind, TriggerSettings
from broadcaster.model.words import Sentence
from broadcaster.trigger.gpio import GpioButton
from broadcaster.trigger.keypad import Keypad
from broadcaster.trigger.presses import Presses

log = logging.getLogger(__name__)

LOOKS_UP_S = 0.5
"""So often the thread looks whether it should end."""
AGAIN_S = 2.0
LOOKING = Sentence("正在找它", "it is being looked for")


class Button(Protocol):
    """Something that is pressed. Raises SwitchFailed when it has gone."""

    def changes(self, wait_s: float) -> Iterator[tuple[int, bool, float]]: ...

    def close(self) -> None: ...


OpenButton = Callable[[], Button]


class Watcher:
    """All triggers of one keypad, or of one pin."""

    def __init__(
        self,
        settings: Iterable[TriggerSettings],
        meant: Callable[[str], object],
        open_button: OpenButton | None = None,
        again_s: float = AGAIN_S,
    ) -> None:
        """*meant* is called with the trigger's name when a press was meant, from the watcher's thread."""
        self._settings = tuple(settings)
        self._meant = meant
        self._open = open_button or (lambda: open_button_of(self._settings))
        self._again_s = again_s
        self._trouble: Sentence | None = LOOKING
        self._end = threading.Event()
        name = f"trigger {self._settings[0].name}"
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    @property
    def trouble(self) -> Sentence | None:
        """Why nobody could press it now; None while it is there."""
        return self._trouble

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2 * LOOKS_UP_S)

    def _watch(self) -> None:
        presses = {
            one.code: (one.name, Presses(one.confirm, one.hold.total_seconds(), one.within.total_seconds()))
            for one in self._settings
        }
        while not self._end.is_set():
            try:
                self._once(presses)
            except SwitchFailed as error:
                self._troubled(error.sentence)
            except Exception as error:  # one life of a button: it is looked for again
                log.exception("a keypad or button failed in a way nobody foresaw")
                self._troubled(Sentence(f"出错了：{error}", f"it failed: {error}"))
            self._end.wait(self._again_s)

    def _troubled(self, why: Sentence) -> None:
        if why != self._trouble:
            log.warning("trigger %s: %s", self._settings[0].name, why.en)
        self._trouble = why

    def _once(self, presses: dict[int, tuple[str, Presses]]) -> None:
        """From the moment it is there until it has gone."""
        button = self._open()
        self._trouble = None
        try:
            while not self._end.is_set():
                self._listen(button, presses)
        finally:
            for _, press in presses.values():
                press.forget()
            button.close()

    def _listen(self, button: Button, presses: dict[int, tuple[str, Presses]]) -> None:
        self._take(button.changes(_wait_s(presses)), presses)
        now = time.monotonic()
        # A key that came up while this thread was kept waiting was not held: look once more before saying so.
        self._take(button.changes(0.0), presses)
        for name, press in presses.values():
            if press.is_held(now):
                self._do(name)

    def _take(self, changes: Iterable[tuple[int, bool, float]], presses: dict[int, tuple[str, Presses]]) -> None:
        for code, is_down, at in changes:
            if code == 0 and not is_down:
                for _, press in presses.values():
                    press.forget()
            elif code in presses:
                name, press = presses[code]
                if not is_down:
                    press.up(at)
                elif press.down(at):
                    self._do(name)

    def _do(self, name: str) -> None:
        log.warning("trigger %s was pressed and confirmed", name)
        try:
            self._meant(name)
        except DalabaError as error:
            log.error("trigger %s does nothing: %s", name, error)
        except Exception:  # the next press must find somebody listening
            log.exception("trigger %s does nothing", name)


def _wait_s(presses: dict[int, tuple[str, Presses]]) -> float:
    now = time.monotonic()
    waits = (press.wait_s(now) for _, press in presses.values())
    return min((wait for wait in waits if wait is not None), default=LOOKS_UP_S) if presses else LOOKS_UP_S


def open_button_of(settings: tuple[TriggerSettings, ...]) -> Button:
    """Raises SwitchFailed where it is away."""
    first = settings[0]
    if first.kind is TriggerKind.GPIO:
        return GpioButton(first.pin)
    return Keypad(first.device, {one.key for one in settings})


def open_watcher(settings: tuple[TriggerSettings, ...], meant: Callable[[str], object]) -> Watcher:
    """A watcher that has begun; what it watches need not be there."""
    watcher = Watcher(settings, meant)
    watcher.start()
    return watcher
