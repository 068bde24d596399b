"""The database behind the ports of ``ports.py``, and the roster: what happened, and who is who."""

from __future__ import annotations

from pathlib import Path

from broadcaster.ports import (
    Accounts,
    Approvals,
    AsRunLog,
    ChangeLog,
    Devices,
    FailureBook,
    Invitations,
    LogBook,
    Memory,
    Programs,
    Revisions,
    Trail,
)
from broadcaster.store.accounts import StoredAccounts, StoredDevices, StoredFailures
from broadcaster.store.approvals import StoredApprovals
from broadcaster.store.asrun import StoredAsRunLog
from broadcaster.store.changes import StoredChangeLog
from broadcaster.store.database import Database, sqlite_at
from broadcaster.store.logbook import StoredLogBook
from broadcaster.store.memory import StoredMemory
from broadcaster.store.newcomers import StoredInvitations, StoredPrograms
from broadcaster.store.revisions import StoredRevisions
from broadcaster.store.roster import StoredRoster
from broadcaster.store.trail import StoredTrail


class Store:
    """One database, reached by any thread. Every call is durable on return or raises StoreFailed.

    After a failure the next call begins anew, so the store works again by itself as soon as the disk does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.log: AsRunLog = StoredAsRunLog(database)
        self.logbook: LogBook = StoredLogBook(database)
        self.changes: ChangeLog = StoredChangeLog(database)
        self.memory: Memory = StoredMemory(database)
        self.approvals: Approvals = StoredApprovals(database)
        self.revisions: Revisions = StoredRevisions(database)
        self.roster = StoredRoster(database)
        self.accounts: Accounts = StoredAccounts(database)
        self.devices: Devices = StoredDevices(database)
        self.programs: Programs = StoredPrograms(database)
        self.invitations: Invitations = StoredInvitations(database)
        self.failures: FailureBook = StoredFailures(database)
        self.trail: Trail = StoredTrail(database)

    def close(self) -> None:
        """Let go of the file. Safe to call twice; a later call opens it again."""
        self._database.reset()


def open_store(path: Path) -> Store:
    """The store in the SQLite file *path*.

    Touches no disk: the file is made, or brought up to date, by the first call. A station whose disk is broken
    at the start still starts, and has its log as soon as the disk works.
    """
    return Store(sqlite_at(path))
