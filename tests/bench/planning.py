"""Schedule text → plan of a year, with 500 slots."""

import time
from datetime import date

from broadcaster.dates import falls_on
from broadcaster.plan import plan_days
from broadcaster.schedule import parse_schedule
from tests.bench.table import Row, Table

SLOTS = 500
DAYS = ('"daily"', '"workdays"', '"holidays"', '"1st sat"', '"mon-fri"', '"正月十五"', '"清明"', '["sat", "sun"]')


def measure(*, is_quick):
    text = "".join(
        f'[[slot]]\nid = "slot-{number}"\nat = "{7 + number % 13:02}:{number % 60:02}"\n'
        f'days = {DAYS[number % len(DAYS)]}\nplay = "next:study"\n'
        for number in range(SLOTS)
    )
    parsing, planning = [], []
    for _ in range(2 if is_quick else 7):
        began = time.process_time()
        schedule = parse_schedule(text).schedule
        parsing.append(1000 * (time.process_time() - began))
        began = time.process_time()
        plan_days(schedule, date(2026, 1, 1), 365, falls_on=falls_on)
        planning.append(1000 * (time.process_time() - began))
    rows = (Row("plan of 365 days", tuple(planning)), Row("reading the file", tuple(parsing)))
    yield Table(f"A year of {SLOTS} slots", "ms", rows)
