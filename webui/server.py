"""The page on the network: a listener and threads of its own, which nothing on the local door or the air waits for."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.types import WSGIApplication

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from webui.bridge import Bridge

log = logging.getLogger(__name__)

THREADS = 8
LARGEST_BODY_BYTES = 64_000_000
"""A recording of half an hour. Pages without files take far less and say so themselves."""
MOST_CONNECTIONS = 200
"""More are closed at once: the station needs its files and sockets for sound."""
PATIENCE_S = 20.0
"""For a request to begin; a phone behind a wall is slow, a browser that never gets there is an attack."""
PATIENCE_WITH_BODIES_S = 600.0
"""For a request to end: a recording takes a while on a thin line."""
LONGEST_SHUTDOWN_S = 3


class PageServer:
    """Open while the station runs."""

    def __init__(
        self,
        app: WSGIApplication,
        address: str,
        port: int,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        """*port* 0: any that is free. *certificate* and *key*: PEM files; with them the page speaks TLS."""
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._address = address
        self._port = port
        self._socket: socket.socket | None = None
        self._server = uvicorn.Server(
            uvicorn.Config(
                Bridge(app, self._threads, LARGEST_BODY_BYTES),
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=15,
                ssl_certfile=certificate,
                ssl_keyfile=key,
                timeout_graceful_shutdown=LONGEST_SHUTDOWN_S,
            )
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


class PatientProtocol(H11Protocol):
    """A connection that has to bring a whole request in time, one of a limited number."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            log.warning("more than %d browsers at once: one was sent away", MOST_CONNECTIONS)
            transport.abort()
            return
        self._wait(PATIENCE_S, self._has_begun)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is None:
            self._wait(PATIENCE_S, self._has_begun)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
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
