"""Talks to a Snapcast server about its players, on a thread of its own: who is there, whose group, how loud.

Sound does not depend on it: where the control port is silent, what was sent is heard all the same.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from broadcaster.outputs.players import Ask, House, gathering, opening_up, read_house

log = logging.getLogger(__name__)

EVERY_S = 3.0
ANSWERS_WITHIN_S = 3.0
LONGEST_ANSWER = 4_000_000


class ControlSilent(Exception):
    """The server does not answer, or says what nobody understands."""


@dataclass(frozen=True, slots=True)
class Present:
    """The players of an output."""

    online: tuple[str, ...] = ()
    offline: tuple[str, ...] = ()


class SnapcastPlayers:
    """``present`` and ``emergency`` may be used from any thread and never wait."""

    def __init__(self, control: tuple[str, int], address: str, names: tuple[str, ...]) -> None:
        self._control = control
        self._address = address
        self._names = names
        self._present = Present(offline=names)
        self._is_emergency = False
        self._gives_back: tuple[Ask, ...] = ()
        self._is_new = threading.Event()
        self._end = threading.Event()
        self._was_silent = False
        self._thread = threading.Thread(target=self._keep, name="snapcast players", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def present(self) -> Present:
        return self._present

    def emergency(self, is_on: bool) -> None:
        """While it is on, mute and volume of the players do not count; afterwards they are given back."""
        if is_on != self._is_emergency:
            self._is_emergency = is_on
            self._is_new.set()

    def close(self) -> None:
        """Safe to call twice. What was turned up is given back first."""
        self._is_emergency = False
        self._end.set()
        self._is_new.set()
        if self._thread.is_alive():
            self._thread.join(ANSWERS_WITHIN_S)

    def _keep(self) -> None:
        is_ending = False
        while not is_ending:
            is_ending = self._end.is_set()
            self._is_new.clear()
            try:
                with calling(self._control) as call:
                    self._one_turn(call)
                self._was_silent = False
            except (OSError, ControlSilent) as error:
                self._present = Present(offline=self._names)
                if not self._was_silent:
                    log.warning("the Snapcast server does not speak of its players: %s", error)
                self._was_silent = True
            except Exception:  # one turn of a long-lived loop: the players are asked again
                log.exception("a turn with the players failed in a way nobody foresaw; the next one follows")
            if not is_ending:
                self._is_new.wait(EVERY_S)

    def _one_turn(self, call: Call) -> None:
        if not self._is_emergency:
            for ask in self._gives_back:
                call.make(ask)
            self._gives_back = ()
        house = self._house(call)
        asks = gathering(house, self._names)
        for ask in asks:
            call.make(ask)
        if asks:
            house = self._house(call)
        if self._is_emergency:
            opens, gives_back = opening_up(house, self._names)
            self._gives_back += gives_back
            for ask in opens:
                call.make(ask)
        self._present = Present(*house.who_is_there(self._names))

    def _house(self, call: Call) -> House:
        try:
            return read_house(call.make(Ask("Server.GetStatus", {})), self._address)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ControlSilent(f"{type(error).__name__}: {error}") from error


@contextmanager
def calling(control: tuple[str, int]) -> Iterator[Call]:
    """Raises OSError."""
    with (
        socket.create_connection(control, timeout=ANSWERS_WITHIN_S) as connection,
        connection.makefile("rb") as lines,
    ):
        yield Call(connection, lines)


class Call:
    """One connection: a question a line, an answer a line, notices between them left out."""

    def __init__(self, connection: socket.socket, lines: BinaryIO) -> None:
        self._connection = connection
        self._lines = lines
        self._number = 0

    def make(self, ask: Ask) -> dict[str, Any]:
        """The result. Raises ControlSilent or OSError."""
        self._number += 1
        question = {"id": self._number, "jsonrpc": "2.0", "method": ask.method, "params": ask.params}
        self._connection.sendall(json.dumps(question).encode() + b"\r\n")
        while line := self._lines.readline(LONGEST_ANSWER):
            try:
                answer = json.loads(line)
            except ValueError as error:
                raise ControlSilent(f"no JSON: {error}") from error
            if isinstance(answer, dict) and answer.get("id") == self._number:
                if not isinstance(answer.get("result"), dict):
                    raise ControlSilent(f"{ask.method}: {answer.get('error')}")
                return dict(answer["result"])
        raise ControlSilent("it hung up")
