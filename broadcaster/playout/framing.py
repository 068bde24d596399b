"""Blocks of sound between a deck and its ear: a head, the airing's name, the samples."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from broadcaster.model.airing import AiringId

HEAD = struct.Struct("<dII")
LONGEST_NAME = 4096
LARGEST_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A block that was sent, or that an airing is over."""

    airing: AiringId
    at: float
    """When its first sample is heard, monotonic seconds."""
    data: bytes
    """48 kHz, mono, 16 bit; empty: the airing is over."""


def write_frame(frame: Frame) -> bytes:
    name = frame.airing.encode()
    return HEAD.pack(frame.at, len(name), len(frame.data)) + name + frame.data


def read_frame(file: BinaryIO) -> Frame | None:
    """The next frame; None: the other end is gone, or it sends what is no frame."""
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    at, name_length, length = HEAD.unpack(head)
    if name_length > LONGEST_NAME or length > LARGEST_BLOCK or length % 2:
        return None
    body = file.read(name_length + length)
    if len(body) < name_length + length:
        return None
    return Frame(airing=AiringId(body[:name_length].decode(errors="replace")), at=at, data=body[name_length:])
