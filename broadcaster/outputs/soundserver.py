"""Plays to a sink of the sound server (PulseAudio, or PipeWire in its place), far enough ahead that nothing is missing
when the machine stands still for a moment, and takes back what was not heard yet when something must be heard at once.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from broadcaster.errors import OutputLost
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.outputs import Channel
from broadcaster.model.words import Sentence
from broadcaster.outputs import libpulse
from broadcaster.ports import Fill, Refill

if TYPE_CHECKING:
    from broadcaster.ports import Samples

BLOCK = CLIP_RATE_HZ // 50
AHEAD_S = 0.2
"""So much is sent before it is heard: a third of it lies in the sink, the rest before it. On two busy cores a machine
may stand still for 35 ms; what has to be heard at once does not wait for it."""
UNTOUCHED_S = 0.01
"""What is heard sooner than this is not taken back any more: it might be on its way to the horns already."""
SAMPLE_BYTES = 4
ANSWERS_WITHIN_S = 5.0
CLOSING_S = 1.0
LOOKED_AT_EVERY = 10
"""Blocks from one look at the place of the server to the next."""
TRUSTED_S = 2.0
"""So long the quickest answer is believed before the slower ones; cards drift by 0.1 ms in that time."""
PULSE = "pulse:"
MAY_BE_A_CARD = ("", "default")
"""The default sink, or where no server is, the default card of the system."""


class NoSoundServer(OutputLost):
    """None answers on this machine."""


def sink_of(device: str) -> str | None:
    """The sink that *device* names; empty: the server's default one. None: it is no sink, but a card."""
    if device == "pulse" or device in MAY_BE_A_CARD:
        return ""
    return device.removeprefix(PULSE) if device.startswith(PULSE) else None


