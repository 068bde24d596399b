"""Plays into WAV files: one for each airing, in the time in which it would have been heard."""

from __future__ import annotations

import logging
import re
import threading
import time
import wave
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.ports import Fill

if TYPE_CHECKING:
    from broadcaster.ports import Samples

log = logging.getLogger(__name__)

BLOCK = CLIP_RATE_HZ // 50
FELL_BEHIND_S = 0.5
MOST_BYTES = 2_000_000_000
"""The oldest tapes are removed beyond this."""


class TapeOutput:
    """Needs no sound card. *airing* says what is on the air, and so which file it goes to, *now* its name."""

    underruns = 0

    def __init__(
        self, folder: Path, airing: Callable[[], AiringId | None], now: Callable[[], datetime] = datetime.now
    ) -> None:
        self._folder = folder
        self._airing = airing
        self._now = now
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._file: wave.Wave_write | None = None
        self._file_of: AiringId | None = None

    def start(self, fill: Fill) -> None:
        self._thread = threading.Thread(target=self._run, args=(fill,), name="tape", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def close(self) -> None:
        self._end.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2)

    def _run(self, fill: Fill) -> None:
        block_s = BLOCK / CLIP_RATE_HZ
        heard_at = time.monotonic() + block_s
        while not self._end.is_set():
            wait = heard_at - block_s - time.monotonic()
            if wait > 0:
                self._end.wait(wait)
            elif wait < -FELL_BEHIND_S:
                heard_at = time.monotonic() + block_s
            before = self._airing()
            block = fill(BLOCK, heard_at)
            self._record(self._airing() or before, block)
            heard_at += block_s
        self._change_tape(None)

    def _record(self, airing: AiringId | None, block: Samples) -> None:
        try:
            if airing != self._file_of:
                self._change_tape(airing)
            if self._file is not None:
                self._file.writeframes(_stored(block))  # the header is right after every block
        except OSError as error:
            log.error("the tape cannot be written: %s", error)
            self._file = None

    def _change_tape(self, airing: AiringId | None) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._file_of = None, airing
        if airing is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_oldest(self._folder, MOST_BYTES)
        self._file = wave.open(str(_free_name(self._folder, airing, self._now())), "wb")  # noqa: SIM115 - closed with its airing
        self._file.setparams((1, 2, CLIP_RATE_HZ, 0, "NONE", ""))


def _stored(block: Samples) -> bytes:
    """16 bit; what is too loud is cut off, never wrapped round."""
    whole = np.rint(block * np.float32(32768))
    return bytes(np.clip(whole, -32768, 32767).astype("<i2").tobytes())


def remove_oldest(folder: Path, most_bytes: int) -> None:
    """Keep the newest tapes of *folder*, *most_bytes* in all."""
    tapes = sorted(folder.glob("*.wav"), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for tape in tapes:
        total += tape.stat().st_size
        if total > most_bytes:
            tape.unlink(missing_ok=True)


def _free_name(folder: Path, airing: AiringId, begins: datetime) -> Path:
    """``20261124-073000 morning@2026-11-24T07:30:00.wav``, with a number when an airing goes on."""
    safe = re.sub(r"[^\w@.-]", "-", airing)
    stem = f"{begins:%Y%m%d-%H%M%S} {safe}"
    path = folder / f"{stem}.wav"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}.wav"
        number += 1
    return path
