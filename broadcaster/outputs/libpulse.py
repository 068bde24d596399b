"""libpulse, the sound server's own library: the few functions that playing needs, and the shapes of what they take.

PortAudio reaches the server by way of ALSA, which can take back nothing that it has sent.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

CONTEXT_READY, CONTEXT_FAILED, CONTEXT_TERMINATED = 4, 5, 6
STREAM_READY, STREAM_FAILED, STREAM_TERMINATED = 2, 3, 4
NO_AUTOSPAWN = 0x1
DONT_MOVE, ADJUST_LATENCY, START_UNMUTED = 0x200, 0x2000, 0x10000
FLOAT32LE = 5
RELATIVE = 0
"""Seek from where the next sample would go."""
FULL_VOLUME = 0x10000
AS_THE_SERVER_LIKES = 0xFFFFFFFF

Notified = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
Requested = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
Answered = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class Volume(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("values", ctypes.c_uint32 * 32))


class BufferAttr(ctypes.Structure):
    """All in bytes."""

    _fields_ = tuple((name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


class TimingInfo(ctypes.Structure):
    """How it begins. Indices count bytes of the stream."""

    _fields_ = (
        ("seconds", ctypes.c_long),
        ("microseconds", ctypes.c_long),
        ("synchronized_clocks", ctypes.c_int),
        ("sink_usec", ctypes.c_uint64),
        ("source_usec", ctypes.c_uint64),
        ("transport_usec", ctypes.c_uint64),
        ("playing", ctypes.c_int),
        ("write_index_corrupt", ctypes.c_int),
        ("write_index", ctypes.c_int64),
        ("read_index_corrupt", ctypes.c_int),
        ("read_index", ctypes.c_int64),
    )


@cache
def library() -> Any:
    """libpulse, told what its functions take. Raises OSError where it is not installed."""
    pulse = ctypes.CDLL("libpulse.so.0")
    pointer, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
    shapes: dict[str, tuple[Any, list[Any]]] = {
        "pa_threaded_mainloop_new": (pointer, []),
        "pa_threaded_mainloop_get_api": (pointer, [pointer]),
        "pa_threaded_mainloop_start": (number, [pointer]),
        "pa_threaded_mainloop_stop": (None, [pointer]),
        "pa_threaded_mainloop_free": (None, [pointer]),
        "pa_threaded_mainloop_lock": (None, [pointer]),
        "pa_threaded_mainloop_unlock": (None, [pointer]),
        "pa_context_new": (pointer, [pointer, text]),
        "pa_context_set_state_callback": (None, [pointer, Notified, pointer]),
        "pa_context_connect": (number, [pointer, text, number, pointer]),
        "pa_context_get_state": (number, [pointer]),
        "pa_context_errno": (number, [pointer]),
        "pa_context_disconnect": (None, [pointer]),
        "pa_context_unref": (None, [pointer]),
        "pa_strerror": (text, [number]),
        "pa_stream_new": (pointer, [pointer, text, ctypes.POINTER(SampleSpec), pointer]),
        "pa_stream_set_state_callback": (None, [pointer, Notified, pointer]),
        "pa_stream_set_write_callback": (None, [pointer, Requested, pointer]),
        "pa_stream_set_underflow_callback": (None, [pointer, Notified, pointer]),
        "pa_stream_connect_playback": (
            number,
            [pointer, text, ctypes.POINTER(BufferAttr), number, ctypes.POINTER(Volume), pointer],
        ),
        "pa_stream_get_state": (number, [pointer]),
        "pa_stream_write": (number, [pointer, pointer, size, pointer, ctypes.c_int64, number]),
        "pa_stream_update_timing_info": (pointer, [pointer, Answered, pointer]),
        "pa_stream_get_timing_info": (ctypes.POINTER(TimingInfo), [pointer]),
        "pa_stream_disconnect": (number, [pointer]),
        "pa_stream_unref": (None, [pointer]),
        "pa_operation_unref": (None, [pointer]),
    }
    for name, (result, takes) in shapes.items():
        function = getattr(pulse, name)
        function.restype, function.argtypes = result, takes
    return pulse
