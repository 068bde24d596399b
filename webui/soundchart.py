"""Minutes of sound by day and zone → bars to draw: plain numbers for an SVG of ours, no style in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broadcaster.model.logbook import DayOfSound

WIDTH, HEIGHT = 900, 320
LEFT, BOTTOM, TOP = 56, 46, 14
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480)
MOST_ZONES_DRAWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    zone: int
    """Number of its zone: each has a pattern of its own, so that colour is never alone."""
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]
    """Height and minutes."""
    labels: tuple[tuple[float, str], ...]
    """Place and day of the month."""
    zones: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def chart(days: Sequence[DayOfSound], zones: Sequence[str]) -> Chart:
    """One group of bars for each day; of very many zones the first few."""
    drawn = tuple(zones[:MOST_ZONES_DRAWN])
    most = max((_minutes(day, zone) for day in days for zone in drawn), default=0.0)
    step = next((step for step in STEPS if most / step <= 5), STEPS[-1])
    top = step * max(1, -(-int(most + 0.999) // step))
    scale = (HEIGHT - BOTTOM - TOP) / top
    group = (WIDTH - LEFT) / max(len(days), 1)
    width = group * 0.8 / max(len(drawn), 1)
    floor = HEIGHT - BOTTOM
    bars = []
    for number, day in enumerate(days):
        for place, zone in enumerate(drawn):
            minutes = _minutes(day, zone)
            x = LEFT + number * group + group * 0.1 + place * width
            tall = minutes * scale
            bars.append(
                Bar(
                    x=round(x, 1),
                    y=round(floor - tall, 1),
                    width=round(max(width - 1, 1), 1),
                    height=round(tall, 1),
                    zone=place,
                    minutes=minutes,
                )
            )
    every = max(1, round(len(days) / 10))
    labels = tuple(
        (round(LEFT + (number + 0.5) * group, 1), f"{day.day.month}/{day.day.day}")
        for number, day in enumerate(days)
        if number % every == 0
    )
    lines = tuple((round(floor - value * scale, 1), str(value)) for value in range(0, top + 1, step))
    return Chart(bars=tuple(bars), lines=lines, labels=labels, zones=drawn)


def _minutes(day: DayOfSound, zone: str) -> float:
    return day.by_zone[zone].total_seconds() / 60
