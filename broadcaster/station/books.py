"""Files, points and log → the plan of any days and the orders of its clips, with or without a running station."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from broadcaster.dates import falls_on, holidays_known, unknown_holidays_note
from broadcaster.errors import StoreFailed
from broadcaster.home import Home
from broadcaster.model.airing import Airing, AiringId, DayPlan
from broadcaster.model.approval import Approval
from broadcaster.model.days import Holidays, Workdays
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Fate, Sentence
from broadcaster.plan import plan_days
from broadcaster.plan.rounds import Facts
from broadcaster.proof.strict import aired_earlier
from broadcaster.station.approvals import ApprovalBook
from broadcaster.station.bulletins import Bulletins
from broadcaster.station.faults import Faults
from broadcaster.station.ledger import Ledger
from broadcaster.station.orders import OrderBook, Ordered
from broadcaster.station.sources import InForce, Sources
from broadcaster.store import Store
from broadcaster.study.roster import Roster

POINTS_LOOKED_BACK = timedelta(days=45)
"""Enough for gains over about a week, and for people who are counted for a month."""

MOST_PLANS_KEPT = 20
PLAN_KEPT_FOR = timedelta(seconds=1)
"""Twenty people who look at the same day in one second get the same plan, unless something changed."""

NOT_YET = Sentence(
    "那时站还没有运行，或者节目还没有写进来", "the station was not running, or this was written in later"
)


class PlanBooks:
    """Owned by one thread at a time."""

    def __init__(self, home: Home, store: Store | None, ledger: Ledger, faults: Faults | None = None) -> None:
        """Without a store nobody is known, no leaderboard can be said, and nothing was ever approved."""
        self._home = home
        self._store = store
        self._ledger = ledger
        self.sources = Sources(home)
        self._approvals = ApprovalBook(store.approvals if store else None, faults or Faults())
        self.earlier: Mapping[ScriptName, Approval] = {}
        """Scripts that are said in a revision approved before the file was changed."""
        self.bulletins = Bulletins(self.sources.in_force)
        self._orders = OrderBook(self.bulletins, home)
        self._roster = Roster()
        self._wants_roster = True
        self._kept: dict[tuple[date, int], tuple[tuple[Bulletins, int], datetime, tuple[DayPlan, ...]]] = {}

    @property
    def schedule(self) -> Schedule:
        return self.sources.in_force.schedule

    @property
    def in_force(self) -> InForce:
        """What may be heard: the files, and on a strict station what was approved of them."""
        return self.bulletins.in_force

    def refresh(self, now: datetime, monotonic: float) -> bool:
        """Look at the files and the points; whether anything changed."""
        today = now.astimezone(self.schedule.station.zone).date()
        before = self.sources.version
        self.sources.refresh(today, monotonic)
        files = self.sources.in_force
        if self.sources.version != before:
            self._approvals.look_again()
        has_new_approvals = self._approvals.refresh(files.schedule.station.is_strict, now, monotonic)
        has_new_points = self._wants_roster and self._read_roster(today)
        if self.sources.version == before and not has_new_points and not has_new_approvals:
            return False
        in_force, approved = self._approvals.in_force(files)
        self.earlier = approved.earlier
        self.bulletins = Bulletins(in_force, self._roster)
        self._orders = OrderBook(self.bulletins, self._home)
        return True

    def points_changed(self) -> None:
        """Read the roster anew with the next ``refresh``."""
        self._wants_roster = True

    def files_changed(self) -> None:
        """Look at the files with the next ``refresh``."""
        self.sources.look_now()

    def approvals_changed(self) -> None:
        """Read the approvals anew with the next ``refresh``."""
        self._approvals.look_again()

    def withholds(self, names: Collection[ScriptName]) -> bool:
        """Whether one of these scripts may not be heard any more."""
        by_name = self.in_force.library.by_name
        return any(by_name[name].why_not.zh for name in names if name in by_name)

    def plans(self, first: date, days: int, now: datetime) -> tuple[DayPlan, ...]:
        """The days from *first* on, as they were, are and will be."""
        key = (self.bulletins, self._ledger.version)
        kept = self._kept.get((first, days))
        if kept is not None and kept[0] == key and timedelta() <= now - kept[1] < PLAN_KEPT_FOR:
            return kept[2]
        if any(other != key for other, _, _ in self._kept.values()) or len(self._kept) > MOST_PLANS_KEPT:
            self._kept.clear()
        made = self._plans(first, days, now)
        self._kept[first, days] = (key, now, made)
        return made

    def _plans(self, first: date, days: int, now: datetime) -> tuple[DayPlan, ...]:
        schedule = self.schedule
        today = now.astimezone(schedule.station.zone).date()
        start = min(first, today)
        span = (first - start).days + days
        plans = plan_days(
            schedule,
            start,
            span,
            falls_on=falls_on,
            facts=Facts(library=self.in_force.library, uses=self._ledger.uses, unfit=self.bulletins.unfit),
            changes=self._ledger.changes,
            log=self._ledger.entries.values(),
            now=now,
        )
        return tuple(self._with_notes(plan) for plan in plans[(first - start).days :])

    def order(self, airing: Airing) -> Ordered:
        """What to render for *airing*, and what had to be left out."""
        return self._orders.order(airing)

    def orders(self, airings: Iterable[Airing]) -> dict[AiringId, Ordered]:
        """The same for many, in their order."""
        return self._orders.orders(airings)

    def _with_notes(self, plan: DayPlan) -> DayPlan:
        notes = list(plan.notes)
        if not holidays_known(plan.day) and _asks_for_holidays(self.schedule):
            notes.append(unknown_holidays_note(plan.day.year))
        if self.earlier:
            said = dict.fromkeys(name for airing in plan.airings for name in airing.scripts)
            notes += [aired_earlier(name, self.earlier[name]) for name in said if name in self.earlier]
        return DayPlan(day=plan.day, airings=plan.airings, notes=tuple(notes))

    def _read_roster(self, today: date) -> bool:
        if self._store is None:
            return False
        try:
            self._roster = self._store.roster.snapshot(since=today - POINTS_LOOKED_BACK)
        except StoreFailed:
            return False
        self._wants_roster = False
        return True


def _asks_for_holidays(schedule: Schedule) -> bool:
    return any(
        isinstance(rule, Workdays | Holidays) for slot in schedule.slots for rule in (*slot.days, *slot.except_days)
    )


def as_told(plans: Iterable[DayPlan], now: datetime, live: Iterable[AiringId] = ()) -> tuple[DayPlan, ...]:
    """The plans for people: what lies behind and is in no log was never going to be heard, and says so."""
    on_the_way = set(live)

    def told(airing: Airing) -> Airing:
        is_behind = airing.fate is Fate.PLANNED and now > airing.must_start_by and airing.id not in on_the_way
        if not is_behind:
            return airing
        return Airing(
            slot=airing.slot,
            planned_at=airing.planned_at,
            starts_at=airing.starts_at,
            title=airing.title,
            fate=Fate.SKIPPED,
            reason=NOT_YET,
            who=airing.who,
        )

    return tuple(
        DayPlan(day=plan.day, airings=tuple(told(airing) for airing in plan.airings), notes=plan.notes)
        for plan in plans
    )
