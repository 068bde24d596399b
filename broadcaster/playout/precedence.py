"""How a deck goes before everything else on the machine, as far as the system lets it: a late block is a hole."""

from __future__ import annotations

import gc
import os
import resource
import sys
from contextlib import suppress

SWITCH_S = 0.001
"""A thread that wants to go on waits no longer for another; Python's own 5 ms are half a block."""
MOST_AT_A_STRETCH_US = 2_000_000
"""A deck that computes for so long without a rest has gone wrong; the system ends it before it starves the machine."""


def be_brief() -> None:
    """Keep the interpreter itself from standing still: called once all is imported."""
    gc.collect()
    gc.freeze()  # a look through all that was imported takes longer than a block lasts
    sys.setswitchinterval(SWITCH_S)


def go_first() -> None:
    """For the calling thread and those that it starts."""
    with suppress(OSError, ValueError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        resource.setrlimit(resource.RLIMIT_RTTIME, (MOST_AT_A_STRETCH_US, MOST_AT_A_STRETCH_US))


def let_others_go_first(pid: int = 0) -> None:
    """For the calling thread, or a process that it has started: what may take long must not keep the sound server, or
    the other decks, from their work.
    """
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
