"""A stormy day on a fast clock: what was planned, what broke, what became of every airing, and what was heard.

Real: planner, ledger, as-run log and SQLite file, recovery, desk of emergencies, clock judgement, clips on the disk and
their hashes, mixer with gate, policy, layers and fades. Stand-ins: the clocks, the speech engine (clips that say in
their samples what they are), the processes and pipes of the decks, the sound card (an ear that reads every sample).
"""

import logging
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.simulation.storm import FULL_DAY, Storm
from tests.simulation.verdict import Verdict

DAY = replace(FULL_DAY, airings=200, emergencies=40, deck_kills=10, station_kills=4, others=8, talks=10, daily=2)
QUICK = replace(FULL_DAY, airings=60, emergencies=12, deck_kills=4, station_kills=1, others=2, talks=4, daily=1)
WHOLE = "WHOLE_STORM"
"""Set in the environment: 2,000 airings, 200 emergencies, 50 dead decks, which takes half an hour."""
SHOWN = 20


def measure(*, is_quick) -> Iterator[str]:
    logging.disable(logging.CRITICAL)  # a day of troubles logs a book
    try:
        whole = FULL_DAY if os.environ.get(WHOLE) else DAY
        yield _day(QUICK if is_quick else whole, seed=1)
    finally:
        logging.disable(logging.NOTSET)


def _day(scale, seed):
    began, worked = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        storm = Storm(Path(folder), scale, seed)
        storm.run()
        verdict = Verdict(storm)
        storm.village.close()
    took, work = time.monotonic() - began, time.process_time() - worked
    planned = dict(verdict.planned)
    fates = ", ".join(f"{count} {fate}" for fate, count in sorted(verdict.fates.items()))
    trespasses = sum(len(ear.trespasses) for ear in storm.village.ears.values())
    heard = sum(one.ended - one.began for stretches in verdict.heard.values() for one in stretches)
    rows = [
        ("airings that were planned", f"{len(planned)}"),
        ("with exactly one fate", f"{sum(_has_fate(verdict, airing) for airing in planned)}"),
        ("fates", fates),
        ("emergencies called", f"{len(storm.called)}"),
        ("people who spoke live", f"{len(storm.talks)}"),
        ("decks killed", f"{storm.decks_killed}"),
        ("stations killed", f"{len(storm.stations_killed)}"),
        ("clocks set, wrong and right", f"{len(storm.village.set_at)}"),
        ("sound that was heard and read, hours", f"{heard / 3600:.1f}"),
        ("ordinary sounds in quiet hours", f"{trespasses}"),
        ("broken promises of any kind", f"{len(verdict.complaints)}"),
        ("took, minutes", f"{took / 60:.1f} ({work / 60:.1f} of processor)"),
    ]
    lines = [f"## A day of 24 hours on a fast clock, seed {seed}", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    lines += [f"\n- {complaint[:400]}" for complaint in verdict.complaints[:SHOWN]]
    return "\n".join(lines) + "\n"


def _has_fate(verdict, airing):
    row = verdict.by_id.get(airing)
    return row is not None and row.fate.is_final
