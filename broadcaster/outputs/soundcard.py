"""Plays to a sound card itself through PortAudio, by the card's name: numbers change after a power cut."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from broadcaster.errors import OutputLost
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.outputs import Channel
from broadcaster.model.words import Sentence
from broadcaster.ports import Fill

BLOCK = CLIP_RATE_HZ // 100
LATENCY_S = 0.03
"""Three blocks of 10 ms wait in the device. Under three busy loops on two cores 20 ms dropped samples, 30 ms none;
40 ms in blocks of 20 would make an emergency wait up to 62 ms, this at most 43."""
MOST_WAITED_S = 0.1
"""Between the device's look at its clock and ours; more is another clock, or one that was set in between."""
CLOSING_S = 1.0
"""A device that does not play out and end within this is left to the end of the process."""


def warm_up() -> None:
    """Import what takes long. Which cards there are is looked at when one is opened, perhaps days later."""
    with suppress(OSError):  # no PortAudio: opening a card says so
        import sounddevice

        sounddevice._terminate()


class SoundCardOutput:
    """An always-open stream of 48 kHz, on one wire of the card or on all."""

    def __init__(self, device: str, channel: Channel = Channel.BOTH) -> None:
        """Finds the device. Raises OutputLost when there is none of that name."""
        import sounddevice

        if not sounddevice._initialized:
            _initialize(sounddevice)
        self._sounddevice = sounddevice
        self._channel = channel
        self._device = find_device(device, _devices(sounddevice))
        self._stream: Any = None
        self._fill: Fill | None = None
        self.ended = threading.Event()
        """Set as soon as the device has gone."""
        self._is_closing = threading.Event()
        self._has_played_out = threading.Event()
        self._pushed_s = 0.0
        """Silence that was written since the end began."""
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
                latency=LATENCY_S,
                callback=self._callback,
                finished_callback=self._finished,
            )
            self._stream.start()
        except (self._sounddevice.PortAudioError, ValueError) as error:
            raise OutputLost(Sentence(f"声卡打不开：{error}", f"the sound card cannot be opened: {error}")) from error

    def is_alive(self) -> bool:
        return self._stream is not None and not self.ended.is_set() and bool(self._stream.active)

    def close(self) -> None:
        # PortAudio's own stop drops what lies in the device (measured: the last 40 ms). Silence pushes it out.
        self._is_closing.set()
        if self.is_alive():
            self._has_played_out.wait(CLOSING_S)
        stream, self._stream = self._stream, None
        ending = threading.Thread(target=_end, args=(stream,), name="closing", daemon=True)
        ending.start()
        ending.join(CLOSING_S)

    def _callback(self, out: Any, frames: int, moment: Any, status: Any) -> None:
        if status.output_underflow:
            self.underruns += 1
        ahead_s = moment.outputBufferDacTime - moment.currentTime
        if ahead_s <= 0:  # so says the first block: the device does not know yet
            ahead_s = LATENCY_S
        ahead_s -= waited_s(moment.currentTime, time.time(), time.monotonic())
        if self._is_closing.is_set():
            out[:] = 0
            self._pushed_s += frames / CLIP_RATE_HZ
            if self._pushed_s > ahead_s + frames / CLIP_RATE_HZ:
                self._has_played_out.set()
            return
        assert self._fill is not None
        wire = 1 if self._channel is Channel.RIGHT else 0
        out[:, wire] = self._fill(frames, time.monotonic() + ahead_s)
        if out.shape[1] == 2:
            out[:, 1 - wire] = 0.0

    def _finished(self) -> None:
        self.ended.set()


def waited_s(looked_at: float, *now: float) -> float:
    """How long ago the device looked at its clock, which is one of those that say *now*, by how PortAudio was built.

    On a busy machine the interpreter keeps us waiting for milliseconds, which must not shift an airing. 0: unknown.
    """
    return next((late for one in now if 0 <= (late := one - looked_at) < MOST_WAITED_S), 0.0)


def _end(stream: Any) -> None:
    if stream is not None:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)


def is_there(card: str) -> bool:
    """Whether it could be opened now. Only while this process plays to none: PortAudio looks anew."""
    try:
        import sounddevice

        if sounddevice._initialized:
            sounddevice._terminate()
        sounddevice._initialize()
        device = find_device(card, _devices(sounddevice))
        sounddevice.check_output_settings(device=device, channels=1, samplerate=CLIP_RATE_HZ)
    except (OutputLost, OSError, ValueError, sounddevice.PortAudioError):
        return False
    return True


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


def _initialize(sounddevice: Any) -> None:
    try:
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise OutputLost(Sentence(f"声卡系统出错：{error}", f"the sound system failed: {error}")) from error


def _devices(sounddevice: Any) -> list[tuple[int, str]]:
    try:
        found = sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        raise OutputLost(Sentence(f"声卡系统出错：{error}", f"the sound system failed: {error}")) from error
    return [(number, one["name"]) for number, one in enumerate(found) if one["max_output_channels"] > 0]
