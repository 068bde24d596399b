"""The machine's clocks, and whether the wall clock can be believed."""

from __future__ import annotations

import ctypes
import ctypes.util
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadcaster.model.words import Sentence

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No station runs before its own program was written: an earlier clock is wrong."""

STEP = timedelta(milliseconds=500)
"""A difference between wall and monotonic clock beyond this is a step, not a slow adjustment."""

_TIME_ERROR = 5
_TIMEX_BYTES = 1024  # larger than struct timex on any Linux


class SystemClock:
    """The operating system's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def is_synchronised(self) -> bool:
        """What the kernel says (``adjtimex``): True when a time source disciplines the clock.

        Where the kernel cannot be asked, False: the station then relies on what it last saw.
        """
        try:
            libc = ctypes.CDLL(ctypes.util.find_library("c") or "libc.so.6")
            state = libc.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        except (OSError, AttributeError):
            return False
        return bool(0 <= state < _TIME_ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whether scheduled sound may rely on the wall clock, and why not."""

    is_trusted: bool
    why_not: Sentence | None = None


def judge_clock(now: datetime, *, last_seen: datetime | None, is_synchronised: bool, was_trusted: bool) -> Trust:
    """Right after a boot a clock that is not synchronised and earlier than the station last saw is not believed.

    Once believed it stays believed while the station runs: a step that somebody made, or a time source, is the
    better time, unless it leads to before the program was written. A synchronised clock is believed whatever the log
    holds, so that a clock which once ran ahead cannot silence the village afterwards.
    """
    if is_synchronised or (was_trusted and now >= RELEASED):
        return Trust(is_trusted=True)
    latest = max(RELEASED, last_seen) if last_seen is not None else RELEASED
    if now >= latest:
        return Trust(is_trusted=True)
    return Trust(
        is_trusted=False,
        why_not=Sentence(
            f"时钟不可信：现在显示 {now:%Y-%m-%d %H:%M}，比上次记录的 {latest:%Y-%m-%d %H:%M}（UTC）还早。"
            "节目先不播，紧急广播照常。请联网对时，或核对时间后运行 dalaba trust-clock",
            f"the clock is not trusted: it shows {now:%Y-%m-%d %H:%M}, earlier than {latest:%Y-%m-%d %H:%M} (UTC), "
            "which this station has already seen. Scheduled sound holds, emergencies work. Connect to a time server, "
            "or check the time and run: dalaba trust-clock",
        ),
    )


@dataclass(slots=True)
class StepWatch:
    """Notices that the wall clock was set, by how far it moved against the monotonic one."""

    offset: float | None = None

    def moved(self, now: datetime, monotonic: float) -> timedelta:
        """How far the wall clock was stepped since the last call; zero for less than half a second."""
        offset = now.timestamp() - monotonic
        before, self.offset = self.offset, offset
        if before is None or abs(offset - before) < STEP.total_seconds():
            return timedelta()
        return timedelta(seconds=offset - before)
