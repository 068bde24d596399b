"""Switches an amplifier by a relay on a serial port (pyserial, an extra), by the bytes that its maker gives."""

from __future__ import annotations

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence

BAUD = 9600
LIMIT_S = 2.0


class RelaySwitch:
    """Opens the port for each turn: a relay that was pulled out and put in again works on."""

    def __init__(self, port: str, on: bytes, off: bytes) -> None:
        """*port*: a path, best one of ``/dev/serial/by-id``. Raises SwitchFailed without pyserial."""
        try:
            import serial
        except ImportError as error:
            raise SwitchFailed(
                Sentence(
                    "没有装 pyserial。请运行 .venv/bin/pip install pyserial。",
                    "pyserial is missing. Run: .venv/bin/pip install pyserial.",
                )
            ) from error
        self._serial = serial
        self._port = port
        self._on = on
        self._off = off

    def turn(self, is_on: bool) -> None:
        try:
            with self._serial.Serial(self._port, BAUD, timeout=LIMIT_S, write_timeout=LIMIT_S) as port:
                port.write(self._on if is_on else self._off)
        except (self._serial.SerialException, OSError, ValueError) as error:
            raise SwitchFailed(
                Sentence(f"继电器 {self._port} 不通：{error}", f"the relay at {self._port} cannot be reached: {error}")
            ) from error

    def close(self) -> None:
        pass
