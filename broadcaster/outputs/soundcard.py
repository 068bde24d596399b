"""Plays to a sound card through PortAudio, by the card's name: numbers change after a power cut."""

from __future__ import annotations

import os
import time
from typing import Any

from broadcaster.errors import OutputLost
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.timetable import Channel
from broadcaster.model.words import Sentence
from broadcaster.ports import Fill

BLOCK = CLIP_RATE_HZ // 50
"""20 ms: at 9 ms samples were dropped under load, at 20 ms none."""
PULSE = "pulse:"


class SoundCardOutput:
    """An always-open stream of 48 kHz, 20 ms blocks, on one wire of the card or on all."""

    def __init__(self, device: str, channel: Channel = Channel.BOTH) -> None:
        """Finds the device. Raises OutputLost when there is none of that name."""
        if device.startswith(PULSE):
            os.environ["PULSE_SINK"] = device.removeprefix(PULSE)
            device = "pulse"
        import sounddevice

        self._sounddevice = sounddevice
        self._channel = channel
        self._device = find_device(device, _devices(sounddevice))
        self._stream: Any = None
        self._fill: Fill | None = None
        self._ended = False
        self.underruns = 0

    @property
    def latency_ms(self) -> float:
        return float(self._stream.latency * 1000) if self._stream is not None else 0.0

    def start(self, fill: Fill) -> None:
        self._fill = fill
        try:
            self._stream = self._sounddevice.OutputStream(
                samplerate=CLIP_RATE_HZ,
                blocksize=BLOCK,
                device=self._device,
                channels=1 if self._channel is Channel.BOTH else 2,
                dtype="float32",
                latency="low",
                callback=self._callback,
                finished_callback=self._finished,
            )
            self._stream.start()
        except (self._sounddevice.PortAudioError, ValueError) as error:
            raise OutputLost(Sentence(f"声卡打不开：{error}", f"the sound card cannot be opened: {error}")) from error

    def is_alive(self) -> bool:
        return self._stream is not None and not self._ended and bool(self._stream.active)

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _callback(self, out: Any, frames: int, moment: Any, status: Any) -> None:
        if status.output_underflow:
            self.underruns += 1
        heard_at = time.monotonic() + (moment.outputBufferDacTime - moment.currentTime)
        assert self._fill is not None
        wire = 1 if self._channel is Channel.RIGHT else 0
        out[:, wire] = self._fill(frames, heard_at)
        if out.shape[1] == 2:
            out[:, 1 - wire] = 0.0

    def _finished(self) -> None:
        self._ended = True


def find_device(name: str, devices: list[tuple[int, str]]) -> int | None:
    """The number of the card called *name* today: exactly, or the only one that holds it. None: the default card.

    *devices*: number and name of every card that can play. Raises OutputLost.
    """
    if not devices:
        raise OutputLost(Sentence("这台电脑没有声卡。", "this machine has no sound card."))
    exact = [number for number, known in devices if known == name]
    if exact:
        return exact[0]
    if name in ("", "default"):
        return None
    close = [number for number, known in devices if name.lower() in known.lower()]
    if len(close) == 1:
        return close[0]
    listed = "、".join(known for _, known in devices)
    how = "不止一个" if close else "没有"
    raise OutputLost(
        Sentence(
            f"{how}叫“{name}”的声卡。现在有：{listed}。",
            f"there is {'more than one' if close else 'no'} sound card called {name!r}. Known: {listed}.",
        )
    )


def _devices(sounddevice: Any) -> list[tuple[int, str]]:
    try:
        found = sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        raise OutputLost(Sentence(f"声卡系统出错：{error}", f"the sound system failed: {error}")) from error
    return [(number, one["name"]) for number, one in enumerate(found) if one["max_output_channels"] > 0]
