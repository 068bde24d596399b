"""Memory and processor of a station that waits, its stream to the sound card open."""

import threading
import time

from broadcaster.door import Door
from tests.bench import liquidsoap
from tests.bench.table import Row, Table
from tests.bench.village import family, memory_mb, processor_s, running, wait_until

RENDER_ENDS_S = 75


def measure(*, is_quick):
    with running() as (home, _, process):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 300)
        threading.Event().wait(1 if is_quick else RENDER_ENDS_S)
        pids = family(process.pid)
        before, began = sum(map(processor_s, pids)), time.monotonic()
        threading.Event().wait(2 if is_quick else 60)
        share = 100 * (sum(map(processor_s, pids)) - before) / (time.monotonic() - began)
        megabytes = [memory_mb(pid) for pid in pids]
        underruns = sum(output["underruns"] for output in door.get("/api/status")["outputs"])
    other_mb, other_share = liquidsoap.idle(2 if is_quick else 60)
    yield Table(
        "Idle: memory of all processes",
        "MB",
        (Row("dalaba", (sum(megabytes),), f"{len(pids)} processes"), Row("Liquidsoap", (other_mb,))),
    )
    yield Table(
        "Idle: processor",
        "% of a core",
        (Row("dalaba", (share,), f"{underruns} underruns"), Row("Liquidsoap", (other_share,))),
    )
