"""The bytes of a points sheet, as people export and edit it → PointsSheet, with a complaint for every bad line."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from broadcaster.errors import PointsUnusable
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.study.cells import plain, read_date, read_name, read_pinyin, read_total, read_yes_or_no
from broadcaster.written import read_written

LARGEST_SHEET_BYTES = 5_000_000
MOST_ROWS = 20_000
HEADER_WITHIN = 10
"""Exported sheets begin with a title or two; the header is looked for in so many lines."""
DELIMITERS = (",", "\t", ";", "，")

COLUMNS = {
    "name": ("姓名", "名字", "学员", "学员姓名", "name", "full name"),
    "group": (
        "小组",
        "学习小组",
        "组别",
        "组",
        "所在小组",
        "党支部",
        "支部",
        "所在组织",
        "group",
        "study group",
        "branch",
    ),
    "points": ("总积分", "积分", "累计积分", "总分", "points", "total", "total points", "score"),
    "date": ("日期", "统计日期", "截止日期", "导出日期", "date", "as of", "day"),
    "consent": ("同意点名", "是否同意点名", "同意公开", "同意", "consent"),
    "pinyin": ("拼音", "姓名拼音", "pinyin"),
}
CONSENT_UNKNOWN = Sentence(
    "同意点名 '{}' 看不懂，当作没有写。请写是或否。", "the consent '{}' is unknown and left out. Write yes or no."
)
PINYIN_UNKNOWN = Sentence(
    "拼音 '{}' 看不懂，没有用。请写成 shan4 li4 这样。",
    "the pinyin '{}' is unknown and left out. Write it like shan4 li4.",
)
SUMMARIES = frozenset({"合计", "总计", "小计", "平均", "平均分", "total", "sum", "average"})


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    line: int
    name: str
    group: str
    points: int
    on: date
    consents: bool | None = None
    """None: the sheet does not say."""
    pinyin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsSheet:
    sha256: str
    """The fingerprint by which the same sheet is known again."""
    rows: tuple[PointsRow, ...]
    """In the order of the file, each person and day once, except for namesakes with different points."""
    complaints: tuple[Complaint, ...] = ()


def read_points(data: bytes, *, on: date | None = None) -> PointsSheet:
    """The rows that can be imported, and what is wrong with the others.

    *on* is the day of the points where the sheet has no column of dates. Raises PointsUnusable when no row is usable.
    """
    if len(data) > LARGEST_SHEET_BYTES:
        raise PointsUnusable(
            Sentence(
                f"积分表太大，有 {len(data)} 字节，最多 {LARGEST_SHEET_BYTES} 字节。请只导出需要的列。",
                f"the sheet has {len(data)} bytes, at most {LARGEST_SHEET_BYTES} are allowed. Export fewer columns.",
            )
        )
    written = read_written(data)
    if written is None:
        raise PointsUnusable(
            Sentence(
                "这不是 CSV 文件。请在 Excel 或 WPS 里另存为 CSV 文件。",
                "this is no CSV file. Save the sheet as CSV in Excel or WPS.",
            )
        )
    table = _table(written.text)
    if "date" not in table.columns and on is None:
        raise PointsUnusable(
            Sentence(
                "积分表里没有“日期”这一列，不知道是哪一天的积分。请加上这一列，或者写明日期。",
                "the sheet has no column 'date' (日期), so the day is unknown. Add the column, or give the date.",
            )
        )
    complaints = [_removed(written.removed)] if written.removed else []
    rows = tuple(_once(_rows(table, on, complaints)))
    if not rows:
        raise PointsUnusable(_nothing_usable(complaints))
    day = on.isoformat() if on is not None and "date" not in table.columns else ""
    return PointsSheet(sha256=hashlib.sha256(data + day.encode()).hexdigest(), rows=rows, complaints=tuple(complaints))


@dataclass(frozen=True, slots=True)
class _Table:
    columns: Mapping[str, int]
    width: int
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    """Number in the file, cells; those below the header."""


def _table(text: str) -> _Table:
    for delimiter in DELIMITERS:
        lines = _lines(text, delimiter)
        for place, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
            columns = _columns(cells)
            if {"name", "group", "points"} <= columns.keys():
                return _Table(columns, len(cells), lines[place + 1 :])
    wanted = "姓名、小组、总积分、日期"
    first = text.strip().partition("\n")[0][:60]
    raise PointsUnusable(
        Sentence(
            f"找不到表头，第一行是 '{first}'。表头要有这些列：{wanted}。",
            f"there is no header; the first line is '{first}'. It must hold the columns {wanted} "
            "(name, group, points, date).",
        )
    )


def _lines(text: str, delimiter: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    lines: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, tuple(cells)))
            if len(lines) > MOST_ROWS:
                raise PointsUnusable(
                    Sentence(
                        f"积分表超过 {MOST_ROWS} 行。请分成几个文件。",
                        f"the sheet has over {MOST_ROWS} rows. Split it.",
                    )
                )
    except csv.Error as error:
        raise PointsUnusable(
            Sentence(
                f"第 {reader.line_num} 行读不下去（{error}）。请看引号成不成对。",
                f"line {reader.line_num} cannot be read ({error}). See whether the quotes match.",
            )
        ) from error
    return tuple(lines)


def _columns(cells: tuple[str, ...]) -> Mapping[str, int]:
    """Where each known column stands; the first of several with the same meaning."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = plain(cell).lower()
        for column, aliases in COLUMNS.items():
            if word in aliases:
                columns.setdefault(column, place)
    return columns


