"""The horn of the product as a PNG, for phones that take no SVG: the same shapes as ``static/icon.svg``."""

from __future__ import annotations

import struct
import zlib
from functools import cache

import numpy as np
import numpy.typing as npt

GREEN, PAPER, AMBER = (11, 93, 75), (250, 247, 240), (242, 181, 68)
OVERSAMPLED = 3
HORN = ((14, 27), (22, 27), (40, 15), (40, 49), (22, 37), (14, 37))
"""In a square of 64, like the SVG."""
HANDLE = ((20, 37), (27, 37), (30, 50), (23, 50))
WAVES = ((10.0, 12.5), (17.0, 19.5))
"""Rings round the mouth of the horn, from radius to radius."""

Pixels = npt.NDArray[np.float64]


@cache
def drawn(size: int) -> bytes:
    """A PNG of *size* by *size* pixels."""
    fine = size * OVERSAMPLED
    steps = (np.arange(fine) + 0.5) * 64 / fine
    x, y = np.meshgrid(steps, steps)
    picture = np.empty((fine, fine, 3))
    picture[:] = GREEN
    picture[_inside(HORN, x, y) | _inside(HANDLE, x, y)] = PAPER
    distance = np.hypot(x - 37, y - 32)
    for inner, outer in WAVES:
        picture[(distance > inner) & (distance < outer) & (x - 37 > np.abs(y - 32) * 1.1) & (x > 42)] = AMBER
    small = picture.reshape(size, OVERSAMPLED, size, OVERSAMPLED, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in small)
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _inside(corners: tuple[tuple[int, int], ...], x: Pixels, y: Pixels) -> npt.NDArray[np.bool_]:
    """Which points lie in the polygon: an odd number of its edges lies to their right."""
    is_in = np.zeros(x.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if ay != by:
            is_in ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return is_in


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
