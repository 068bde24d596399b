"""The local door for live sound: a program on this machine says who speaks and why, then gives blocks of sound.

One line of JSON from the program (``token``, ``who``, ``reason``, ``zones``), then frames: two bytes of length, so
many bytes of 48 kHz, mono, 16 bit; a frame of no bytes is the end. The station answers lines of JSON: the airing,
then how it goes twice a second, at last what became of it. A line that breaks off without that frame broke.
"""

from __future__ import annotations

import hmac
import json
import logging
import socket
import struct
import threading
from contextlib import suppress
from typing import Any, BinaryIO

from broadcaster.errors import DalabaError
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.station import Station
from broadcaster.station.livedesk import LINE_BROKE, Broadcast, Stage
from webui.local_request import text

log = logging.getLogger(__name__)

LENGTH = struct.Struct("<H")
LONGEST_LINE = 4096
ASKS_WITHIN_S = 5.0
TELLS_EVERY_S = 0.5
ENDS_WITHIN_S = 15.0
MAY_BE_AHEAD_S = 0.12
"""A program that gives its sound faster than it is heard is kept waiting beyond this."""
MOST_LINES = 8

WRONG_TOKEN = Sentence("令牌不对。", "the token is wrong.")
MALFORMED = Sentence("请求写错了：{}", "the request is malformed: {}")


class LiveDoor:
    """Open while the station runs; a thread for whoever speaks and one that tells how it goes."""

    def __init__(self, station: Station, token: str) -> None:
        self._station = station
        self._token = token
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines = threading.BoundedSemaphore(MOST_LINES)
        self._thread = threading.Thread(target=self._listen, name="live door", daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Nobody more is let in; who speaks goes on until the station ends it."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            if not self._lines.acquire(blocking=False):
                line.close()
                continue
            threading.Thread(target=self._serve, args=(line,), name="live line", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as came:
                self._talk(line, came)
        except (OSError, ValueError) as error:
            log.info("a line for live sound ended: %s", error)
        finally:
            self._lines.release()

    def _talk(self, line: socket.socket, came: BinaryIO) -> None:
        line.settimeout(ASKS_WITHIN_S)
        try:
            broadcast = self._asked(came.readline(LONGEST_LINE))
        except DalabaError as error:
            tell(line, {"error": error.sentence.zh, "error_en": error.sentence.en})
            return
        except ValueError as error:
            tell(line, {"error": MALFORMED.zh.format(error), "error_en": MALFORMED.en.format(error)})
            return
        line.settimeout(None)
        teller = threading.Thread(target=_tell_all, args=(line, broadcast), name="live teller", daemon=True)
        teller.start()
        why = LINE_BROKE
        try:
            why = _take_all(came, broadcast)
        except OSError as error:
            log.info("the line to %s broke: %s", broadcast.airing, error)
        finally:
            broadcast.end(why)
        teller.join(ENDS_WITHIN_S)

    def _asked(self, line: bytes) -> Broadcast:
        """Raises ValueError, and what the station raises."""
        given = json.loads(line)
        if not isinstance(given, dict):
            raise ValueError("JSON object expected")
        if not hmac.compare_digest(text(given, "token", "").encode(), self._token.encode()):
            raise NotLetIn(WRONG_TOKEN)
        zones = tuple(str(zone) for zone in given.get("zones") or ())
        return self._station.speak(who=text(given, "who"), reason=text(given, "reason"), zones=zones)


class NotLetIn(DalabaError):
    """Whoever asks does not know the token."""


def _take_all(came: BinaryIO, broadcast: Broadcast) -> Sentence:
    """Until the program ends it, or its line; why."""
    while len(head := came.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if not length:
            return NOTHING_TO_SAY
        pcm = came.read(length)
        if len(pcm) < length:
            break
        ahead_s = broadcast.sound(pcm)
        if ahead_s > MAY_BE_AHEAD_S:
            broadcast.wait_beyond(Stage.ON_AIR, ahead_s - MAY_BE_AHEAD_S)
    return LINE_BROKE


def _tell_all(line: socket.socket, broadcast: Broadcast) -> None:
    """How it goes until it is over; then nothing more is taken."""
    stage = Stage.WAITING
    waited_s = 0.0
    try:
        tell(line, {"airing": broadcast.airing, "stage": stage.value})
        while stage is not Stage.OVER and waited_s < ENDS_WITHIN_S:
            stage = broadcast.wait_beyond(stage, TELLS_EVERY_S)
            waited_s = waited_s + TELLS_EVERY_S if stage is Stage.ENDING else 0.0
            tell(line, _told(broadcast))
    except OSError as error:
        log.info("nobody listens how %s goes: %s", broadcast.airing, error)
    finally:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RD)


def _told(broadcast: Broadcast) -> dict[str, Any]:
    progress, entry = broadcast.progress(), broadcast.entry
    told: dict[str, Any] = {
        "stage": progress.stage.value,
        "seconds": round(progress.seconds, 1),
        "is_recorded": progress.is_recorded,
        "outputs": {
            name: None
            if one is None
            else {
                "depth_ms": one.depth_ms,
                "holes": one.holes,
                "silent_ms": one.silent_ms,
                "dropped_ms": one.dropped_ms,
            }
            for name, one in progress.outputs.items()
        },
    }
    if progress.stage is Stage.OVER:
        told |= {"fate": entry.fate.value, "reason": entry.reason.zh, "reason_en": entry.reason.en}
    return told


def tell(line: socket.socket, told: dict[str, Any]) -> None:
    line.sendall((json.dumps(told, ensure_ascii=False) + "\n").encode())
