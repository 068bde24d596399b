"""A small station on the disk, with a database that holds what a village has, secrets included."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.home import Home
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.people import Deed, Role, Scope
from broadcaster.store import open_store
from tests.doorkeeper.conftest import GOOD, cheap_passwords
from tests.fakes import ManualClock
from tests.station.conftest import write_station

NOW = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)


class Box:
    """One machine with one station."""

    def __init__(self, root):
        root.mkdir(exist_ok=True)
        self.home = Home(root)
        self.store = open_store(self.home.database)

    def approve(self, name, *, minutes=0, who="王书记"):
        content = (self.home.scripts / f"{name}.txt").read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        at = NOW + timedelta(minutes=minutes)
        self.store.approvals.decide(
            Approval(script=name, verdict=Verdict.APPROVED, who=who, at=at, sha256=sha256), content
        )

    def note(self, subject, *, minutes=0):
        self.store.trail.note(Deed(at=NOW + timedelta(minutes=minutes), who="王", what="x", subject=subject))

    def trail(self):
        return [deed.subject for _, deed in reversed(self.store.trail.deeds(100))]

    def files(self):
        return {
            path.relative_to(self.home.root).as_posix(): path.read_bytes()
            for path in self.home.root.rglob("*")
            if path.is_file() and "var" not in path.relative_to(self.home.root).parts
        }


@pytest.fixture
def box(tmp_path):
    box = Box(tmp_path / "village")
    write_station(box.home.root)
    (box.home.root / "lexicon.toml").write_text('[words]\n"盖家营" = "ge3 jia1 ying2"\n', encoding="utf-8")
    recordings = box.home.root / "audio" / "recordings"
    recordings.mkdir(parents=True)
    (recordings / "声音.wav").write_bytes(bytes(range(256)) * 400)
    box.approve("policy/fire")
    box.note("first")
    yield box
    box.store.close()


@pytest.fixture
def empty(tmp_path):
    box = Box(tmp_path / "new")
    yield box
    box.store.close()


@pytest.fixture
def secrets(box):
    """Everything that opens a door, as the database keeps it, and as it was given out."""
    keeper = Doorkeeper(box.store, ManualClock(NOW), cheap_passwords())
    account = keeper.make_account("王主任", GOOD, [Role.OWNER], who="test")
    _, cookie = keeper.let_in(account, label="x", is_trusted=True)
    _program, token = keeper.programs.admit("水位计", [Scope.READ], who="test")
    keeper.secret()
    with closing(sqlite3.connect(box.home.database)) as books:
        kept = [row[0] for row in books.execute("SELECT password FROM account UNION SELECT token FROM device")]
        kept += [row[0] for row in books.execute("SELECT token FROM program")]
        kept += [row[0] for row in books.execute("SELECT value FROM memory WHERE length(value) > 12")]
    return [cookie, token, GOOD, *kept]
