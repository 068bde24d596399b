"""Whether anybody has written to a SQLite file since it was asked last: what was found before is then still true.

SQLite counts for each connection what all others have committed, in this process and in every other one.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Hashable
from contextlib import suppress
from pathlib import Path


class Freshness:
    """Looks at one file, from any thread; changes nothing in it and keeps nobody waiting."""

    def __init__(self, path: Path) -> None:
        self._path = os.fspath(path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] = (0, 0)
        self._openings = 0

    def stamp(self) -> Hashable | None:
        """Equal to an earlier one: nothing was written between the two. None: it cannot be told now."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 # asked with every page
            with self._lock:
                if self._connection is None or self._file != (status.st_dev, status.st_ino):
                    self._open((status.st_dev, status.st_ino))
                assert self._connection is not None
                counted = self._connection.execute("PRAGMA data_version").fetchall()[0][0]
                return (self._openings, counted)
        except (sqlite3.Error, OSError):
            self.close()
            return None

    def close(self) -> None:
        """Let go of the file. Safe to call twice; the next stamp opens it again, and differs from all before."""
        with self._lock:
            self._close()

    def _open(self, file: tuple[int, int]) -> None:
        self._close()
        self._connection = sqlite3.connect(
            f"{Path(self._path).absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=0.0,
            check_same_thread=False,
            isolation_level=None,
        )
        self._file = file
        self._openings += 1

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
