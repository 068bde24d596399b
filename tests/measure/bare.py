"""The control for players in step: bursts into the pipe of a Snapcast server, and nothing else."""

import argparse
import time
from pathlib import Path

import numpy as np

from tests.pulse import RATE_HZ

BLOCK = RATE_HZ // 50
BURST = np.full(RATE_HZ // 20, 16_000, dtype="<i2")


def feed(pipe, count, apart_s):
    """Every 20 ms a block, with a burst every *apart_s*; waits where nobody reads."""
    sound = np.zeros(round(apart_s * RATE_HZ), dtype="<i2")
    sound[-len(BURST) :] = BURST
    sound = np.tile(sound, count)
    sound = np.append(sound, np.zeros(-len(sound) % BLOCK + 50 * BLOCK, dtype="<i2"))
    due = time.monotonic()
    with pipe.open("wb", buffering=0) as server:
        for start in range(0, len(sound), BLOCK):
            time.sleep(max(0.0, due - time.monotonic()))
            server.write(sound[start : start + BLOCK].tobytes())
            due += BLOCK / RATE_HZ


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipe", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("apart_s", type=float)
    args = parser.parse_args()
    feed(args.pipe, args.count, args.apart_s)
