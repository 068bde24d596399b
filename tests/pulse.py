"""A PulseAudio server of our own with a null sink: a real sound card to the product, whose monitor we record."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

RATE_HZ = 48_000
RECORDER_MS = 2
"""The monitor hands a block on before the sink has played it: sound seems this much early, measured to 0.1 ms."""
STARTS_WITHIN_S = 10.0
NEAR_S = 0.2

needed = pytest.mark.skipif(
    not (shutil.which("pulseaudio") and shutil.which("parec")),
    reason="pulseaudio and parec are not installed; packaging/setup.sh installs them",
)


class PulseServer:
    """Private: a runtime folder of its own, nothing of the machine's sound is touched."""

    def __init__(self, *sinks):
        self.sinks = sinks or ("horn",)
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        self._socket = self._folder / "native"
        self._process = None
        self.start()

    @property
    def env(self):
        """For the processes that are to play here."""
        return os.environ | {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_SINK": self.sinks[0],
            "XDG_RUNTIME_DIR": str(self._folder),
            "HOME": str(self._folder),
        }

    def start(self):
        """Also the card that comes back."""
        line = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        line += ["-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"]
        for sink in self.sinks:
            line += ["-L", f"module-null-sink sink_name={sink} rate={RATE_HZ} channels=1 format=s16le"]
        self._process = subprocess.Popen(line, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + STARTS_WITHIN_S
        while subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode:
            assert self._process.poll() is None, "PulseAudio ended at once"
            assert time.monotonic() < until, "PulseAudio does not start"

    def kill(self):
        """The card disappears."""
        self._process.kill()
        self._process.wait()
        self._socket.unlink(missing_ok=True)

    def unload(self, sink):
        """One card is pulled out, the others stay."""
        listed = self._pactl("list", "short", "modules").splitlines()
        [module] = [line.split()[0] for line in listed if f"sink_name={sink} " in line]
        self._pactl("unload-module", module)

    def load(self, sink):
        """A card is put in."""
        about = ["rate=48000", "channels=1", "format=s16le"]
        self._pactl("load-module", "module-null-sink", f"sink_name={sink}", *about)

    def hang(self):
        """It takes no sound and answers nobody, until ``go_on``."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)

    def _pactl(self, *words):
        return subprocess.run(["pactl", *words], env=self.env, check=True, capture_output=True, text=True).stdout

    def record(self, sink=None):
        return Recording(self, sink or self.sinks[0])

    def close(self):
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Recording:
    """What the monitor of a sink gives, from now on. An idle sink takes two seconds to give its first: keep one."""

    def __init__(self, server, sink):
        line = ["parec", "-d", f"{sink}.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        line += [f"--latency-msec={RECORDER_MS}", "--raw"]
        self._process = subprocess.Popen(line, env=server.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._data = bytearray()
        self._came = threading.Condition()
        self._chunks = []
        """(samples so far, monotonic seconds at which they had come)."""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait_for(lambda samples: len(samples) > 0, within_s=10)

    def _read(self):
        fd = self._process.stdout.fileno()
        while data := os.read(fd, 4096):
            with self._came:
                self._data += data
                self._chunks.append((len(self._data) / 2, time.monotonic()))
                self._came.notify_all()

    def samples(self, since=0):
        """From sample *since* on, -1.0 to 1.0."""
        with self._came:
            data = bytes(self._data[2 * since : len(self._data) // 2 * 2])
        return np.frombuffer(data, dtype="<i2").astype(np.float32) / 32768

    def instant(self, sample):
        """When this sample was played, monotonic seconds.

        A chunk may come late, never early; and where the sink woke up the monitor left out some milliseconds. So the
        earliest chunk near the sample counts.
        """
        with self._came:
            near = [(count, at) for count, at in self._chunks if 0 <= count - sample <= NEAR_S * RATE_HZ]
        return min(at - (count - sample) / RATE_HZ for count, at in near) + RECORDER_MS / 1000

    def wait_for(self, is_there, within_s=30.0, since=0):
        """Wait until *is_there(samples)* is neither None nor False; its answer."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            answer = is_there(self.samples(since))
            if answer is not None and answer is not False:
                return answer
            with self._came:
                self._came.wait(1.0)
        raise AssertionError(f"not heard within {within_s} s")

    def close(self):
        self._process.terminate()
        self._process.wait()
        self._thread.join(2)
        self._process.stdout.close()
        return self.samples()


def first_sound(samples, threshold=0.003):
    """The index of the first sample beyond *threshold*; None: there is none."""
    loud = np.flatnonzero(np.abs(samples) > threshold)
    return int(loud[0]) if len(loud) else None


def tone(hz, seconds, peak=0.5):
    """A sine that begins and ends at zero."""
    return (peak * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def loudness_of(samples, hz):
    """The amplitude of one pitch in *samples*."""
    turning = np.exp(-2j * np.pi * hz * np.arange(len(samples)) / RATE_HZ)
    return float(2 * np.abs(np.mean(samples * turning))) if len(samples) else 0.0
