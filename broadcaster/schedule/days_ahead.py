"""The days of the coming year on which each slot falls, as bits of a number: two slots meet where both have a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from broadcaster.model.days import Calendar, DateSpan, DayRule
from broadcaster.model.timetable import Schedule, Slot

HORIZON = timedelta(days=366)


class DaysAhead:
    """Bit 0 is *today*. Slots that share a rule share the work of it."""

    def __init__(self, schedule: Schedule, today: date, falls_on: Callable[[DayRule, date, Calendar], bool]) -> None:
        self.first = today
        self.last = today + min(HORIZON, date.max - today)
        self._calendar = schedule.calendar
        self._falls_on = falls_on
        self._count = (self.last - self.first).days + 1
        self._by_rule: dict[DayRule, int] = {}
        self._by_slot = {slot.id: self._slot_bits(slot) for slot in schedule.slots}

    def of(self, slot: Slot) -> int:
        """The days of *slot* as bits; 0: none of them."""
        return self._by_slot[slot.id]

    def first_of(self, bits: int) -> date:
        """The earliest day among *bits*, of which there must be one."""
        return self.first + timedelta(days=(bits & -bits).bit_length() - 1)

    def next_day(self, bits: int) -> int:
        """The days after those of *bits*."""
        return bits << 1 & (1 << self._count) - 1

    def _slot_bits(self, slot: Slot) -> int:
        if slot.is_paused:
            return 0
        bits = self._any_of(slot.days) & ~self._any_of(slot.except_days)
        if slot.first_day is not None or slot.last_day is not None:
            bits &= self._span_bits(slot.first_day or date.min, slot.last_day or date.max)
        return bits

    def _any_of(self, rules: Iterable[DayRule]) -> int:
        bits = 0
        for rule in rules:
            if rule not in self._by_rule:
                self._by_rule[rule] = self._rule_bits(rule)
            bits |= self._by_rule[rule]
        return bits

    def _rule_bits(self, rule: DayRule) -> int:
        if isinstance(rule, DateSpan):
            return self._span_bits(rule.first, rule.last)
        days = (self.first + timedelta(days=number) for number in range(self._count - 1, -1, -1))
        return int("".join("1" if self._falls_on(rule, day, self._calendar) else "0" for day in days), 2)

    def _span_bits(self, first: date, last: date) -> int:
        start = max((first - self.first).days, 0)
        end = min((last - self.first).days + 1, self._count)
        return (1 << end) - (1 << start) if start < end else 0
