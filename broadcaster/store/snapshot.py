"""A running database → a snapshot for a backup, without anything that opens a door; and a snapshot → the books again.

A snapshot holds no accounts, devices, tokens, invitations or small facts of the machine. Taken back, its rows are
added where they are missing; nothing that is in the books is changed or lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from broadcaster.errors import BackupUnusable, StoreFailed
from broadcaster.model.words import Sentence
from broadcaster.store.database import LONGEST_WAIT_S, sqlite_at
from broadcaster.store.failures import store_failed
from broadcaster.store.migrations import STEPS
from broadcaster.store.tables import metadata

LEFT_OUT = ("account", "device", "program", "invitation", "failure", "memory", "change")
"""Who may come in, and what belongs to this one machine or this one day."""
BY_KEY = ("revision", "airing", "script_use", "person", "points", "points_import")
"""Rows that are known by their key: what is there stays, a consent that was withdrawn included."""
BY_TIME = {"approval": "made_at", "script_step": "made_at", "deed": "at"}
"""Paper trails, whose order counts: rows of both are put in the order in which they were made."""
A_PORTION = 20_000
"""Rows in one transaction: a station that runs must not wait for longer than it can."""

DAMAGED = Sentence(
    "备份里的数据库坏了，什么都没有变。请换一份备份。",
    "the database within the backup is damaged, and nothing was changed. Choose another backup.",
)
NEWER = Sentence(
    "备份里的数据库是更新的版本写的，什么都没有变。请先升级大喇叭。",
    "the database within the backup was written by a newer version; nothing was changed. Upgrade the station first.",
)


def take_snapshot(database: Path, target: Path) -> None:
    """A whole and consistent copy in the new file *target*, whoever writes meanwhile. Raises StoreFailed."""
    try:
        target.touch(mode=0o600, exist_ok=False)
        with closing(_connect(database, "ro")) as source, closing(_connect(target, "rw")) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("PRAGMA foreign_keys=OFF")
            for table in LEFT_OUT:
                if _has(copy, table):
                    copy.execute(f"DELETE FROM {table}")  # noqa: S608 # a name of ours
            copy.commit()
            copy.execute("VACUUM")  # what was deleted must not be found in the file
    except sqlite3.Error as error:
        raise store_failed(error) from error


def check_snapshot(path: Path) -> None:
    """Raises BackupUnusable unless the file is a whole database of this or an earlier version; then brings it up to
    date. Only plain tables are accepted: nothing in the file can run."""
    try:
        with closing(_connect(path, "ro")) as snapshot:
            snapshot.execute("PRAGMA trusted_schema=OFF")
            if snapshot.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise BackupUnusable(DAMAGED)
            kinds = dict(snapshot.execute("SELECT type, COUNT(*) FROM sqlite_master GROUP BY type"))
            if kinds.keys() - {"table", "index"} or not _has(snapshot, "migration"):
                raise BackupUnusable(DAMAGED)
            if snapshot.execute("SELECT MAX(step) FROM migration").fetchone()[0] > len(STEPS):
                raise BackupUnusable(NEWER)
        database = sqlite_at(path)
        database.read(lambda connection: None)
        database.reset()
        with closing(_connect(path, "rw")) as snapshot:
            for table in (*BY_KEY, *BY_TIME):
                if not set(_columns(table)) <= {row[1] for row in snapshot.execute(f"PRAGMA table_info({table})")}:
                    raise BackupUnusable(DAMAGED)
    except (sqlite3.Error, StoreFailed, TypeError) as error:
        raise BackupUnusable(DAMAGED) from error


def missing_rows(snapshot: Path, database: Path) -> dict[str, int]:
    """How many rows of each table would be added. Raises StoreFailed."""
    with _both(snapshot, database) as books:
        found = {}
        for table in (*BY_KEY, *BY_TIME):
            same = " AND ".join(f"here.{name} IS there.{name}" for name in _identity(table))
            query = f"SELECT COUNT(*) FROM snap.{table} there WHERE NOT EXISTS (SELECT 1 FROM main.{table} here WHERE {same})"  # noqa: S608, E501 # names of ours
            found[table] = books.execute(query).fetchone()[0]
        return {table: count for table, count in found.items() if count}


def add_missing(snapshot: Path, database: Path) -> None:
    """The rows that the books lack. Durable on return; safe to repeat. Raises StoreFailed: some may be added then."""
    sqlite_at(database).read(lambda connection: None)  # made and brought up to date
    missing = missing_rows(snapshot, database)
    with _both(snapshot, database) as books:
        for table in BY_KEY:
            if table in missing:
                _add_by_key(books, table)
        for table, when in BY_TIME.items():
            if table in missing:
                _add_by_time(books, table, when)


def _add_by_key(books: sqlite3.Connection, table: str) -> None:
    names = ", ".join(_columns(table))
    last = books.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM snap.{table}").fetchone()[0]  # noqa: S608
    for first in range(0, last + 1, A_PORTION):
        with books:
            books.execute(
                f"INSERT OR IGNORE INTO main.{table} ({names}) "  # noqa: S608 # names of ours
                f"SELECT {names} FROM snap.{table} WHERE rowid BETWEEN ? AND ?",
                (first, first + A_PORTION - 1),
            )


def _add_by_time(books: sqlite3.Connection, table: str, when: str) -> None:
    names = ", ".join(_identity(table))
    with books:
        books.execute("BEGIN IMMEDIATE")
        rows = books.execute(
            f"SELECT {names} FROM (SELECT {names}, seq, 0 AS side FROM main.{table} UNION ALL "  # noqa: S608
            f"SELECT {names}, seq, 1 FROM snap.{table}) GROUP BY {names} "
            f"ORDER BY julianday({when}), MIN(side), MIN(seq)"
        ).fetchall()
        books.execute(f"DELETE FROM main.{table}")  # noqa: S608
        marks = ", ".join("?" for _ in range(len(_identity(table)) + 1))
        books.executemany(
            f"INSERT INTO main.{table} (seq, {names}) VALUES ({marks})",  # noqa: S608
            ((number, *row) for number, row in enumerate(rows, 1)),
        )


def _identity(table: str) -> list[str]:
    """What makes two rows the same: the key, or for a trail all that was written."""
    columns = metadata.tables[table].columns
    if table in BY_TIME:
        return [column.name for column in columns if column.name != "seq"]
    return [column.name for column in columns if column.primary_key]


def _columns(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].columns]


@contextmanager
def _both(snapshot: Path, database: Path) -> Iterator[sqlite3.Connection]:
    """The books as ``main``, the snapshot as ``snap``."""
    try:
        with closing(_connect(database, "rw")) as books:
            books.execute("PRAGMA synchronous=FULL")
            books.execute("PRAGMA foreign_keys=ON")
            books.execute("ATTACH DATABASE ? AS snap", (f"{snapshot.resolve().as_uri()}?mode=ro",))
            yield books
    except sqlite3.Error as error:
        raise store_failed(error) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=LONGEST_WAIT_S)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return (
        connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
        is not None
    )
