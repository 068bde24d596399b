"""The page on the network: a listener and threads of its own, which nothing on the local door or the air waits for."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from wsgiref.types import WSGIApplication

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from webui.bridge import Allowed, Bridge
from webui.doorway import Doorway
from webui.encryption import Encryption

log = logging.getLogger(__name__)

THREADS = 8
PATIENCE_S = 20.0
"""For a request to begin; a phone behind a wall is slow, a browser that never gets there is an attack."""
PATIENCE_WITH_BODIES_S = 600.0
"""For a request to end: a recording takes a while on a thin line."""
PATIENCE_WITH_READERS_S = 300.0
"""For what was sent to be taken; a browser whose listener paused a recording asks for the rest anew."""
LOOK_AT_CERTIFICATE_S = 60.0
LONGEST_SHUTDOWN_S = 3


class PageServer:
    """Open while the station runs."""

    def __init__(
        self,
        app: WSGIApplication,
        address: str,
        port: int,
        encryption: Encryption | None = None,
        *,
        allowed: Allowed = lambda _: 0,
    ) -> None:
        """*port* 0: any that is free. With *encryption* the page speaks TLS, and hears who does not yet.

        *allowed*: whose long bodies are taken; without it nobody's.
        """
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._address = address
        self._port = port
        self._socket: socket.socket | None = None
        self._bridge = Bridge(app, self._threads, allowed)
        self._server = _Server(
            uvicorn.Config(
                self._bridge,
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=LONGEST_SHUTDOWN_S,
            ),
            encryption,
            self._threads,
        )
        self._thread = threading.Thread(target=self._run, name="page server", daemon=True)

    @property
    def port(self) -> int:
        """Where it answers, once it is open."""
        return self._port

    def open(self) -> None:
        """Listen. Raises Refused when the address is taken or not of this machine."""
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        # asyncio sends small pieces at once (TCP_NODELAY) only on a socket that says it is TCP. Otherwise the body of
        # each page waits 40 ms for the other side to confirm its head.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._address, self._port))
            listener.listen(128)
            listener.setblocking(False)
        except OSError as error:
            listener.close()
            raise Refused(
                Sentence(
                    f"网页打不开“{self._address}:{self._port}”：{error.strerror or error}。"
                    "广播照常。请在 schedule.toml 的 [page] 里换一个 port，再重新开站。",
                    f"the page cannot open '{self._address}:{self._port}': {error.strerror or error}. The air goes on. "
                    "Choose another port in [page] of schedule.toml and start the station anew.",
                )
            ) from error
        self._socket, self._port = listener, int(listener.getsockname()[1])
        self._thread.start()

    def close(self) -> None:
        """Answer what is being answered, then end. Safe to call twice."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(LONGEST_SHUTDOWN_S + 2)
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._socket is not None:
            self._socket.close()

    def _run(self) -> None:
        assert self._socket is not None
        asyncio.run(self._server.serve([self._socket]))


class _Server(uvicorn.Server):
    """Serves whom the doorway lets in."""

    def __init__(self, config: uvicorn.Config, encryption: Encryption | None, threads: ThreadPoolExecutor) -> None:
        super().__init__(config)
        self._encryption = encryption
        self._threads = threads
        self._work: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])  # it would let in all who come
        encryption = self._encryption
        doorway = Doorway(self._protocol, self._inside, lambda: None if encryption is None else encryption.context)
        self._work = [asyncio.create_task(doorway.let_in(listener)) for listener in sockets or ()]
        if encryption is not None:
            self._work.append(asyncio.create_task(self._renew(encryption)))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)  # before the socket is closed under them
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return PatientProtocol(config=self.config, server_state=self.server_state, app_state={})

    def _inside(self) -> list[str]:
        return [
            one.client[0] for one in self.server_state.connections if isinstance(one, PatientProtocol) and one.client
        ]

    async def _renew(self, encryption: Encryption) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_AT_CERTIFICATE_S)
            await loop.run_in_executor(self._threads, encryption.look)


class PatientProtocol(H11Protocol):
    """A connection that has to bring a whole request, and take the answer, in time."""

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=1, low=0)  # what is not taken at once is waited for below
        self._wait(PATIENCE_S, self._has_begun)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(PATIENCE_WITH_READERS_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is None:
            self._wait(PATIENCE_S, self._has_begun)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _wait(self, patience_s: float, then: Callable[[], None]) -> None:
        self._deadline = self.loop.call_later(patience_s, then)

    def _has_begun(self) -> None:
        self._deadline = None
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.abort()
        elif cycle.more_body:
            self._wait(PATIENCE_WITH_BODIES_S, self._has_ended)

    def _has_ended(self) -> None:
        self._deadline = None
        cycle = self.cycle
        if cycle is not None and cycle.more_body:
            self.transport.abort()
