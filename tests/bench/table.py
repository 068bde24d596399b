"""Rows of figures: median, p99, and the ratio to the first row."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One way of doing the same thing, measured several times."""

    name: str
    values: tuple[float, ...]
    note: str = ""

    @property
    def median(self):
        ordered = sorted(self.values)
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def percentile(self, share):
        """The smallest value that *share* of all do not exceed."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured, in which unit; the first row is ours, and the ratio says how many times more another takes."""

    title: str
    unit: str
    rows: tuple[Row, ...]
    is_more_better: bool = False
    """Then the bad end is the lowest 1 %, and the worst is the least."""

    def __str__(self):
        tail = "p1" if self.is_more_better else "p99"
        head = f"| | median | {tail} | worst | ratio | n |"
        lines = [f"## {self.title} ({self.unit})", "", head, "|---|---|---|---|---|---|"]
        first = self.rows[0].median if self.rows else 0.0
        for row in self.rows:
            if not row.values:
                lines.append(f"| {row.name} | – | – | – | – | 0 |")
                continue
            worst = min(row.values) if self.is_more_better else max(row.values)
            ratio = f"{row.median / first:.1f}" if first else "–"
            bad_end = row.percentile(0.01 if self.is_more_better else 0.99)
            figures = f"{row.median:.1f} | {bad_end:.1f} | {worst:.1f} | {ratio} | {len(row.values)}"
            lines.append(f"| {row.name}{f' ({row.note})' if row.note else ''} | {figures} |")
        return "\n".join(lines) + "\n"
