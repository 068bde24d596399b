"""The client's side of the local door: how a command reaches the station that runs in a home folder."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
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


def _refused(error: urllib.error.HTTPError) -> Refused | NoStationRunning:
    try:
        body = json.load(error)
        return Refused(Sentence(str(body["error"]), str(body["error_en"])))
    except (ValueError, KeyError, TypeError):
        if error.code == 401:
            return NoStationRunning(NOBODY)
        return Refused(Sentence(f"站回答了“{error.code}”。", f"the station answered {error.code}."))
