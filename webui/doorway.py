"""Lets connections in: so many at once, of one device not all of them, and those that say no word of TLS in time not.

A page that speaks TLS looks at the first byte of each connection, so that who typed ``http://`` is told where to go
instead of being shown a page that does not work.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 200
"""More are closed at once: the station needs its files and sockets for sound."""
MOST_OF_ONE_DEVICE = 60
"""A browser opens six. No single device, hung or hostile, may take the places of all others."""
PATIENCE_S = 20.0
"""For TLS to be agreed on."""
AFTER_A_FAULT_S = 0.5
SILENT_FOR_S = 60.0
HANDSHAKE = b"\x16"
"""How TLS begins (RFC 8446, 5.1); no word of HTTP does."""

Encrypted = Callable[[], ssl.SSLContext | None]


class Doorway:
    """Of one listening socket, in one event loop."""

    def __init__(
        self,
        protocol: Callable[[], asyncio.Protocol],
        inside: Callable[[], Iterable[str]],
        encrypted: Encrypted,
    ) -> None:
        """*inside*: the address of each connection that is served. *encrypted*: None where there is no TLS."""
        self._protocol = protocol
        self._inside = inside
        self._encrypted = encrypted
        self._coming: dict[asyncio.Task[None], str] = {}
        self._silent_until_s = 0.0

    async def let_in(self, listener: socket.socket) -> None:
        """Until it is cancelled; then those that were only coming are sent away."""
        try:
            while True:
                try:
                    self._look_at(*await asyncio.get_running_loop().sock_accept(listener))
                except Exception as error:  # noqa: BLE001 # a door that nobody keeps is a page that is away
                    self._warn(f"a browser was not let in: {error}")
                    await asyncio.sleep(AFTER_A_FAULT_S)
        finally:
            for task in list(self._coming):
                task.cancel()

    def _look_at(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        """Let it come in, or send it away."""
        address = str(peer[0])
        if self._is_full(address):
            connection.close()
            return
        task = asyncio.get_running_loop().create_task(self._serve(connection))
        self._coming[task] = address
        task.add_done_callback(self._coming.pop)

    def _is_full(self, address: str) -> bool:
        there = Counter([*self._inside(), *self._coming.values()])
        if there.total() >= MOST_CONNECTIONS:
            self._warn(f"more than {MOST_CONNECTIONS} browsers at once: one was sent away")
            return True
        if there[address] >= MOST_OF_ONE_DEVICE and not _is_here(address):
            self._warn(f"more than {MOST_OF_ONE_DEVICE} connections from {address}: one was sent away")
            return True
        return False

    def _warn(self, words: str) -> None:
        """Once a minute: who knocks a thousand times a second must not fill the log."""
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._silent_until_s:
            self._silent_until_s = now_s + SILENT_FOR_S
            log.warning("%s", words)

    async def _serve(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE_S):
                context = self._encrypted()
                if context is not None and await _first_byte(connection) != HANDSHAKE:
                    context = None
                await loop.connect_accepted_socket(self._protocol, connection, ssl=context)
        except (OSError, TimeoutError) as error:
            log.debug("somebody did not come in: %s", error)
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise


def _is_here(address: str) -> bool:
    """This machine itself: perhaps a program that stands in front of the page for many people."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


async def _first_byte(connection: socket.socket) -> bytes:
    """What comes first, left where it is; nothing when the other side has gone."""
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    loop.add_reader(connection, came.set)
    try:
        await came.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)
