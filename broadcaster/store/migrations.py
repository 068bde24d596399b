"""The steps from an empty database to today's tables: numbered, in order, each in a transaction.

A step that was released is never edited; what has to change is a new step. Only SQL that every database understands.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from broadcaster.errors import StoreFailed
from broadcaster.model.words import Sentence

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE airing (
            airing TEXT NOT NULL PRIMARY KEY,
            slot TEXT NOT NULL,
            title TEXT NOT NULL,
            planned_at TEXT NOT NULL,
            planned_us BIGINT NOT NULL,
            started_at TEXT,
            finished_at TEXT,
            fate TEXT NOT NULL,
            reason_zh TEXT NOT NULL,
            reason_en TEXT NOT NULL,
            priority TEXT NOT NULL,
            zones TEXT NOT NULL,
            scripts TEXT NOT NULL,
            clip TEXT NOT NULL,
            voice TEXT NOT NULL,
            who TEXT NOT NULL,
            seq BIGINT,
            is_voided BOOLEAN NOT NULL
        )""",
        "CREATE INDEX airing_by_planned ON airing (planned_us)",
        "CREATE TABLE script_use (script TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL)",
        """CREATE TABLE change (
            seq BIGINT NOT NULL PRIMARY KEY,
            made_at TEXT NOT NULL,
            made_us BIGINT NOT NULL,
            body TEXT NOT NULL
        )""",
        "CREATE INDEX change_by_made ON change (made_us)",
        "CREATE TABLE memory (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    ),
    (
        """CREATE TABLE person (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            study_group TEXT NOT NULL,
            pinyin TEXT NOT NULL,
            consents BOOLEAN NOT NULL,
            has_withdrawn BOOLEAN NOT NULL
        )""",
        """CREATE TABLE points (
            person TEXT NOT NULL REFERENCES person (id),
            on_date TEXT NOT NULL,
            total BIGINT NOT NULL,
            PRIMARY KEY (person, on_date)
        )""",
        "CREATE INDEX points_by_date ON points (on_date)",
        """CREATE TABLE points_import (
            sha256 TEXT NOT NULL PRIMARY KEY,
            file_name TEXT NOT NULL,
            imported_at TEXT NOT NULL,
            row_count INTEGER NOT NULL,
            who TEXT NOT NULL
        )""",
    ),
    (
        "CREATE TABLE revision (sha256 TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL)",
        """CREATE TABLE approval (
            seq BIGINT NOT NULL PRIMARY KEY,
            script TEXT NOT NULL,
            verdict TEXT NOT NULL,
            who TEXT NOT NULL,
            made_at TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES revision (sha256),
            before_sha256 TEXT NOT NULL,
            reading TEXT,
            why TEXT NOT NULL
        )""",
        "CREATE INDEX approval_by_script ON approval (script)",
    ),
    (
        """CREATE TABLE account (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            password TEXT NOT NULL,
            roles TEXT NOT NULL,
            is_active BOOLEAN NOT NULL,
            made_at TEXT NOT NULL
        )""",
        """CREATE TABLE device (
            id TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL REFERENCES account (id),
            token TEXT NOT NULL UNIQUE,
            label TEXT NOT NULL,
            made_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            seen_us BIGINT NOT NULL,
            expires_at TEXT NOT NULL,
            is_trusted BOOLEAN NOT NULL
        )""",
        "CREATE INDEX device_by_account ON device (account)",
        "CREATE TABLE failure (name TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, last_at TEXT NOT NULL)",
        """CREATE TABLE deed (
            seq BIGINT NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            before_it TEXT NOT NULL,
            after_it TEXT NOT NULL
        )""",
    ),
    (
        "ALTER TABLE airing ADD COLUMN heard TEXT NOT NULL DEFAULT 'not listened'",
        "ALTER TABLE airing ADD COLUMN delay_ms INTEGER",
        "ALTER TABLE airing ADD COLUMN level_db DOUBLE PRECISION",
    ),
    (
        """CREATE TABLE script_step (
            seq BIGINT NOT NULL PRIMARY KEY,
            script TEXT NOT NULL,
            step TEXT NOT NULL,
            who TEXT NOT NULL,
            made_at TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES revision (sha256),
            note TEXT NOT NULL
        )""",
        "CREATE INDEX script_step_by_script ON script_step (script, seq)",
    ),
    (
        """CREATE TABLE program (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            token TEXT NOT NULL UNIQUE,
            scopes TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            made_us BIGINT NOT NULL,
            seen_at TEXT,
            is_active BOOLEAN NOT NULL
        )""",
        """CREATE TABLE invitation (
            account TEXT NOT NULL PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            roles TEXT NOT NULL,
            is_new BOOLEAN NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            made_us BIGINT NOT NULL,
            expires_at TEXT NOT NULL
        )""",
    ),
    (
        "CREATE INDEX airing_by_place ON airing (planned_us, airing)",
        "CREATE INDEX airing_by_fate ON airing (fate, planned_us, airing)",
        "DROP INDEX airing_by_planned",
    ),
)


def steps_done(connection: Connection) -> int:
    """How many steps this database has behind it. Only reads, so it works on a disk that cannot be written.

    Raises StoreFailed when a newer version of the program has been here.
    """
    if not inspect(connection).has_table("migration"):
        return 0
    done: int = connection.exec_driver_sql("SELECT COALESCE(MAX(step), 0) FROM migration").scalar_one()
    if done > len(STEPS):
        raise StoreFailed(
            Sentence(
                f"数据库是更新的版本写的（第 {done} 步，这里只认到第 {len(STEPS)} 步）。请把程序升级到原来的版本。",
                f"the database was written by a newer version (step {done}, this one knows {len(STEPS)}). "
                "Upgrade the program.",
            )
        )
    return done


def migrate_one_step(connection: Connection) -> None:
    """Apply the next step, if any is left, inside the caller's transaction."""
    done = steps_done(connection)
    if done == len(STEPS):
        return
    if done == 0:
        connection.exec_driver_sql("CREATE TABLE migration (step INTEGER NOT NULL PRIMARY KEY)")
    for statement in STEPS[done]:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO migration (step) VALUES ({done + 1})")  # noqa: S608 # a number of ours
