"""The paper books of a station as tables: 播出登记本 and 审批本, the same for screen, paper, PDF and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from broadcaster.model.airing import LogEntry
from broadcaster.model.approval import Approval, Verdict
from webui import wording
from webui.speaking import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its head, and its share of the width of the paper."""

    head: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A table for people who sign it."""

    name: str
    """For the name of a file: ``register``."""
    title: str
    station: str
    first: date
    last: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def span(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} – {self.last}"

    @property
    def file(self) -> str:
        return f"{self.name}-{self.first}-{self.last}"


def register(station: str, timezone: tzinfo, first: date, last: date, entries: Iterable[LogEntry]) -> Book:
    """播出登记本: what was planned, heard or not, and why."""
    columns = (
        Column(head=_("日期"), share=10),
        Column(head=_("计划"), share=7),
        Column(head=_("开始"), share=9),
        Column(head=_("结束"), share=9),
        Column(head=_("播出内容"), share=24),
        Column(head=_("片区"), share=10),
        Column(head=_("结果"), share=9),
        Column(head=_("原因"), share=18),
        Column(head=_("谁让播的"), share=9),
        Column(head=_("签字"), share=9),
    )
    rows = tuple(_registered(entry, timezone) for entry in entries)
    return Book(
        name="register", title=_("播出登记本"), station=station, first=first, last=last, columns=columns, rows=rows
    )


def approvals(
    station: str,
    timezone: tzinfo,
    first: date,
    last: date,
    decisions: Iterable[Approval],
    titles: Mapping[str, str],
) -> Book:
    """审批本: who decided what about which bytes."""
    columns = (
        Column(head=_("日期"), share=10),
        Column(head=_("时间"), share=7),
        Column(head=_("稿件"), share=26),
        Column(head=_("文件"), share=20),
        Column(head=_("审批人"), share=10),
        Column(head=_("结论"), share=8),
        Column(head=_("说明"), share=16),
        Column(head=_("内容编号"), share=13),
        Column(head=_("签字"), share=9),
    )
    rows = tuple(
        _decided(one, timezone, titles) for one in decisions if first <= one.at.astimezone(timezone).date() <= last
    )
    return Book(
        name="approvals", title=_("审批本"), station=station, first=first, last=last, columns=columns, rows=rows
    )


def _registered(entry: LogEntry, timezone: tzinfo) -> tuple[str, ...]:
    planned = entry.planned_at.astimezone(timezone)
    return (
        f"{planned:%Y-%m-%d}",
        f"{planned:%H:%M}",
        _clock(entry.started_at, timezone),
        _clock(entry.finished_at, timezone),
        entry.title or entry.slot,
        _("、").join(wording.zone(zone) for zone in entry.zones),
        wording.fate(entry.fate),
        wording.said(entry.reason),
        entry.who or _("节目表"),
        "",
    )


def _decided(one: Approval, timezone: tzinfo, titles: Mapping[str, str]) -> tuple[str, ...]:
    at = one.at.astimezone(timezone)
    verdict = _("批准") if one.verdict is Verdict.APPROVED else _("撤回")
    title = titles.get(one.script, one.script)
    return (f"{at:%Y-%m-%d}", f"{at:%H:%M}", title, one.script, one.who, verdict, one.why, one.sha256[:12], "")


def _clock(instant: datetime | None, timezone: tzinfo) -> str:
    return "" if instant is None else f"{instant.astimezone(timezone):%H:%M:%S}"
