"""Real servers of the network for tests, each on free ports and in a folder of its own, and who listens to them."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

RATE_HZ = 48_000


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(is_there, what, within_s=20.0, every_s=0.02):
    """The first truthy answer of *is_there*, asked again and again."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if answer := is_there():
            return answer
        threading.Event().wait(every_s)
    raise AssertionError(f"{what} within {within_s} s")


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Server:
    """A program in a folder of its own; ``stop`` and ``start`` as often as a test likes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="server-"))
        self.process = None

    def line(self):
        raise NotImplementedError

    @property
    def port(self):
        raise NotImplementedError

    def start(self):
        with (self.folder / "output.txt").open("ab") as said:
            self.process = subprocess.Popen(self.line(), stdout=said, stderr=said, cwd=self.folder)
        wait_for(lambda: answers(self.port), f"{type(self).__name__} answers: {self.said()}")
        return self

    def hang(self):
        """It takes nothing and answers nobody, until ``go_on``."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)

    def said(self):
        return (self.folder / "output.txt").read_text(errors="replace")[-500:]

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


ICECAST = """<icecast>
  <limits><sources>4</sources><clients>20</clients><burst-size>0</burst-size><queue-size>524288</queue-size></limits>
  <authentication><source-password>{password}</source-password><admin-password>x</admin-password></authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <fileserve>0</fileserve>
  <paths><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><errorlog>error.log</errorlog><accesslog>-</accesslog><loglevel>3</loglevel></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>
"""


class Icecast(Server):
    """With no burst: a listener hears what is sent from now on."""

    password = "only for tests"
    port = 0

    def __init__(self):
        super().__init__()
        self.port = free_port()
        owner = ""
        if os.geteuid() == 0:  # Icecast does not run as root
            owner = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"
            self.folder.chmod(0o777)
            pwd.getpwnam("nobody")
        config = ICECAST.format(password=self.password, port=self.port, folder=self.folder, owner=owner)
        (self.folder / "icecast.xml").write_text(config)
        self.start()

    def line(self):
        return ["icecast2", "-c", str(self.folder / "icecast.xml")]


class Heard:
    """Raw 16 bit samples of 48 kHz, mono, as they come down a pipe, with the monotonic instant of each piece."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._pieces = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        rest = b""
        while data := os.read(self._pipe.fileno(), 65536):
            now = time.monotonic()
            data = rest + data
            even = len(data) // 2 * 2
            rest = data[even:]
            self._pieces.append((now, np.frombuffer(data[:even], dtype="<i2")))

    def began(self, number):
        """When the first sample of piece *number* is heard, monotonic seconds: a piece comes as it is heard."""
        at, piece = self._pieces[number]
        return at - len(piece) / RATE_HZ

    def samples(self):
        pieces = list(self._pieces)
        return np.concatenate([piece for _, piece in pieces]) / 32768 if pieces else np.zeros(0)

    def first_sound(self, after=0, threshold=0.05):
        """The monotonic instant of the first loud sample behind *after* pieces; None: not yet."""
        return next(self._loud(after, threshold), None)

    def onsets(self, apart_s=0.5, threshold=0.05):
        """The monotonic instants at which sound begins after a silence of *apart_s*."""
        found, last = [], float("-inf")
        for instant in self._loud(0, threshold):
            if instant - last > apart_s:
                found.append(instant)
            last = max(last, instant)
        return found

    def _loud(self, after, threshold):
        """The instants of all samples beyond *threshold*."""
        for number in range(after, self.pieces):
            for index in np.flatnonzero(np.abs(self._pieces[number][1] / 32768) > threshold):
                yield self.began(number) + int(index) / RATE_HZ

    @property
    def pieces(self):
        return len(self._pieces)

    def wait_for_sound(self, after=0, within_s=20.0):
        return wait_for(lambda: self.first_sound(after), "sound is heard", within_s)

    def has(self, hz):
        """Whether a tone of *hz* is what is heard most in the last half second."""
        part = self.samples()[-RATE_HZ // 2 :]
        return len(part) >= RATE_HZ // 4 and abs(main_tone(part) - hz) < 20

    def close(self):
        self._thread.join(2)
        self._pipe.close()


def main_tone(samples):
    """The strongest frequency, Hz; 0.0 where it is silent."""
    if np.max(np.abs(samples), initial=0.0) < 0.01:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE_HZ / len(samples))


class Listener:
    """ffmpeg as a phone or a horn: *source* is what stands behind ``-i``."""

    def __init__(self, *source):
        line = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer", "-probesize", "4096"]
        line += ["-analyzeduration", "200000", *source, "-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1"]
        line += ["-flush_packets", "1", "pipe:1"]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        self.heard = Heard(self.process.stdout)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.heard.close()


class Mute:
    """A server that accepts and never reads, or never says a word; *greeting*: what it answers before that."""

    def __init__(self, greeting=b"", port=0):
        self._greeting = greeting
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(8)
        self.port = self._socket.getsockname()[1]
        self.calls = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                call, _ = self._socket.accept()
            except OSError:
                return
            self.calls.append(call)
            if self._greeting:
                call.sendall(self._greeting)

    def close(self):
        if self._socket.fileno() >= 0:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        for call in self.calls:
            call.close()


def tone(hz=440, level=0.5):
    """A fill that sounds *hz* for ever and remembers when each block was to be heard."""

    def fill(frames, heard_at):
        fill.heard_at.append(heard_at)
        start = fill.position
        fill.position += frames
        wave = level * np.sin(2 * np.pi * hz * np.arange(start, start + frames) / RATE_HZ)
        return wave.astype(np.float32)

    fill.position = 0
    fill.heard_at = []
    return fill