class SoundServerOutput:
    """An always-open stream of 48 kHz, on one wire of the sink or on all. The server never moves it to another sink."""

    def __init__(self, sink: str, channel: Channel = Channel.BOTH) -> None:
        """*sink*: its name; empty: the server's default."""
        self._sink = sink.encode() or None
        self._channel = channel
        self._channels = 1 if channel is Channel.BOTH else 2
        self._fill: Fill | None = None
        self._pulse: Any = None
        self._loop: Any = None
        self._context: Any = None
        self._stream: Any = None
        self._sent = 0
        """Samples since the stream began."""
        self._lying: Samples = np.zeros(round(2 * AHEAD_S * CLIP_RATE_HZ), dtype=np.float32)
        """The last of them."""
        self._began: float | None = None
        """The instant at which the first sample was heard, monotonic s, as the server sees it now."""
        self._asked, self._answered, self._round_trip = 0.0, 0.0, 0.0
        self._blocks = 0
        self._is_asking = False
        self._has_answered = threading.Event()
        self._is_closing = False
        self._in_use = threading.Lock()
        """Held by whoever takes back, so that the library is not freed under it."""
        self.ended = threading.Event()
        """Set as soon as the sink, or the server, has gone."""
        self.underruns = 0
        self._kept = (
            libpulse.Notified(self._context_changed),
            libpulse.Notified(self._stream_changed),
            libpulse.Requested(self._requested),
            libpulse.Notified(self._underflowed),
            libpulse.Answered(self._looked),
        )
        """The library calls these as long as it runs."""

    @property
    def latency_ms(self) -> float:
        return AHEAD_S * 1000

    def start(self, fill: Fill) -> None:
        """Raises OutputLost, and of that NoSoundServer."""
        self._fill = fill
        self._connect()
        self._has_answered.clear()
        with self._locked():
            self._open_stream()
        if not self._has_answered.wait(ANSWERS_WITHIN_S) or self.ended.is_set():
            why = self._why()
            self.close()
            name = self._sink.decode() if self._sink else "default"
            raise OutputLost(
                Sentence(f"声卡“{name}”打不开：{why}。", f"the sound card {name!r} cannot be opened: {why}.")
            )

    def is_alive(self) -> bool:
        return self._stream is not None and self._fill is not None and not self.ended.is_set()

    def hasten(self, refill: Refill) -> bool:
        with self._in_use, self._locked():
            if not self.is_alive() or self._began is None or self._is_closing:
                return False
            first = round((time.monotonic() - self._began + UNTOUCHED_S) * CLIP_RATE_HZ)
            count = min(self._sent - first, len(self._lying))
            if count <= 0:
                return False
            first = self._sent - count
            block = refill(self._lying[-count:].copy(), self._began + first / CLIP_RATE_HZ)
            if block is not None:
                self._lying[-count:] = block
                self._write(block, -count)
            return True

    def close(self) -> None:
        if self._loop is None:
            return
        with self._locked():
            self._is_closing = True
            rest_s = 0.0 if self._began is None else self._began + self._sent / CLIP_RATE_HZ - time.monotonic()
        if self.is_alive():
            self.ended.wait(min(max(0.0, rest_s), CLOSING_S))
        self.ended.set()
        with self._in_use:
            loop, self._loop = self._loop, None
        self._pulse.pa_threaded_mainloop_stop(loop)
        if self._stream is not None:
            self._pulse.pa_stream_disconnect(self._stream)
            self._pulse.pa_stream_unref(self._stream)
            self._stream = None
        self._pulse.pa_context_disconnect(self._context)
        self._pulse.pa_context_unref(self._context)
        self._pulse.pa_threaded_mainloop_free(loop)

    def _connect(self) -> None:
        try:
            pulse = self._pulse = libpulse.library()
        except OSError as error:
            raise NoSoundServer(Sentence(f"没有 libpulse：{error}", f"there is no libpulse: {error}")) from error
        context_changed = self._kept[0]
        self._loop = pulse.pa_threaded_mainloop_new()
        self._context = pulse.pa_context_new(pulse.pa_threaded_mainloop_get_api(self._loop), b"dalaba")
        pulse.pa_context_set_state_callback(self._context, context_changed, None)
        pulse.pa_context_connect(self._context, None, libpulse.NO_AUTOSPAWN, None)
        pulse.pa_threaded_mainloop_start(self._loop)
        if not self._has_answered.wait(ANSWERS_WITHIN_S) or self.ended.is_set():
            why = self._why()
            self.close()
            raise NoSoundServer(Sentence(f"声音服务器没有回答：{why}。", f"no sound server answers: {why}."))

    def _open_stream(self) -> None:
        pulse, (_, stream_changed, requested, underflowed, _) = self._pulse, self._kept
        spec = libpulse.SampleSpec(libpulse.FLOAT32LE, CLIP_RATE_HZ, self._channels)
        self._stream = stream = pulse.pa_stream_new(self._context, b"dalaba", ctypes.byref(spec), None)
        pulse.pa_stream_set_state_callback(stream, stream_changed, None)
        pulse.pa_stream_set_write_callback(stream, requested, None)
        pulse.pa_stream_set_underflow_callback(stream, underflowed, None)
        ahead, block = (round(frames) * self._channels * SAMPLE_BYTES for frames in (AHEAD_S * CLIP_RATE_HZ, BLOCK))
        rest = libpulse.AS_THE_SERVER_LIKES
        sizes = libpulse.BufferAttr(maxlength=rest, tlength=ahead, prebuf=0, minreq=block, fragsize=rest)
        volume = libpulse.Volume(self._channels, (ctypes.c_uint32 * 32)(*[libpulse.FULL_VOLUME] * self._channels))
        flags = libpulse.DONT_MOVE | libpulse.ADJUST_LATENCY | libpulse.START_UNMUTED
        pulse.pa_stream_connect_playback(
            stream, self._sink, ctypes.byref(sizes), flags, ctypes.byref(volume), None
        )  # with a volume of its own, so that the server recalls none that somebody once set

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """While the thread of the library stands still, so that no block is asked for."""
        loop = self._loop
        if loop is None:
            yield
            return
        self._pulse.pa_threaded_mainloop_lock(loop)
        try:
            yield
        finally:
            self._pulse.pa_threaded_mainloop_unlock(loop)

    def _why(self) -> str:
        code = self._pulse.pa_context_errno(self._context)
        return str(self._pulse.pa_strerror(code).decode(errors="replace")) if code else "no answer"

    # --- on the thread of the library -------------------------------------------------------------------------

    def _context_changed(self, context: Any, _data: Any) -> None:
        match self._pulse.pa_context_get_state(context):
            case libpulse.CONTEXT_READY:
                self._has_answered.set()
            case libpulse.CONTEXT_FAILED | libpulse.CONTEXT_TERMINATED:
                self._gone()

    def _stream_changed(self, stream: Any, _data: Any) -> None:
        match self._pulse.pa_stream_get_state(stream):
            case libpulse.STREAM_READY:
                self._look()
            case libpulse.STREAM_FAILED | libpulse.STREAM_TERMINATED:
                self._gone()

    def _gone(self) -> None:
        self.ended.set()
        self._has_answered.set()

    def _underflowed(self, _stream: Any, _data: Any) -> None:
        if not self._is_closing:
            self.underruns += 1
        self._answered = 0.0  # its place may have changed: believe the next answer

    def _requested(self, _stream: Any, size: int, _data: Any) -> None:
        for _ in range(size // (BLOCK * self._channels * SAMPLE_BYTES)):
            if self._began is None or self._is_closing:
                block = np.zeros(BLOCK, dtype=np.float32)
            else:
                assert self._fill is not None
                block = self._fill(BLOCK, self._began + self._sent / CLIP_RATE_HZ)
            self._lying = np.concatenate([self._lying[BLOCK:], block])
            self._sent += BLOCK
            self._write(block, 0)
            self._blocks += 1
            if self._began is None or self._blocks % LOOKED_AT_EVERY == 0:
                self._look()

    def _write(self, block: Samples, seek: int) -> None:
        if self._channels == 2:
            wires = np.zeros((len(block), 2), dtype=np.float32)
            wires[:, 1 if self._channel is Channel.RIGHT else 0] = block
            block = wires
        data = np.ascontiguousarray(block, dtype="<f4")
        offset = seek * self._channels * SAMPLE_BYTES
        self._pulse.pa_stream_write(self._stream, data.ctypes.data, data.nbytes, None, offset, libpulse.RELATIVE)

    def _look(self) -> None:
        """Ask the server where it is, one question at a time."""
        if self._is_asking:
            return
        self._is_asking, self._asked = True, time.monotonic()
        operation = self._pulse.pa_stream_update_timing_info(self._stream, self._kept[4], None)
        if operation:
            self._pulse.pa_operation_unref(operation)

    def _looked(self, stream: Any, is_good: int, _data: Any) -> None:
        """Its answer holds for the middle of the time that it took; the quickest is the most exact."""
        now = time.monotonic()
        self._is_asking = False
        about = self._pulse.pa_stream_get_timing_info(stream) if is_good else None
        if not about:
            return
        round_trip = now - self._asked
        if round_trip <= 1.5 * self._round_trip or now - self._answered > TRUSTED_S:
            at = about.contents
            heard_s = at.read_index / (self._channels * SAMPLE_BYTES * CLIP_RATE_HZ) - at.sink_usec / 1e6
            self._began = now - round_trip / 2 - heard_s
            self._answered, self._round_trip = now, round_trip
        self._has_answered.set()


def is_there(sink: str) -> bool:
    """Whether it could be opened now."""
    output = None
    try:
        output = SoundServerOutput(sink)
        output.start(lambda frames, _: np.zeros(frames, dtype=np.float32))
    except OutputLost:
        return False
    finally:
        if output is not None:
            output.close()
    return True
