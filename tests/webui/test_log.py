"""The log of a day, and its table for spreadsheets."""

import csv
import io
from datetime import datetime

import pytest

from broadcaster.model.airing import LogEntry
from broadcaster.model.words import Fate, Sentence
from broadcaster.told import LOG_COLUMNS
from tests.station.conftest import ZONE, at


def heard(house, title, moment="2026-11-20 12:00", **more):
    planned = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    values = {"airing": f"x@{moment}", "slot": "x", "title": title, "planned_at": planned, "fate": Fate.AIRED}
    house.village.store.log.write(LogEntry(**values | more))


def rows(answer):
    assert answer.data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_a_day_says_what_was_heard_who_asked_and_why_not(house, owner):
    heard(house, "停水通知", who="李会计", started_at=at("2026-11-20 12:00:01"), finished_at=at("2026-11-20 12:01:09"))
    why = Sentence("因为停电，已错过时限", "there was no power")
    heard(house, "傍晚学习", "2026-11-20 18:00", fate=Fate.MISSED, reason=why)

    words = owner.open("/log?day=2026-11-20").words
    assert "播出记录 11月20日 星期五" in words
    assert "12:00 停水通知 播完了 12:00:01–12:01:09 · 李会计 让播的" in words
    assert "18:00 傍晚学习 错过了 因为停电，已错过时限" in words


def test_from_day_to_day_and_no_day_after_today(house, owner):
    owner.open("/log?day=2026-11-23")
    assert "前一天" in owner.words and 'href="/log?day=2026-11-22"' in owner.answer.text
    assert 'href="/log?day=2026-11-24"' in owner.answer.text
    assert "后一天" not in owner.open("/log").words
    assert "这一天没有记录。" in owner.open("/log?day=2020-01-01").words


def test_the_table_has_every_column_and_no_formula(house, owner):
    heard(house, '=HYPERLINK("http://x")', who="+1", zones=("all",), scripts=("a", "b"))
    answer = owner.client.get("/log.csv?from=2026-11-19&to=2026-11-21")

    (row,) = rows(answer)
    assert tuple(row) == LOG_COLUMNS
    assert (row["title"], row["who"], row["scripts"], row["fate"]) == (
        '\'=HYPERLINK("http://x")',
        "'+1",
        "a b",
        "aired",
    )
    assert answer.headers["Content-Disposition"] == 'attachment; filename="log-2026-11-19-2026-11-21.csv"'


@pytest.mark.parametrize(
    "address",
    [
        "/log?day=yesterday",
        "/log?day=0001-01-01",
        "/log?day=9999-12-31",
        "/log.csv?from=2026-11-24&to=2026-11-01",
        "/log.csv?from=2020-01-01&to=2026-11-01",
        "/log.csv?from=2026-11-01%0d%0aX:1",
    ],
)
def test_days_that_make_no_sense_are_refused(owner, address):
    assert owner.client.get(address, headers={"Accept": "text/html"}).status_code == 400
