"""Files and database of a home folder, looked at once, whether a station runs or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from broadcaster.clock import SystemClock
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.airing import DayPlan
from broadcaster.model.words import Sentence
from broadcaster.station.books import PlanBooks, as_told
from broadcaster.station.faults import Faults
from broadcaster.station.ledger import Ledger
from broadcaster.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command can know without a running station."""

    home: Home
    store: Store
    books: PlanBooks
    ledger: Ledger
    now: datetime

    def plans(self, first: date | None, days: int) -> tuple[DayPlan, ...]:
        """The days from *first* on; None: today."""
        first = first or self.now.astimezone(self.books.schedule.station.zone).date()
        return as_told(self.books.plans(first, days, self.now), self.now)


@contextmanager
def open_desk(home: Home) -> Iterator[Desk]:
    """Raises Refused where no station was made."""
    if not home.schedule.exists() and not home.scripts.exists():
        raise Refused(
            Sentence(
                f"“{home.root.resolve()}”里没有站。用 dalaba init 建一个，或者用 --home 指到站的文件夹。",
                f"there is no station in {str(home.root.resolve())!r}. Make one: dalaba init, or name it with --home.",
            )
        )
    clock = SystemClock()
    now = clock.now()
    store = open_store(home.database)
    ledger = Ledger(store, Faults())
    has_log = home.database.exists()
    books = PlanBooks(home, store if has_log else None, ledger)
    try:
        if has_log:
            ledger.save(now, clock.monotonic())
        books.refresh(now, clock.monotonic())
        yield Desk(home, store, books, ledger, now)
    finally:
        store.close()
