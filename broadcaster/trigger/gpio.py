"""A button between a pin of the computer and ground (gpiozero, an extra that only such boxes need)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence


class GpioButton:
    """Open until ``close``."""

    def __init__(self, pin: int) -> None:
        """*pin* by its Broadcom number. Raises SwitchFailed where there are no pins."""
        try:
            from gpiozero import Button
            from gpiozero.exc import GPIOZeroError
        except ImportError as error:
            raise SwitchFailed(
                Sentence(
                    "没有装 gpiozero。请运行 .venv/bin/pip install gpiozero lgpio。",
                    "gpiozero is missing. Run: .venv/bin/pip install gpiozero lgpio.",
                )
            ) from error
        self._pin = pin
        self._came: SimpleQueue[tuple[int, bool, float]] = SimpleQueue()
        try:
            self._button = Button(pin, pull_up=True)
        except (GPIOZeroError, OSError) as error:
            raise SwitchFailed(Sentence(f"引脚 {pin} 用不了：{error}", f"pin {pin} cannot be used: {error}")) from error
        self._button.when_pressed = lambda: self._came.put((pin, True, time.monotonic()))
        self._button.when_released = lambda: self._came.put((pin, False, time.monotonic()))

    def changes(self, wait_s: float) -> Iterator[tuple[int, bool, float]]:
        """(pin, is it down?, when on the monotonic clock), after at most *wait_s*."""
        try:
            yield self._came.get(timeout=wait_s) if wait_s > 0 else self._came.get_nowait()
            while True:
                yield self._came.get_nowait()
        except Empty:
            return

    def close(self) -> None:
        self._button.close()
