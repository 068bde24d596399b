"""A backup brings everything back, on the same machine and on a new one, and takes nothing that is there."""

import json
import sqlite3
import stat
import zipfile
from contextlib import closing

import pytest

from broadcaster.backup.manifest import Manifest, read_manifest, write_manifest
from broadcaster.backup.packing import pack
from broadcaster.backup.putting_back import preview, put_back
from broadcaster.backup.unpacking import unpack
from broadcaster.errors import Refused, StoreFailed
from tests.backup.conftest import NOW


def packed(box, target):
    return pack(box.home, target, station="试验村", now=NOW)


def restored(file, box, folder):
    manifest = unpack(file, folder)
    found = preview(folder, manifest, box.home)
    put_back(folder, found, box.home)
    return found


def test_a_new_machine_gets_files_approvals_and_trail(box, empty, tmp_path):
    file = tmp_path / "b.zip"
    manifest = packed(box, file)
    found = restored(file, empty, tmp_path / "out")

    assert empty.files() == box.files()
    assert found.added == tuple(sorted(box.files())) and not found.changed and not found.removed
    assert empty.store.approvals.decisions() == box.store.approvals.decisions()
    [decision] = empty.store.approvals.decisions()
    assert empty.store.approvals.content(decision.sha256) == box.files()["scripts/policy/fire.txt"]
    assert empty.trail() == ["first"]
    assert {one.path for one in manifest.entries} == {*box.files(), "station.db"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_files_are_as_they_were_and_what_came_since_can_be_brought_back(box, tmp_path):
    file, before = tmp_path / "b.zip", box.files()
    packed(box, file)
    (box.home.scripts / "study" / "a.txt").write_text("别的话。", encoding="utf-8")
    (box.home.scripts / "study" / "new.txt").write_text("新的话。", encoding="utf-8")
    (box.home.scripts / "study" / "b.txt").unlink()
    since = box.files()
    packed(box, tmp_path / "since.zip")

    found = restored(file, box, tmp_path / "out")
    assert (found.added, found.changed, found.removed) == (
        ("scripts/study/b.txt",),
        ("scripts/study/a.txt",),
        ("scripts/study/new.txt",),
    )
    assert box.files() == before
    restored(tmp_path / "since.zip", box, tmp_path / "out2")
    assert box.files() == since


def test_the_books_lose_nothing_and_a_trail_stays_in_the_order_of_time(box, tmp_path):
    file = tmp_path / "b.zip"
    box.note("early", minutes=5)
    packed(box, file)
    with closing(sqlite3.connect(box.home.database)) as books, books:
        books.execute("DELETE FROM deed WHERE subject = 'early'")
        books.execute("DELETE FROM approval")
    box.note("late", minutes=9)
    box.approve("study/a", minutes=3)

    found = restored(file, box, tmp_path / "out")
    assert found.rows == {"approval": 1, "deed": 1}
    assert box.trail() == ["first", "early", "late"]
    assert [one.script for one in box.store.approvals.decisions()] == ["policy/fire", "study/a"]
    box.note("after")
    assert box.trail() == ["first", "early", "late", "after"]
    assert preview(tmp_path / "out2", unpack(file, tmp_path / "out2"), box.home).rows == {}


def test_no_password_no_session_and_no_token_is_in_it(box, secrets, tmp_path):
    file = tmp_path / "b.zip"
    packed(box, file)
    with zipfile.ZipFile(file) as backup:
        whole = b"".join(backup.read(name) for name in backup.namelist())
        assert len(backup.read("station.db")) > 10_000

    assert len(secrets) >= 7
    assert [secret for secret in secrets if secret.encode() in whole] == []


def test_who_may_come_in_is_not_changed_by_a_backup(box, secrets, empty, tmp_path):
    file = tmp_path / "b.zip"
    packed(box, file)
    restored(file, empty, tmp_path / "out")

    assert empty.store.accounts.accounts() == [] and len(box.store.accounts.accounts()) == 1


def test_a_snapshot_is_whole_while_others_write(box, tmp_path):
    with closing(sqlite3.connect(box.home.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO deed VALUES (99, 'x', 'x', 'x', 'half done', '', '')")
        packed(box, tmp_path / "b.zip")
        other.execute("COMMIT")
    unpack(tmp_path / "b.zip", tmp_path / "out")

    with closing(sqlite3.connect(tmp_path / "out" / "station.db")) as books:
        assert books.execute("SELECT subject FROM deed").fetchall() == [("first",)]


def test_a_disk_that_takes_no_backup_leaves_nothing_and_says_so(box, tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("broadcaster.backup.packing.os.fsync", full)
    (tmp_path / "b.zip").write_text("the old one")
    with pytest.raises(Refused) as refused:
        packed(box, tmp_path / "b.zip")

    assert (
        refused.value.sentence.zh == "备份没有做成：No space left on device。站照常运行。请检查磁盘满没满，再做一次。"
    )
    assert (tmp_path / "b.zip").read_text() == "the old one" and not list(tmp_path.glob(".backup-*"))
    assert not list(box.home.var.glob(".snapshot-*"))


@pytest.mark.parametrize("after", range(6))
def test_a_disk_that_fails_half_way_leaves_every_file_as_it_was(box, tmp_path, monkeypatch, after):
    packed(box, tmp_path / "b.zip")
    for name in ("a", "b"):
        (box.home.scripts / "study" / f"{name}.txt").write_text("别的话。", encoding="utf-8")
    (box.home.scripts / "study" / "new.txt").write_text("新的话。", encoding="utf-8")
    (box.home.scripts / "study" / "c.txt").unlink()
    since, moved = box.files(), []
    manifest = unpack(tmp_path / "b.zip", tmp_path / "out")
    found = preview(tmp_path / "out", manifest, box.home)

    import shutil

    real = shutil.move

    def failing(*args):
        moved.append(args)
        if len(moved) == after + 1:
            raise OSError(5, "Input/output error")
        return real(*args)

    monkeypatch.setattr("broadcaster.backup.putting_back.shutil.move", failing)
    with pytest.raises(Refused) as refused:
        put_back(tmp_path / "out", found, box.home)
    assert refused.value.sentence.zh == "没有放回去：Input/output error。原来的都还在。请检查磁盘，再试一次。"
    assert box.files() == since


def test_books_that_cannot_be_written_leave_every_file_as_it_was(box, tmp_path):
    packed(box, tmp_path / "b.zip")
    with closing(sqlite3.connect(box.home.database)) as books, books:
        books.execute("DELETE FROM deed")
    (box.home.scripts / "study" / "a.txt").write_text("别的话。", encoding="utf-8")
    since = box.files()
    manifest = unpack(tmp_path / "b.zip", tmp_path / "out")
    found = preview(tmp_path / "out", manifest, box.home)
    with closing(sqlite3.connect(box.home.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed):
            put_back(tmp_path / "out", found, box.home)
        other.execute("ROLLBACK")

    assert box.files() == since


def test_links_out_of_the_house_and_hidden_files_stay_out(box, tmp_path):
    (tmp_path / "secret.txt").write_text("geheim")
    (box.home.scripts / "study" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (box.home.scripts / "study" / ".hidden.txt").write_text("x")
    manifest = packed(box, tmp_path / "b.zip")

    assert not {"scripts/study/link.txt", "scripts/study/.hidden.txt"} & {one.path for one in manifest.entries}


def test_a_manifest_is_read_as_it_was_written():
    manifest = Manifest(station="试验村", made_at=NOW, entries=())

    assert read_manifest(write_manifest(manifest)) == manifest
    assert json.loads(write_manifest(manifest))["format"] == 1
