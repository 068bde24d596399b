"""Between an asynchronous server and the page's WSGI application, so that only Python's own work takes a thread.

A request is read whole before a thread is asked for, and a thread is given back after each piece of the answer: a
client that sends or reads slowly holds memory and a socket, and nothing that anybody waits for.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import Executor
from typing import Any
from wsgiref.types import WSGIApplication

log = logging.getLogger(__name__)

PIECE_BYTES = 256_000
"""Of an answer, made at one go: every page fits, so it takes a thread once."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


USUAL_BODY_BYTES = 1_000_000
"""Anybody may send so much; whoever wants to send more is looked at first."""
LONG_BODIES_AT_ONCE = 3
"""Each is held in memory until it is whole; a small box has half a gigabyte for everything."""

Allowed = Callable[[dict[str, Any]], int]
"""The head of a request, as WSGI has it → the longest body that it may have."""


class Bridge:
    """An ASGI application over *app*, whose Python runs in the threads of *threads*."""

    def __init__(self, app: WSGIApplication, threads: Executor, allowed: Allowed) -> None:
        self._app = app
        self._threads = threads
        self._allowed = allowed
        self._long_bodies = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"no {scope['type']} here")
        environ = _environ(scope)
        try:
            _check_length(scope)
            body = await self._body(environ, receive)
        except _NotTaken as error:
            await _say_why(send, error)
            return
        except _HungUp:
            return
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer = _Answer(self._app, environ)
        loop = asyncio.get_running_loop()
        try:
            piece = await loop.run_in_executor(self._threads, answer.begin)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while not answer.is_whole:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await loop.run_in_executor(self._threads, answer.more)
            await send({"type": "http.response.body", "body": piece, "more_body": False})
        finally:
            if not answer.is_closed:
                await loop.run_in_executor(self._threads, answer.close)

    async def _body(self, environ: dict[str, Any], receive: Receive) -> bytes:
        """All of it. Raises _NotTaken."""
        body = bytearray()
        if not await self._has_come(body, USUAL_BODY_BYTES, receive):
            return bytes(body)
        loop = asyncio.get_running_loop()
        most = await loop.run_in_executor(self._threads, self._allowed, environ | {"wsgi.input": io.BytesIO()})
        if most <= USUAL_BODY_BYTES:
            raise _NotTaken(413, TOO_LARGE)
        if self._long_bodies >= LONG_BODIES_AT_ONCE:
            raise _NotTaken(503, TOO_MANY)
        self._long_bodies += 1
        try:
            if await self._has_come(body, most, receive):
                raise _NotTaken(413, TOO_LARGE)
        finally:
            self._long_bodies -= 1
        return bytes(body)

    async def _has_come(self, body: bytearray, most: int, receive: Receive) -> bool:
        """Gather into *body* until it is whole, or has more than *most* bytes, which is told."""
        while len(body) <= most:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _HungUp
            body += message.get("body", b"")
            if not message.get("more_body", False):
                return len(body) > most
        return True


class _HungUp(Exception):
    """Nobody waits for an answer. It happens every day, and is no line of the log."""


class _NotTaken(Exception):
    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class _Answer:
    """One answer of a WSGI application, piece by piece."""

    def __init__(self, app: WSGIApplication, environ: dict[str, Any]) -> None:
        self._app = app
        self._environ = environ
        self._body: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())
        self.is_whole = False
        """Nothing comes after what was given last."""
        self.is_closed = False
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []

    def begin(self) -> bytes:
        """Run the application, up to the first piece of what it says; a page is one piece."""
        self._body = self._app(self._environ, self._start)
        self._pieces = iter(self._body)
        return self.more()

    def more(self) -> bytes:
        """The next piece, as much as is sensible to hold for a slow reader."""
        gathered = bytearray()
        for piece in self._pieces:
            gathered += piece
            if len(gathered) >= PIECE_BYTES:
                return bytes(gathered)
        self.is_whole = True
        self.close()
        return bytes(gathered)

    def close(self) -> None:
        self.is_closed = True
        close = getattr(self._body, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _no_write


def _no_write(_: bytes, /) -> object:
    raise NotImplementedError("pages answer by what they return")


AMBIGUOUS = "请求的长度说了两遍，没有收下。 / The length of this request is said twice; it was not taken.\n"
TOO_LARGE = "内容太多，没有收下。 / That is too much at once and was not taken.\n"
TOO_MANY = "正在收别人的大文件，请过一会儿再送。 / Long files of others are on the way. Try again in a moment.\n"


def _check_length(scope: Scope) -> None:
    """A length that is said twice is how one request is hidden in another (RFC 9112, 6.1). Raises _NotTaken."""
    if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
        raise _NotTaken(400, AMBIGUOUS)


async def _say_why(send: Send, error: _NotTaken) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": error.code, "headers": headers})
    await send({"type": "http.response.body", "body": error.words.encode(), "more_body": False})


def _environ(scope: Scope) -> dict[str, Any]:
    """Without its body."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": _ErrorsToLog(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        # X_Y could pass itself off as X-Y; how the body came says nothing of how it lies here: whole.
        if name in ("CONTENT_LENGTH", "TRANSFER_ENCODING") or "_" in raw_name.decode("latin-1"):
            continue
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        environ[key] = f"{environ[key]},{value}" if key in environ and key != "HTTP_COOKIE" else value
    return environ


class _ErrorsToLog(io.TextIOBase):
    def write(self, words: str) -> int:
        if words.strip():
            log.error("%s", words.rstrip())
        return len(words)
