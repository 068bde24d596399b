"""Tells the service manager that the station lives: systemd starts it anew when the planner stops turning.

IEC 60849 5.4 asks for a watchdog that watches the main routine and not an idle loop, so the word is sent after each
good turn of the planner and by nothing else. Without a service manager nothing is sent.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)


class Watchdog:
    """The protocol of ``sd_notify``: datagrams to the socket that ``NOTIFY_SOCKET`` names."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self) -> None:
        """The station is on the air."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Once after each turn that went well."""
        self._tell("WATCHDOG=1")

    def ending(self) -> None:
        """It ends because somebody asked for it."""
        self._tell("STOPPING=1")

    def _tell(self, word: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
                door.setblocking(False)
                door.sendto(word.encode(), self._address)
        except OSError as error:
            log.warning("the service manager does not hear %s: %s", word, error)
