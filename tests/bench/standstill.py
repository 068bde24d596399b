"""How often the machine itself stood still: a process that goes before all others and only looks at the clock.

Where it is not let on for milliseconds, no program can be: on a rented machine that is the host, which gives each
guest its share of every tenth of a second and nothing beyond. ``python -m tests.bench.standstill``
"""

import os
import subprocess
import sys
import time

from broadcaster.playout.precedence import go_first

LOOK_S = 0.001
SHORTEST_S = 0.008


class Standstill:
    """Watches from now on."""

    def __init__(self):
        line = [sys.executable, "-m", "tests.bench.standstill"]
        self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self):
        """Milliseconds of each."""
        told, _ = self._process.communicate("")
        return [float(line) for line in told.split()]


def main():
    go_first()
    os.set_blocking(sys.stdin.fileno(), False)
    last = time.monotonic()
    while sys.stdin.buffer.read(1) is None:
        time.sleep(LOOK_S)
        now = time.monotonic()
        if now - last > SHORTEST_S:
            print(1000 * (now - last))
        last = now


if __name__ == "__main__":
    main()
