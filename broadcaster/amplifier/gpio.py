"""Switches an amplifier by a pin of the computer itself (gpiozero, an extra that only such boxes need)."""

from __future__ import annotations

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence


class GpioSwitch:
    """The pin keeps its state while it is opened; closing frees it."""

    def __init__(self, pin: int, *, is_inverted: bool) -> None:
        """*pin* by its Broadcom number. Raises SwitchFailed where there are no pins."""
        try:
            from gpiozero import OutputDevice
            from gpiozero.exc import GPIOZeroError
        except ImportError as error:
            raise SwitchFailed(
                Sentence(
                    "没有装 gpiozero。请运行 .venv/bin/pip install gpiozero。",
                    "gpiozero is missing. Run: .venv/bin/pip install gpiozero.",
                )
            ) from error
        self._error = GPIOZeroError
        try:
            self._device = OutputDevice(pin, active_high=not is_inverted, initial_value=None)
        except (GPIOZeroError, OSError) as error:
            raise SwitchFailed(_unusable(pin, error)) from error

    def turn(self, is_on: bool) -> None:
        try:
            self._device.value = is_on
        except (self._error, OSError) as error:
            raise SwitchFailed(_unusable(0, error)) from error

    def close(self) -> None:
        self._device.close()


def _unusable(pin: int, error: Exception) -> Sentence:
    return Sentence(f"引脚 {pin} 用不了：{error}", f"pin {pin} cannot be used: {error}")
