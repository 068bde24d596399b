"""One request to an OpenAI-style speech service → the bytes it answers with, within set limits.

The time limits hold for everything together: a server that sends a byte now and then is cut like one that is silent.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from broadcaster.errors import VoiceFailed
from broadcaster.model.words import Sentence

CONNECT_S = 5.0
TOTAL_S = 20.0
MOST_BYTES = 20_000_000
TRIES = 3
FIRST_WAIT_S = 0.5
MOST_REDIRECTS = 2
_CHUNK = 65_536
_SOUND = ("audio/", "application/octet-stream", "binary/octet-stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long, how large, how often. Tests are less patient than a station."""

    connect_s: float = CONNECT_S
    total_s: float = TOTAL_S
    most_bytes: int = MOST_BYTES
    first_wait_s: float = FIRST_WAIT_S
    wait: Callable[[float], None] = time.sleep


class _TryAgain(Exception):
    """A fault that may pass: the server's own, or it took too long."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def request_speech(url: str, body: Mapping[str, object], token: str, limits: Limits) -> bytes:
    """The answer's bytes, of a content type that may be sound. Raises VoiceFailed.

    What is worth trying again is tried three times, within the total limit: 5xx and answers that take too long.
    """
    until = time.monotonic() + limits.total_s
    last = _TryAgain("", "")
    for attempt in range(TRIES):
        if attempt:
            wait_s = limits.first_wait_s * 2 ** (attempt - 1)
            if time.monotonic() + wait_s >= until:
                break
            limits.wait(wait_s)
        try:
            return _follow(url, json.dumps(body, ensure_ascii=False).encode(), token, limits, until)
        except _TryAgain as error:
            last = error
    raise refused(last.zh, last.en)


def refused(zh: str, en: str) -> VoiceFailed:
    return VoiceFailed(Sentence(f"语音服务{zh}。", f"the speech service {en}."))


def _follow(url: str, body: bytes, token: str, limits: Limits, until: float) -> bytes:
    first = urlsplit(url)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(url, body, token, limits, until)
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
        there = urlsplit(url)
        is_safer = (first.scheme, there.scheme) == ("http", "https") and not first.port and not there.port
        if there.hostname != first.hostname or not (is_safer or there[:2] == first[:2]):
            raise refused(
                f"要转到别处（{there.scheme}://{there.netloc}），没有跟去",
                f"points elsewhere ({there.scheme}://{there.netloc}) and was not followed",
            )
    raise refused("转来转去没有回答", "sends in circles")


def _ask(url: str, body: bytes, token: str, limits: Limits, until: float) -> bytes | str:
    """The answer, or the address that it points to. Raises _TryAgain or VoiceFailed."""
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json", "Accept": "audio/wav, audio/*", "User-Agent": "dalaba"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    path = place.path or "/"
    late = _TryAgain(f"超过 {limits.total_s:g} 秒没有答完", f"did not answer within {limits.total_s:g} s")
    left_s = until - time.monotonic()
    if left_s <= 0:
        raise late
    with closing(kind(place.hostname or "", place.port, timeout=min(limits.connect_s, left_s))) as connection:
        try:
            connection.connect()
        except TimeoutError as error:
            raise _TryAgain(
                f"{limits.connect_s:g} 秒连不上", f"could not be reached in {limits.connect_s:g} s"
            ) from error
        except OSError as error:
            raise refused(f"连不上（{error}）", f"cannot be reached ({error})") from error
        is_late = _Deadline(connection.sock, until)
        try:
            connection.request("POST", f"{path}?{place.query}" if place.query else path, body, headers)
            with connection.getresponse() as answer:
                return _read(answer, limits)
        except http.client.IncompleteRead as error:
            raise late if is_late.has_passed else refused("的回答不完整", "sent an answer that is cut off") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if is_late.has_passed or isinstance(error, TimeoutError):
                raise late from error
            raise refused(f"的回答看不懂（{error}）", f"sent what cannot be understood ({error})") from error
        finally:
            is_late.cancel()


class _Deadline:
    """Shuts the socket at its time, whoever waits for it."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self.has_passed = False
        sock.settimeout(max(0.001, until - time.monotonic()))
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        self._timer.cancel()
        self._timer.join()

    def _cut(self) -> None:
        self.has_passed = True
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


def _read(answer: http.client.HTTPResponse, limits: Limits) -> bytes | str:
    if answer.status in (301, 302, 307, 308):
        return answer.getheader("Location") or ""
    if answer.status >= 500:
        raise _TryAgain(f"出错（{answer.status}）", f"failed ({answer.status})")
    if answer.status in (401, 403):
        raise refused(f"不认这个口令（{answer.status}）", f"does not accept the token ({answer.status})")
    if answer.status != 200:
        raise refused(f"不答应（{answer.status}）", f"refused ({answer.status})")
    kind = (answer.getheader("Content-Type") or "").split(";")[0].strip().lower()
    if not kind.startswith(_SOUND):
        raise refused(f"给的不是声音，是“{kind[:40]}”", f"sent no sound but {kind[:40]!r}")
    return _body(answer, limits.most_bytes)


def _body(answer: http.client.HTTPResponse, most_bytes: int) -> bytes:
    too_large = refused(f"给的声音超过 {most_bytes // 1_000_000} MB", f"sent more than {most_bytes // 1_000_000} MB")
    if (answer.length or 0) > most_bytes:
        raise too_large
    expected, parts, size = answer.length, [], 0
    while chunk := answer.read(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > most_bytes:
            raise too_large
    if expected is not None and size < expected:
        raise http.client.IncompleteRead(b"", expected - size)
    return b"".join(parts)
