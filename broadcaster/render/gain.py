"""How much to turn down, a millisecond at a time → a gain that moves without clicks and without pumping."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from broadcaster.render.meter import MS, Floats

AHEAD_MS = 5
"""The gain begins to move so long before what it is for. Within 5 ms nobody hears it move."""


def eased(reduction: Floats, release_ms: float) -> Floats:
    """The least reduction that is never below what is wanted and is gone slowly, at the edges of the milliseconds.

    For *n* milliseconds *n* + 1 values. Between two of them the gain may be drawn as a line: it is then at least
    ``reduction[i]`` all through millisecond *i*.
    """
    edges = np.maximum(np.pad(reduction, (0, 1)), np.pad(reduction, (1, 0)))
    seen = edges.copy()
    for ahead in range(1, AHEAD_MS + 1):
        seen[:-ahead] = np.maximum(seen[:-ahead], edges[ahead:])
    released = _released(seen, release_ms)
    before = np.pad(released, (AHEAD_MS, 0), mode="edge")
    sums = np.concatenate([[0.0], np.cumsum(before)])
    means: Floats = (sums[AHEAD_MS + 1 :] - sums[: -AHEAD_MS - 1]) / (AHEAD_MS + 1)
    return np.maximum(means, edges)  # equal but for rounding


def drawn(edges: Floats, first_ms: int, frames: int) -> npt.NDArray[np.float32]:
    """The line through the values at the edges, a value for each of *frames* samples from *first_ms* on."""
    count = -(-frames // MS)
    some = edges[first_ms : first_ms + count + 1].astype(np.float32)
    slope = np.arange(MS, dtype=np.float32) / np.float32(MS)
    line: npt.NDArray[np.float32] = (some[:-1, None] + (some[1:] - some[:-1])[:, None] * slope).reshape(-1)[:frames]
    return line


def _released(wanted: Floats, release_ms: float) -> Floats:
    """Each value at once, and from there a fall to 1/e within *release_ms*, unless more is wanted."""
    fall = np.arange(len(wanted)) / release_ms
    with np.errstate(divide="ignore"):
        highest = np.maximum.accumulate(np.log(wanted) + fall)
    released: Floats = np.maximum(np.exp(highest - fall), wanted)
    return released
