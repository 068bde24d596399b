"""The child process that listens for one deck: ``python -m broadcaster.playout.ear --device NAME``.

Blocks that were sent come in, reports go out, each with a line that says it lives. A microphone that hangs, or is not
there, is told of; nothing here can hold up the deck, which never waits for it.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np

from broadcaster.errors import OutputLost
from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.outputs.soundcard import find_device
from broadcaster.playout.attention import Attention
from broadcaster.playout.cue import Deaf, Listened, Report
from broadcaster.playout.framing import read_frame
from broadcaster.playout.listening import Samples
from broadcaster.playout.wire import encode

BLOCK = CLIP_RATE_HZ // 50
LATENCY_S = 0.05
TURN_S = 0.25
SILENT_S = 3.0
"""A microphone that gives no block for so long hangs."""
TRY_AGAIN_S = 5.0
PULSE = "pulse:"
HANGS = Sentence("它不给声音", "it gives no sound")


class Microphone:
    """Opened on a thread of its own, since opening may hang; ``blocks`` fills up as long as it is there."""

    def __init__(self, device: str) -> None:
        self._device = device
        self.blocks: deque[tuple[float, Samples]] = deque(maxlen=500)
        self.last_at = time.monotonic()
        self.why_not: Sentence | None = None
        """Nothing to say: it is open. None: not known yet."""
        threading.Thread(target=self._keep_open, name="microphone", daemon=True).start()

    def _keep_open(self) -> None:
        while True:
            try:
                self._open()
            except OutputLost as error:
                self.why_not = error.sentence
            except (OSError, ValueError) as error:
                self.why_not = Sentence(f"打不开：{error}", f"it cannot be opened: {error}")
            time.sleep(TRY_AGAIN_S)

    def _open(self) -> None:
        """Listens until the microphone is gone. Raises OutputLost, OSError, ValueError."""
        import sounddevice

        name = self._device
        if name.startswith(PULSE):
            os.environ["PULSE_SOURCE"] = name.removeprefix(PULSE)
            name = "pulse"
        try:
            sounddevice._terminate()
            sounddevice._initialize()  # it knows the cards of its first look only
            known = [(n, one["name"]) for n, one in enumerate(sounddevice.query_devices()) if one["max_input_channels"]]
            stream = sounddevice.InputStream(
                samplerate=CLIP_RATE_HZ,
                blocksize=BLOCK,
                device=find_device(name, known),
                channels=1,
                dtype="float32",
                latency=LATENCY_S,
                callback=self._take,
            )
            with stream:
                opened_at = self.last_at = time.monotonic()
                while stream.active and time.monotonic() - self.last_at < SILENT_S:
                    if self.last_at > opened_at:
                        self.why_not = NOTHING_TO_SAY
                    time.sleep(TURN_S)
        except sounddevice.PortAudioError as error:
            raise OutputLost(Sentence(f"打不开：{error}", f"it cannot be opened: {error}")) from error
        raise OutputLost(HANGS)

    def _take(self, data: Any, frames: int, moment: Any, _status: Any) -> None:
        now = self.last_at = time.monotonic()
        age_s = moment.currentTime - moment.inputBufferAdcTime
        if not 0 < age_s < 1:  # not every driver tells
            age_s = frames / CLIP_RATE_HZ
        self.blocks.append((now - age_s, data[:, 0].copy()))


class Ear:
    """Joins what was sent and what the microphone takes in."""

    def __init__(self, device: str, sent: BinaryIO) -> None:
        self._device = device
        self._sent = sent
        self._frames: deque[tuple[AiringId, float, Samples | None]] = deque()
        self._is_over = threading.Event()
        self._attention = Attention()
        self._told: Sentence | None = None

    def run(self) -> None:
        """Until the deck is gone."""
        threading.Thread(target=self._read, name="sent", daemon=True).start()
        microphone = Microphone(self._device)
        while not self._is_over.wait(TURN_S):
            self._listen(microphone)
            self._tell_of(microphone)
            _line("")

    def _listen(self, microphone: Microphone) -> None:
        while self._frames:
            airing, at, samples = self._frames.popleft()
            if samples is None:
                self._attention.over(airing)
            else:
                self._attention.sent(airing, at, samples)
        while microphone.blocks:
            self._attention.taken(*microphone.blocks.popleft())
        for airing, verdict in self._attention.verdicts(time.monotonic()):
            told = Listened(airing=airing, heard=verdict.heard, delay_ms=verdict.delay_ms, level_db=verdict.level_db)
            _say(told)

    def _tell_of(self, microphone: Microphone) -> None:
        why = microphone.why_not
        if (why is None or not why.zh) and time.monotonic() - microphone.last_at > SILENT_S:
            why = HANGS
        if why is not None and why != self._told:
            self._told = why
            _say(Deaf(reason=why))

    def _read(self) -> None:
        while (frame := read_frame(self._sent)) is not None:
            samples: Samples | None = None
            if frame.data:
                samples = np.frombuffer(frame.data, dtype="<i2").astype(np.float32) / np.float32(32768)
            self._frames.append((frame.airing, frame.at, samples))
        self._is_over.set()


def _say(report: Report) -> None:
    _line(encode(report))


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", required=True)
    args = parser.parse_args()
    Ear(args.device, sys.stdin.buffer).run()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
    os._exit(0)  # a sound driver that hangs at its end must not keep us
