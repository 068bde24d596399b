"""One database and the way to it: connections, transactions, and what happens when the disk does not obey."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.store.failures import store_failed
from broadcaster.store.freshness import Freshness
from broadcaster.store.migrations import STEPS, migrate_one_step, steps_done

LONGEST_WAIT_S = 2.0
"""For a lock that somebody else holds. A planner that waits longer comes late with everything."""

MOST_ANSWERS_KEPT = 200
"""Of ``ask``. A large one is a day of the log; what may be larger and comes in many forms must be ``read``."""

Result = TypeVar("Result")


class Database:
    """Runs pieces of work, each in one transaction, from any thread."""

    def __init__(self, engine: Engine, file: Path | None = None) -> None:
        self._engine = engine
        self._file = file
        self._lock = threading.Lock()
        self._ready_for: tuple[int, int] | None = None
        """The file that is known to be up to date, by device and inode."""
        self._freshness = None if file is None else Freshness(file)
        self._answers: dict[Hashable, tuple[Hashable, object]] = {}
        """The oldest first."""
        self._keeping = threading.Lock()

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What *work* finds, all of it from one instant. Raises StoreFailed."""
        return self._run(work, is_reading=True)

    def ask(self, question: Hashable, work: Callable[[Connection], Result]) -> Result:
        """As ``read``; where nobody has written since, what *question* found the last time. Raises StoreFailed.

        *question* names *work* and all that it depends on. What it finds is given out again, so nobody may change it.
        """
        stamp = None if self._freshness is None else self._freshness.stamp()
        if stamp is None:
            return self.read(work)
        known = self._answers.get(question)
        if known is not None and known[0] == stamp:
            return cast(Result, known[1])
        found = self.read(work)
        with self._keeping:
            self._answers.pop(question, None)
            while len(self._answers) >= MOST_ANSWERS_KEPT:
                del self._answers[next(iter(self._answers))]
            self._answers[question] = (stamp, found)
        return found

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Do *work*, all of it or nothing; durable on return. Raises StoreFailed."""
        return self._run(work, is_reading=False)

    def reset(self) -> None:
        """Give up all connections; the next call opens new ones."""
        self._ready_for = None
        with self._keeping:
            self._answers.clear()
        if self._freshness is not None:
            self._freshness.close()
        self._engine.dispose()

    def _run(self, work: Callable[[Connection], Result], *, is_reading: bool) -> Result:
        try:
            self._make_ready()
            with self._engine.connect() as connection:
                chosen = connection.execution_options(is_reading=is_reading)
                with chosen.begin():
                    return work(chosen)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            with suppress(SQLAlchemyError, sqlite3.Error):
                self.reset()
            raise store_failed(error) from error

    def _make_ready(self) -> None:
        """Bring the file up to date once, and again when another file stands in its place."""
        if self._is_ready():
            return
        if not self._lock.acquire(timeout=LONGEST_WAIT_S):
            raise sqlite3.OperationalError("database is locked")
        try:
            if self._is_ready():  # another thread was quicker
                return
            self._engine.dispose()
            if self._file is not None and not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                # Points and names are nobody's business: only the owner of the station may read the file.
                self._file.touch(mode=0o600)
            while not self._is_up_to_date():
                with self._engine.begin() as connection:
                    migrate_one_step(connection)
            self._ready_for = self._identity()
        finally:
            self._lock.release()

    def _is_ready(self) -> bool:
        return self._ready_for is not None and self._ready_for == self._identity()

    def _is_up_to_date(self) -> bool:
        with self._engine.connect() as connection, connection.execution_options(is_reading=True).begin():
            return steps_done(connection) == len(STEPS)

    def _identity(self) -> tuple[int, int] | None:
        """A file that was moved away must not go on being written to unseen."""
        if self._file is None:
            return (0, 0)
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return None
        return (status.st_dev, status.st_ino)


def sqlite_at(path: Path) -> Database:
    """The database in the SQLite file *path*."""
    return Database(sqlite_engine(path), path)


def sqlite_engine(path: Path, *, longest_wait_s: float = LONGEST_WAIT_S) -> Engine:
    """WAL, synchronous=FULL, foreign keys, and transactions that take their lock at the start."""
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": longest_wait_s, "check_same_thread": False, "isolation_level": None},
        pool_timeout=longest_wait_s,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: with NORMAL a power cut took up to 69 commits, with FULL none (32 cuts).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE: with a plain BEGIN 417 of 600 writing transactions failed beside other writers, so none.
    is_reading = connection.get_execution_options().get("is_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def upsert(connection: Connection, table: Table, row: dict[str, Any], *, keep: tuple[str, ...] = ()) -> None:
    """Insert *row*, or replace the one with the same primary key, except for the columns to *keep*."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row)
    key = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in row if name not in (*key, *keep)}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))
