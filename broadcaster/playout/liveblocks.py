"""Frames that ``soundpipe`` wrote → blocks of live sound, in the process of the deck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from broadcaster.model.airing import AiringId
from broadcaster.playout.soundpipe import HEAD, MARK

Stored = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Block:
    """Some samples of a live source; the first came at *tick*."""

    airing: AiringId
    tick: int
    samples: Stored


def read_blocks(pipe: BinaryIO) -> Iterator[Block]:
    """Until the station closes its end. What is no frame ends it, too: nothing behind it could be found again."""
    while len(head := pipe.read(HEAD.size)) == HEAD.size:
        mark, tick, name_length, count = HEAD.unpack(head)
        name, pcm = pipe.read(name_length), pipe.read(2 * count)
        if mark != MARK or len(pcm) < 2 * count:
            return
        yield Block(AiringId(name.decode("utf-8", "replace")), tick, np.frombuffer(pcm, dtype="<i2"))
