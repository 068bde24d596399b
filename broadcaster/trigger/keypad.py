"""Keys of a USB keypad, read from the kernel's own device: nobody has to be logged in, and no library is needed.

The structures and numbers are those of linux/input.h.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence

EVENT = struct.Struct("llHHi")
"""``struct input_event``: seconds, microseconds, type, code, value."""
SYNCHRONISES, IS_KEY = 0, 1
DROPPED = 3
"""The kernel's buffer ran over: what was missed may have been a key that came up."""
UP, DOWN = 0, 1
"""Value 2 is the kernel's own repetition of a key that is held; one that was down before we came sends no more."""
GRAB = 0x40044590
"""EVIOCGRAB: the keys belong to us, and type nothing at a console."""
DEVICES = Path("/dev/input")
KNOWN = Path("/sys/class/input")
WORD_BITS = struct.calcsize("l") * 8


class Keypad:
    """Open until ``close``. Raises SwitchFailed where it is away; another may be opened then."""

    def __init__(self, device: str, keys: Collection[int], *, devices: Path = DEVICES, known: Path = KNOWN) -> None:
        """*device*: its name or its path."""
        self._device = device
        self._rest = b""
        path = found(device, keys, devices, known)
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise SwitchFailed(_unreadable(device, error)) from error
        try:
            fcntl.ioctl(self._fd, GRAB, 1)
        except OSError as error:
            if error.errno == errno.EBUSY:
                os.close(self._fd)
                raise SwitchFailed(
                    Sentence(
                        f"小键盘“{device}”被别的程序占着。请停掉那个程序。",
                        f"another program has the keypad {device!r} to itself. End that program.",
                    )
                ) from error

    def changes(self, wait_s: float) -> Iterator[tuple[int, bool, float]]:
        """(key, is it down?, when on the monotonic clock), after at most *wait_s*.

        Raises SwitchFailed when it has gone. Key 0 is up when nobody knows any more which are down.
        """
        try:
            if not select.select([self._fd], [], [], wait_s)[0]:
                return
            data = os.read(self._fd, EVENT.size * 64)
        except BlockingIOError:
            return
        except (OSError, ValueError) as error:
            raise SwitchFailed(_unreadable(self._device, error)) from error
        if not data:
            raise SwitchFailed(_away(self._device))
        now, data = time.monotonic(), self._rest + data
        whole = len(data) // EVENT.size * EVENT.size
        self._rest = data[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == IS_KEY and value in (DOWN, UP):
                yield code, value == DOWN, now
            elif kind == SYNCHRONISES and code == DROPPED:
                yield 0, False, now

    def close(self) -> None:
        with suppress(OSError):  # it was pulled out
            os.close(self._fd)


def found(device: str, keys: Collection[int], devices: Path = DEVICES, known: Path = KNOWN) -> Path:
    """The file of a keypad by its name or path. Raises SwitchFailed where there is none, or where it lacks the keys."""
    if device.startswith("/"):
        path = Path(device)
        if not path.exists():
            raise SwitchFailed(_away(device))
        candidates = [path.resolve()]
    else:
        named = {event.name: name for event in sorted(known.glob("event*")) if (name := _read(event, "name"))}
        candidates = [devices / event for event, name in named.items() if name == device]
        if not candidates:
            raise SwitchFailed(_unknown(device, sorted(set(named.values()))))
    lacking = set[int]()
    for path in candidates:
        there = _keys_of(known / path.name)
        lacking = set() if there is None else set(keys) - there
        if not lacking:
            return path
    numbers = " ".join(str(key) for key in sorted(lacking))
    raise SwitchFailed(
        Sentence(
            f"小键盘“{device}”没有这个键：{numbers}。请改 key。",
            f"the keypad {device!r} has no such key: {numbers}. Change its line key.",
        )
    )


def _keys_of(event: Path) -> set[int] | None:
    """The keys that a device has, as the kernel tells; None: it does not tell."""
    words = _read(event, "capabilities/key").split()
    try:
        numbers = [int(word, 16) for word in reversed(words)]
    except ValueError:
        return None
    bits = sum(number << (WORD_BITS * place) for place, number in enumerate(numbers))
    return {key for key in range(bits.bit_length()) if bits >> key & 1} if words else None


def _read(event: Path, what: str) -> str:
    try:
        return (event / "device" / what).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _away(device: str) -> Sentence:
    return Sentence(
        f"小键盘“{device}”不在。请插好它，插上以后自己会认回来。",
        f"the keypad {device!r} is not there. Plug it in; it is found again by itself.",
    )


def _unknown(device: str, names: list[str]) -> Sentence:
    if not names:
        return _away(device)
    return Sentence(
        f"没有叫“{device}”的小键盘。现在插着的有：{'、'.join(names)}。",
        f"there is no keypad called {device!r}. Plugged in: {', '.join(names)}.",
    )


def _unreadable(device: str, error: Exception) -> Sentence:
    if isinstance(error, PermissionError):
        return Sentence(
            f"小键盘“{device}”不让读。请把广播站的用户加进 input 组，再重启广播站。",
            f"the keypad {device!r} may not be read. Add the station's user to the group input and restart.",
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return _away(device)
    return Sentence(f"小键盘“{device}”读不了：{error}", f"the keypad {device!r} cannot be read: {error}")
