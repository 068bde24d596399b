"""A real Snapcast server, and players of it: into a pipe, into a sound card."""

import os
import shutil
import subprocess
import time
from functools import cache

import numpy as np

from tests.servers import Heard, Server, free_port


class Snapserver(Server):
    """One source called ``village``, a pipe or a TCP port, raw samples and a buffer of *buffer_ms*."""

    port = 0

    def __init__(self, *, is_pipe=True, buffer_ms=400):
        super().__init__()
        self.port, self.control, self.source, self._http = free_port(), free_port(), free_port(), free_port()
        self.pipe = self.folder / "snapfifo"
        where = f"pipe://{self.pipe}?mode=create&" if is_pipe else f"tcp://127.0.0.1:{self.source}?mode=server&"
        self.address = f"pipe://{self.pipe}" if is_pipe else f"tcp://127.0.0.1:{self.source}"
        (self.folder / "snap.conf").write_text(
            f"[server]\ndatadir = {self.folder}\n[http]\nenabled = false\n[tcp]\nport = {self.control}\n"
            f"bind_to_address = 127.0.0.1\n[stream]\nport = {self.port}\nbind_to_address = 127.0.0.1\n"
            f"source = {where}name=village&sampleformat=48000:16:1&codec=pcm\nbuffer = {buffer_ms}\n"
        )
        self.start()

    def line(self):
        return [*first(), "snapserver", "-c", str(self.folder / "snap.conf")]

    def client(self, name):
        return Snapclient(self, name)

    def card_client(self, name, cards, sink):
        return CardClient(self, name, cards, sink)


@cache
def first():
    """What stands before a command that is to go before others, as if it had a machine of its own; nothing where
    that is not allowed.
    """
    words = ["chrt", "--rr", "1"]
    is_allowed = (
        shutil.which("chrt") and not subprocess.run([*words, "true"], capture_output=True, check=False).returncode
    )
    return words if is_allowed else []


class Snapclient:
    """A player that writes what it would play into its standard output, in its own time."""

    def __init__(self, server, name):
        line = _line(server, name, "file")
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        self.heard = Written(self.process.stdout)

    def close(self):
        self.process.terminate()
        self.process.wait(5)
        self.heard.close()


class CardClient:
    """A player on a card of a PulseServer, whose monitor is to be recorded."""

    def __init__(self, server, name, cards, sink):
        env = cards.env | {"PULSE_SINK": sink}
        line = _line(server, name, "pulse")
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)

    def close(self):
        self.process.terminate()
        self.process.wait(5)


def _line(server, name, player):
    line = [*first(), "snapclient", "-h", "127.0.0.1", "-p", str(server.port), "--hostID", name, "--player", player]
    return [*line, "--logsink", "stderr", "--mixer", "software"]


class Written(Heard):
    """What a player writes: 50 ms at a time, on a grid of its own, the first of them to be heard 10 ms later.

    Each 50 ms come by two writes, of 4,096 bytes and of 704. Taken for a piece of its own, the second would be heard
    43 ms too early; so a piece is what was asked for at once. It may be written or read late, never early.
    """

    PIECE_S = 0.05
    PIECE_BYTES = 4800
    AHEAD_S = 0.01
    GRID = 4
    """So many pieces, this one and the next, say when this one was due."""

    def _read(self):
        piece = b""
        while data := os.read(self._pipe.fileno(), self.PIECE_BYTES - len(piece)):
            piece += data
            if len(piece) == self.PIECE_BYTES:
                self._pieces.append((time.monotonic(), np.frombuffer(piece, dtype="<i2")))
                piece = b""

    def began(self, number):
        return began(self._came(number), self.PIECE_S) + self.AHEAD_S

    def _came(self, number):
        return [at for at, _ in self._pieces[number : number + self.GRID]]


def began(came, apart_s):
    """When the first of some pieces was due, from the instants at which they came."""
    return min(at - behind * apart_s for behind, at in enumerate(came))
