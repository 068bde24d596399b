"""The client's side of the local door: how a command reaches the station that runs in a home folder."""

from __future__ import annotations

import json
import socket
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from broadcaster.errors import NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence

PATIENCE_S = 30.0

NOBODY = Sentence(
    "这个文件夹里没有正在运行的站。请先运行 dalaba run。", "no station runs in this folder. Start it first: dalaba run."
)


class Door:
    """The running station of a home folder, as JSON."""

    def __init__(self, home: Home) -> None:
        """Raises NoStationRunning."""
        try:
            kept = json.loads(home.door.read_text(encoding="utf-8"))
            self._address = f"http://127.0.0.1:{int(kept['port'])}"
            self._token = str(kept["token"])
            self._live_port = int(kept["live_port"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NoStationRunning(NOBODY) from error

    def get(self, path: str) -> Any:
        """Raises NoStationRunning or Refused."""
        return self._ask(urllib.request.Request(self._address + path))  # noqa: S310 - our own loopback address

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Raises NoStationRunning or Refused."""
        data = json.dumps(body, ensure_ascii=False).encode()
        request = urllib.request.Request(self._address + path, data=data, method="POST")  # noqa: S310
        request.add_header("Content-Type", "application/json")
        return self._ask(request)

    def speak(self, *, who: str, reason: str, zones: tuple[str, ...]) -> LiveLine:
        """A line on which the caller speaks live. Raises NoStationRunning; the first answer may raise Refused."""
        try:
            line = socket.create_connection(("127.0.0.1", self._live_port), PATIENCE_S)
            asked = {"token": self._token, "who": who, "reason": reason, "zones": list(zones)}
            line.settimeout(None)
            line.sendall((json.dumps(asked, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise NoStationRunning(NOBODY) from error
        return LiveLine(line)

    def _ask(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self._token}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise _refused(error) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
            raise NoStationRunning(NOBODY) from error


class LiveLine:
    """May be used from any thread."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._lines = line.makefile("r", encoding="utf-8")
        self._sending = threading.Lock()
        self._is_ended = False

    def send(self, pcm: bytes) -> None:
        """48 kHz, mono, 16 bit, at most 60,000 bytes. Waits while it is ahead of the air. Raises OSError."""
        with self._sending:
            if self._is_ended:
                raise BrokenPipeError("it has ended")
            self._line.sendall(struct.pack("<H", len(pcm)) + pcm)

    def end(self) -> None:
        """That was all. Never raises; safe to call twice."""
        with self._sending, suppress(OSError):
            if not self._is_ended:
                self._is_ended = True
                self._line.sendall(struct.pack("<H", 0))

    def answers(self) -> Iterator[dict[str, Any]]:
        """How it goes, until it is over; asked again, it goes on. Raises Refused when it may not begin."""
        with suppress(OSError):
            for line in iter(self._lines.readline, ""):
                told = json.loads(line)
                if "error" in told:
                    raise Refused(Sentence(str(told["error"]), str(told["error_en"])))
                yield told

    def close(self) -> None:
        self._lines.close()
        self._line.close()


def _refused(error: urllib.error.HTTPError) -> Refused | NoStationRunning:
    try:
        body = json.load(error)
        return Refused(Sentence(str(body["error"]), str(body["error_en"])))
    except (ValueError, KeyError, TypeError):
        if error.code == 401:
            return NoStationRunning(NOBODY)
        return Refused(Sentence(f"站回答了“{error.code}”。", f"the station answered {error.code}."))
