"""Notices at once that a sink of the sound server has gone, which the stream that plays to it is not told.

The server then moves the stream to another sink: what is meant for one end of the village, or for headphones, would
be heard from the horns of the other (measured: for three seconds, until the deck missed its card). libpulse can open
a stream that is never moved; the way by PortAudio and ALSA cannot, so whoever plays has to end it itself.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

READY, FAILED, TERMINATED = 4, 5, 6
"""States of a connection."""
NO_AUTOSPAWN = 1
OF_SINKS = 1
FACILITY, KIND, REMOVED = 0x0F, 0x70, 0x20

StateChanged = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
Happened = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)
Described = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class SinkHead(ctypes.Structure):
    """How the server's description of a sink begins."""

    _fields_ = (("name", ctypes.c_char_p), ("index", ctypes.c_uint32))


class SinkWatch:
    """A connection of its own to the sound server. Without libpulse there is no such server, and nothing to watch."""

    def __init__(self, sink: str, on_gone: Callable[[], None]) -> None:
        """*on_gone* is called on a thread of the library, once, and must not wait for this watch to close."""
        self._sink = sink.encode()
        self._on_gone = on_gone
        self._index: int | None = None
        self._is_over = False
        self._loop: Any = None
        self._context: Any = None
        self._kept = (StateChanged(self._state_changed), Happened(self._happened), Described(self._described))
        """The library calls these as long as it runs."""
        try:
            self._pulse = _library()
        except OSError:
            return
        self._connect()

    def close(self) -> None:
        """Safe to call twice."""
        self._is_over = True
        loop, self._loop = self._loop, None
        if loop:
            self._pulse.pa_threaded_mainloop_stop(loop)
            self._pulse.pa_context_disconnect(self._context)
            self._pulse.pa_context_unref(self._context)
            self._pulse.pa_threaded_mainloop_free(loop)

    def _connect(self) -> None:
        pulse, (state_changed, happened, _) = self._pulse, self._kept
        self._loop = pulse.pa_threaded_mainloop_new()
        self._context = pulse.pa_context_new(pulse.pa_threaded_mainloop_get_api(self._loop), b"dalaba watch")
        pulse.pa_context_set_state_callback(self._context, state_changed, None)
        pulse.pa_context_set_subscribe_callback(self._context, happened, None)
        pulse.pa_context_connect(self._context, None, NO_AUTOSPAWN, None)
        pulse.pa_threaded_mainloop_start(self._loop)

    # --- on the thread of the library -------------------------------------------------------------------------

    def _state_changed(self, context: Any, _data: Any) -> None:
        match self._pulse.pa_context_get_state(context):
            case state if state == READY:  # first be told of changes, then look: nothing happens unseen between the two
                self._done(self._pulse.pa_context_subscribe(context, OF_SINKS, None, None))
                described = self._kept[2]
                self._done(self._pulse.pa_context_get_sink_info_by_name(context, self._sink, described, None))
            case state if state in (FAILED, TERMINATED):
                self._gone()

    def _described(self, _context: Any, about: Any, end: int, _data: Any) -> None:
        if about:
            self._index = ctypes.cast(about, ctypes.POINTER(SinkHead)).contents.index
        elif end < 0:  # there is none of this name
            self._gone()

    def _happened(self, _context: Any, what: int, index: int, _data: Any) -> None:
        if what & FACILITY == 0 and what & KIND == REMOVED and index == self._index:
            self._gone()

    def _gone(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._on_gone()

    def _done(self, operation: Any) -> None:
        if operation:
            self._pulse.pa_operation_unref(operation)


def _library() -> Any:
    """libpulse, told what its functions take. Raises OSError where it is not installed."""
    pulse = ctypes.CDLL("libpulse.so.0")
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    shapes: dict[str, tuple[Any, list[Any]]] = {
        "pa_threaded_mainloop_new": (pointer, []),
        "pa_threaded_mainloop_get_api": (pointer, [pointer]),
        "pa_threaded_mainloop_start": (number, [pointer]),
        "pa_threaded_mainloop_stop": (None, [pointer]),
        "pa_threaded_mainloop_free": (None, [pointer]),
        "pa_context_new": (pointer, [pointer, text]),
        "pa_context_set_state_callback": (None, [pointer, StateChanged, pointer]),
        "pa_context_set_subscribe_callback": (None, [pointer, Happened, pointer]),
        "pa_context_connect": (number, [pointer, text, number, pointer]),
        "pa_context_get_state": (number, [pointer]),
        "pa_context_subscribe": (pointer, [pointer, number, pointer, pointer]),
        "pa_context_get_sink_info_by_name": (pointer, [pointer, text, Described, pointer]),
        "pa_context_disconnect": (None, [pointer]),
        "pa_context_unref": (None, [pointer]),
        "pa_operation_unref": (None, [pointer]),
    }
    for name, (result, takes) in shapes.items():
        function = getattr(pulse, name)
        function.restype, function.argtypes = result, takes
    return pulse
