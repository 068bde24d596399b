"""Sound to phones and other villages: ffmpeg encodes, and a connection of our own brings it to an Icecast server.

ffmpeg could call the server itself, but would show the password to everybody who lists the processes of the machine,
and would not say whether the password, the mount or the network is wrong.
"""

from __future__ import annotations

import array
import base64
import fcntl
import os
import socket
import termios
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from broadcaster.errors import OutputLost, SecretMissing
from broadcaster.kept import read_secret
from broadcaster.model.outputs import Codec, OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.outputs.encoder import ENDS_WITHIN_S, Encoder, takes_nothing
from broadcaster.outputs.receipts import Receipts

USUAL_CODEC = Codec.OPUS
USUAL_PORT = 8000
USER = "source"
ANSWERS_WITHIN_S = 5.0
PATIENCE_S = 5.0
SENT_AHEAD_BYTES = 16_384
LONGEST_ANSWER = 8_192
CONTAINERS = {
    Codec.OPUS: ("application/ogg", ["-f", "ogg", "-page_duration", "100000"]),
    Codec.MP3: ("audio/mpeg", ["-f", "mp3", "-write_xing", "0", "-id3v2_version", "0"]),
}


class IcecastLine:
    """One life of a mount. Raises OutputLost in words that say what to mend."""

    def __init__(self, settings: OutputSettings, home: Path) -> None:
        codec = settings.codec or USUAL_CODEC
        kind, target = CONTAINERS[codec]
        self._trouble: Sentence | None = None
        try:
            password = read_secret(settings.password, home)
        except SecretMissing as error:
            raise OutputLost(error.sentence) from error
        self._socket = _connect(settings.address)
        try:
            _introduce(self._socket, settings.address, password, kind)
            self._encoder = Encoder(codec, [*target, "pipe:1"], has_output=True, patience_s=PATIENCE_S)
        except BaseException:
            self._socket.close()
            raise
        self._sent = 0
        self._receipts = Receipts()
        self._pump = threading.Thread(target=self._carry, name="icecast", daemon=True)
        self._pump.start()

    def send(self, pcm: bytes) -> None:
        if self._trouble is not None:
            raise OutputLost(self._trouble)
        self._encoder.send(pcm)
        self._sent += 1

    @property
    def held_back(self) -> int:
        return self._receipts.held_back(self._sent, _unacknowledged(self._socket))

    def close(self) -> None:
        if self._trouble is None:
            self._encoder.end()
            self._pump.join(ENDS_WITHIN_S)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._encoder.close()
        self._pump.join(PATIENCE_S)
        self._socket.close()

    def _carry(self) -> None:
        encoded = self._encoder.output
        try:
            while data := os.read(encoded.fileno(), 4096):
                left, blocks = memoryview(data), self._sent
                while left:
                    count = self._socket.send(left)
                    self._receipts.written(count, blocks)
                    left = left[count:]
        except TimeoutError:
            self._trouble = takes_nothing(PATIENCE_S)
        except (OSError, ValueError) as error:
            self._trouble = Sentence(f"Icecast 断开了：{error}", f"Icecast hung up: {error}")


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or USUAL_PORT
    try:
        connection = socket.create_connection((host, port), timeout=ANSWERS_WITHIN_S)
    except OSError as error:
        raise OutputLost(
            Sentence(f"连不上 Icecast {host}:{port}：{error}", f"Icecast at {host}:{port} cannot be reached: {error}")
        ) from error
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD_BYTES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A cable that is pulled out is noticed after our patience, not only when all buffers behind it are full.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * PATIENCE_S))
    return connection


def _unacknowledged(connection: socket.socket) -> int:
    """Bytes that were written, and that the other machine has not said to have."""
    count = array.array("i", [0])
    fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, count)
    return count[0]


def _introduce(connection: socket.socket, address: str, password: str, kind: str) -> None:
    parts = urlsplit(address)
    secret = base64.b64encode(f"{USER}:{password}".encode()).decode()
    head = [f"PUT {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Authorization: Basic {secret}"]
    head += ["User-Agent: dalaba", f"Content-Type: {kind}", "Ice-Public: 0", "Expect: 100-continue", "", ""]
    try:
        connection.sendall("\r\n".join(head).encode())
        answer = _answer(connection)
    except TimeoutError as error:
        raise OutputLost(Sentence("Icecast 接了电话却不说话", "Icecast takes the call and says nothing")) from error
    except OSError as error:
        raise OutputLost(Sentence(f"Icecast 挂断了：{error}", f"Icecast hung up: {error}")) from error
    _understand(answer, parts.path)
    connection.settimeout(PATIENCE_S)


def _answer(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < LONGEST_ANSWER:
        more = connection.recv(1024)
        if not more:
            break
        data += more
    return data.decode("latin-1").partition("\r\n")[0]


def _understand(answer: str, mount: str) -> None:
    code = answer.split(" ")[1] if answer.startswith("HTTP/1.") and answer.count(" ") else ""
    match code:
        case "100" | "200":
            return
        case "401":
            what = Sentence("Icecast 说密码不对", "Icecast says the password is wrong")
        case "403":
            what = Sentence(
                f"Icecast 的 {mount} 已经有人在用，或者不让用",
                f"{mount} of Icecast is taken by another source, or not allowed",
            )
        case _:
            what = Sentence(f"Icecast 的回答看不懂：{answer!r}", f"Icecast gives a strange answer: {answer!r}")
    raise OutputLost(what)