def _rows(table: _Table, on: date | None, complaints: list[Complaint]) -> Iterator[PointsRow]:
    for line, cells in table.lines:
        try:
            row = _row(table, line, cells, on, complaints)
        except _BadLine as bad:
            complaints.append(_complaint(line, bad.what, Severity.ERROR))
        else:
            yield row


class _BadLine(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.what = Sentence(zh, en)


def _row(table: _Table, line: int, cells: tuple[str, ...], on: date | None, complaints: list[Complaint]) -> PointsRow:
    if any(cell.strip() for cell in cells[table.width :]):
        raise _BadLine(
            "列数比表头多。数字里有逗号的，请加上引号，或者去掉逗号。",
            "it has more columns than the header. Put numbers with commas in quotes, or leave the commas out.",
        )

    def cell(column: str) -> str:
        place = table.columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    name, group, points = read_name(cell("name")), read_name(cell("group")), read_total(cell("points"))
    day = read_date(cell("date")) if "date" in table.columns else on
    if plain(cell("name")).lower() in SUMMARIES:
        raise _BadLine(f"'{plain(cell('name'))}' 不是人，没有导入。", f"'{plain(cell('name'))}' is no person.")
    if name is None:
        raise _BadLine(f"'{_short(cell('name'))}' 不是名字。", f"'{_short(cell('name'))}' is not a name.")
    if group is None:
        raise _BadLine(f"'{_short(cell('group'))}' 不是小组的名字。", f"'{_short(cell('group'))}' is not a group.")
    if points is None:
        raise _BadLine(
            f"积分 '{_short(cell('points'))}' 不是整数。请写成 41200 这样。",
            f"the points '{_short(cell('points'))}' are not a whole number. Write them like 41200.",
        )
    if day is None:
        raise _BadLine(
            f"日期 '{_short(cell('date'))}' 看不懂。请写成 2026-11-16 这样。",
            f"the date '{_short(cell('date'))}' is unknown. Write it like 2026-11-16.",
        )
    consents = _optional(line, cell("consent"), read_yes_or_no, CONSENT_UNKNOWN, complaints)
    pinyin = _optional(line, cell("pinyin"), read_pinyin, PINYIN_UNKNOWN, complaints)
    return PointsRow(line=line, name=name, group=group, points=points, on=day, consents=consents, pinyin=pinyin or "")


def _optional(
    line: int, cell: str, read: Callable[[str], Value | None], unknown: Sentence, complaints: list[Complaint]
) -> Value | None:
    """The value of a cell that may be empty; what cannot be read is a warning, and the row is still used."""
    if not cell.strip():
        return None
    value = read(cell)
    if value is None:
        what = Sentence(unknown.zh.replace("{}", _short(cell)), unknown.en.replace("{}", _short(cell)))
        complaints.append(_complaint(line, what, Severity.WARNING))
    return value


def _once(rows: Iterable[PointsRow]) -> Iterator[PointsRow]:
    """Without lines that only repeat an earlier one."""
    seen: set[tuple[str, str, date, int]] = set()
    for row in rows:
        key = (row.name, row.group, row.on, row.points)
        if key not in seen:
            seen.add(key)
            yield row


def _short(cell: str) -> str:
    words = plain(cell)
    return words if len(words) <= 20 else words[:20] + "…"


def _complaint(line: int, what: Sentence, severity: Severity) -> Complaint:
    sentence = Sentence(f"第 {line} 行：{what.zh}", f"line {line}: {what.en}")
    return Complaint(file="", path="", what=sentence, severity=severity)


def _removed(count: int) -> Complaint:
    """Rare characters of names are often written with private codes that only one computer knows."""
    what = Sentence(
        f"文件里有 {count} 个认不出的字，已经去掉。请看一看名字有没有少字。",
        f"{count} unknown character(s) were left out. See whether a name lacks a character.",
    )
    return Complaint(file="", path="", what=what, severity=Severity.WARNING)


def _nothing_usable(complaints: list[Complaint]) -> Sentence:
    if not complaints:
        return Sentence("积分表里只有表头，没有人。", "the sheet has a header, but nobody below it.")
    first = complaints[0].what
    return Sentence(
        f"积分表里没有一行能导入。{first.zh}", f"no row of the sheet can be imported. The first reason: {first.en}"
    )
