"""Slots that sound at the same time on the same output, or on into the quiet hours, as warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta

from broadcaster.model.timetable import Schedule, Slot
from broadcaster.model.words import Priority, Sentence
from broadcaster.schedule.airtime import Lengths
from broadcaster.schedule.complaints import Complaints
from broadcaster.schedule.days_ahead import DaysAhead

A_DAY_S = 24 * 3600
MOST_TOLD = 50
"""So many pairs are told; whoever moves them mends the rest on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """One time of a slot, on all its days at once. Seconds since midnight."""

    slot: Slot
    at: time
    start_s: float
    end_s: float
    days: int


def warn_of_overlaps(schedule: Schedule, ahead: DaysAhead, lengths: Lengths, complaints: Complaints) -> None:
    """One warning for each two slots that meet on some output on some day, at their first meeting."""
    by_output: dict[str, list[_Sound]] = defaultdict(list)
    outputs = {slot.zones: schedule.outputs_of(slot.zones) for slot in schedule.slots}
    for slot in schedule.slots:
        for sound in _sounds(slot, ahead, lengths):
            for output in outputs[slot.zones]:
                by_output[output].append(sound)
    told: set[tuple[str, str]] = set()
    for output, sounds in by_output.items():
        for first, second, days in _meetings(sounds):
            pair = (min(first.slot.id, second.slot.id), max(first.slot.id, second.slot.id))
            if pair in told:
                continue
            told.add(pair)
            if len(told) > MOST_TOLD:
                complaints.warn("slot", _and_more())
                return
            what = _overlap(first, second, days, ahead, output, lengths)
            complaints.warn(f"slot.{second.slot.id}.at", what)


def _sounds(slot: Slot, ahead: DaysAhead, lengths: Lengths) -> Iterator[_Sound]:
    days = ahead.of(slot)
    if not days:
        return
    length_s = lengths.of(slot).total_seconds()
    for at in slot.at:
        start_s = _seconds(at)
        yield _Sound(slot=slot, at=at, start_s=start_s, end_s=start_s + length_s, days=days)
        if start_s + length_s > A_DAY_S:
            yield _Sound(
                slot=slot,
                at=at,
                start_s=start_s - A_DAY_S,
                end_s=start_s - A_DAY_S + length_s,
                days=ahead.next_day(days),
            )


def _meetings(sounds: list[_Sound]) -> Iterator[tuple[_Sound, _Sound, int]]:
    """Two sounds of which the second begins before the first has ended, and the days on which both are heard."""
    playing: list[_Sound] = []
    taken, first_end_s = 0, float("inf")
    for sound in sorted(sounds, key=lambda sound: (sound.start_s, sound.slot.id)):
        if sound.start_s >= first_end_s:
            playing = [other for other in playing if other.end_s > sound.start_s]
            taken, first_end_s = 0, float("inf")
            for other in playing:
                taken |= other.days
                first_end_s = min(first_end_s, other.end_s)
        if sound.days & taken:
            for other in playing:
                if (both := sound.days & other.days) and not _is_bed(other.slot, sound.slot):
                    yield other, sound, both
        playing.append(sound)
        taken |= sound.days
        first_end_s = min(first_end_s, sound.end_s)


def _is_bed(one: Slot, other: Slot) -> bool:
    """Whether one is the background of the other: then they are meant to sound together."""
    return (one.priority is Priority.BACKGROUND) != (other.priority is Priority.BACKGROUND)


def _overlap(first: _Sound, second: _Sound, days: int, ahead: DaysAhead, output: str, lengths: Lengths) -> Sentence:
    about_zh, about_en = ("", "") if lengths.is_known(first.slot) else ("大约 ", "about ")
    day, count, ends = ahead.first_of(days), days.bit_count(), _clock(first.end_s)
    late_by = timedelta(seconds=first.end_s - second.start_s)
    if second.slot.priority > first.slot.priority:
        zh, en = "会打断它", "it will cut in"
    elif second.slot.priority == first.slot.priority and late_by > second.slot.grace:
        zh, en = "等不到就错过了", "it will be missed, because that is later than its grace"
    else:
        zh, en = "要等它播完", "it will have to wait"
    return Sentence(
        f"'{_clock(second.start_s)}' 时，'{first.slot.id}' 还在 '{output}' 上播（{_clock(first.start_s)} 开始，"
        f"{about_zh}{ends} 播完），{zh}。最早在 {day}，一年里有 {count} 天。请错开时间，或用 except 去掉那些天。",
        f"at '{_clock(second.start_s)}' the slot '{first.slot.id}' is still heard on '{output}' "
        f"({_clock(first.start_s)} to {about_en}{ends}), so {en}. First on {day}, on {count} day(s) of the year. "
        "Move one of them, or leave those days out with except.",
    )


def _and_more() -> Sentence:
    return Sentence(
        f"撞在一起的时段超过 {MOST_TOLD} 对，后面的没有列出。请先改前面的。",
        f"more than {MOST_TOLD} pairs of slots overlap; the rest is not listed. Mend these first.",
    )


def warn_of_quiet_hours(schedule: Schedule, ahead: DaysAhead, lengths: Lengths, complaints: Complaints) -> None:
    """A warning for each time of a slot that would still sound when quiet hours begin."""
    begins = sorted({_seconds(hours.start) for hours in schedule.station.quiet_hours})
    for slot in schedule.slots:
        for sound in _sounds(slot, ahead, lengths):
            cut = next((begin for begin in begins if sound.start_s < begin < sound.end_s), None)
            if cut is None:
                continue
            about_zh, about_en = ("", "") if lengths.is_known(slot) else ("大约", "about ")
            complaints.warn(
                f"slot.{slot.id}.at",
                Sentence(
                    f"'{_clock(sound.start_s)}' 开始，{about_zh}要播到 {_clock(sound.end_s)}，"
                    f"{_clock(cut)} 进入静音时段就断了。请提早。",
                    f"what begins at '{_clock(sound.start_s)}' lasts until {about_en}{_clock(sound.end_s)} and is cut "
                    f"off at {_clock(cut)}, when the quiet hours begin. Choose an earlier time.",
                ),
            )


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _clock(seconds: float) -> str:
    """``07:30``; with seconds where there are any."""
    minutes, rest = divmod(round(seconds) % A_DAY_S, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
