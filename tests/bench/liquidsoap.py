"""Liquidsoap doing the same: a file pushed to its queue over telnet, cutting into what plays; and its idle cost."""

import socket
import subprocess
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench.village import family, heard_at, memory_mb, onsets, processor_s, wait_until, wall_offset, write_burst
from tests.pulse import PulseServer

CONFIGURATION = Path(__file__).with_suffix(".liq")
APART_S = 2.5


@contextmanager
def running():
    """Yields (pulse, process, say); *say* is one command of its telnet server."""
    with socket.socket() as free, closing(PulseServer()) as pulse:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = pulse.env | {"TELNET_PORT": str(port)}
        process = subprocess.Popen(["liquidsoap", str(CONFIGURATION)], env=environment, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: _is_open(port), 60)
            threading.Event().wait(2)
            with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rw") as talk:

                def say(command):
                    talk.write(command + "\n")
                    talk.flush()
                    while talk.readline().strip() != "END":
                        pass

                yield pulse, process, say
        finally:
            process.kill()
            process.wait()


def cut_ins(count):
    """Milliseconds from a command to the first sample of an emergency at the monitor."""
    with running() as (pulse, _, say), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "burst.wav"
        write_burst(path)
        recording = pulse.record()
        found = []
        for _ in range(count):
            before = len(recording.samples())
            asked = time.monotonic()
            say(f"emergency.push {path}")
            recording.wait_for(lambda samples: onsets(samples, apart_s=1) or None, 10, since=before)
            found.append(1000 * (heard_at(recording, before)[0] - asked))
            threading.Event().wait(APART_S)
        recording.close()
    return found


def scheduled(count):
    """Milliseconds that a file is late which something pushes at its second, as a crontab would."""
    with running() as (pulse, _, say), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "burst.wav"
        write_burst(path)
        recording = pulse.record()
        instants = [int(time.time()) + 3.0 + 3 * number for number in range(count)]
        for instant in instants:
            threading.Event().wait(max(0.0, instant - time.time()))
            say(f"routine.push {path}")
        threading.Event().wait(2)
        begun = [at + wall_offset() for at in heard_at(recording)]
        recording.close()
    near = [min(begun, key=lambda at: abs(at - instant), default=0.0) - instant for instant in instants]
    return [1000 * late for late in near if abs(late) < 1.5]


def idle(seconds):
    """Megabytes and per cent of a core while it plays silence."""
    with running() as (_, process, _say):
        pids = family(process.pid)
        before, began = sum(map(processor_s, pids)), time.monotonic()
        threading.Event().wait(seconds)
        share = 100 * (sum(map(processor_s, pids)) - before) / (time.monotonic() - began)
        return sum(map(memory_mb, pids)), share


def _is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True
