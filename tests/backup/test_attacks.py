"""Whatever is sent in the place of a backup is refused with a sentence, and nothing outside its folder is touched."""

import hashlib
import json
import sqlite3
import stat
import warnings
import zipfile
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.backup.manifest import DAMAGED, NEWER, NO_BACKUP, TOO_LARGE, is_ours
from broadcaster.backup.packing import pack
from broadcaster.backup.unpacking import unpack
from broadcaster.errors import BackupUnusable, Refused
from broadcaster.store import snapshot
from broadcaster.store.migrations import STEPS
from tests.backup.conftest import NOW

SCRIPT = "scripts/study/a.txt"


def forged(target, holds=None, *, manifest=None, names=None, **body):
    """A ZIP that says what a forger likes: *holds* is in it, and a manifest that names them."""
    holds = {SCRIPT: b"hello"} if holds is None else holds
    entries = [
        {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in holds.items()
    ]
    told = {"kind": "dalaba-backup", "format": 1, "station": "x", "made_at": NOW.isoformat(), "files": entries} | body
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as backup:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for path, data in (names or holds).items():
            backup.writestr(path, data)
        backup.writestr("manifest.json", json.dumps(told) if manifest is None else manifest)
    return target


def refused(file, tmp_path):
    with pytest.raises((BackupUnusable, Refused)) as caught:
        unpack(file, tmp_path / "in" / "out")
    assert not (tmp_path / "in" / "out").exists()
    return caught.value.sentence


def test_a_forgery_that_keeps_the_rules_is_read(tmp_path):
    unpack(forged(tmp_path / "b.zip"), tmp_path / "out")

    assert (tmp_path / "out" / SCRIPT).read_bytes() == b"hello"


@pytest.mark.parametrize("data", [b"", b"hello", b"PK", b"\x89PNG\r\n" * 100, "节目表".encode() * 1000])
def test_another_kind_of_file_is_no_backup(tmp_path, data):
    (tmp_path / "b.zip").write_bytes(data)

    assert refused(tmp_path / "b.zip", tmp_path) == NO_BACKUP


def test_another_zip_is_no_backup(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as other:
        other.writestr("readme.txt", "x")

    assert refused(tmp_path / "b.zip", tmp_path) == NO_BACKUP


@pytest.mark.parametrize(
    "path",
    [
        "../evil.txt",
        "scripts/../../evil.txt",
        "scripts/./a.txt",
        "/etc/cron.d/evil",
        "scripts//a.txt",
        "scripts\\..\\evil.txt",
        "C:/evil.txt",
        "scripts/.bashrc",
        ".venv/bin/python",
        "var/station.db",
        "var/quiet_hours.json",
        "scripts",
        "evil.py",
        "scripts/a\x00.txt",
        "scripts/" + "a" * 300,
        "scripts/" + "a/" * 9 + "b",
        "scripts/a:b",
        "scripts/a /b",
        "scripts/\u202egpj.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, path):
    assert not is_ours(path)
    names = {path.replace("\x00", "_"): b"evil"}

    assert refused(forged(tmp_path / "b.zip", {path: b"evil"}, names=names), tmp_path) == DAMAGED
    assert {one.name for one in tmp_path.iterdir()} <= {"b.zip", "in"} and not list((tmp_path / "in").iterdir())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFBLK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR])
def test_a_link_or_a_device_is_unfolded_into_a_plain_file(tmp_path, kind):
    """An entry may say that it is a link to /etc/passwd: these words are all that is written."""
    data = b"/etc/passwd"
    entry = zipfile.ZipInfo(SCRIPT)
    entry.external_attr = (kind | 0o7777) << 16
    entry.create_system = 3
    unpack(forged(tmp_path / "b.zip", {SCRIPT: data}, names={entry: data}), tmp_path / "out")

    about = (tmp_path / "out" / SCRIPT).lstat()
    assert stat.S_ISREG(about.st_mode) and not about.st_mode & 0o7000
    assert (tmp_path / "out" / SCRIPT).read_bytes() == data


def test_a_bomb_is_stopped_at_what_the_manifest_says(tmp_path):
    entry = {"path": SCRIPT, "bytes": 5, "sha256": hashlib.sha256(b"hello").hexdigest()}
    bomb = forged(tmp_path / "b.zip", names={SCRIPT: b"\0" * 50_000_000}, files=[entry])

    assert bomb.stat().st_size < 100_000
    assert refused(bomb, tmp_path) == DAMAGED


def test_a_bomb_that_admits_it_is_refused_before_it_is_opened(tmp_path):
    entry = {"path": SCRIPT, "bytes": 9_000_000_000, "sha256": "0" * 64}

    assert refused(forged(tmp_path / "b.zip", files=[entry]), tmp_path) == TOO_LARGE


def test_more_than_the_disk_holds_is_refused_in_words(tmp_path, monkeypatch):
    from shutil import disk_usage

    usage = disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr("broadcaster.backup.unpacking.shutil.disk_usage", lambda _path: usage)

    said = refused(forged(tmp_path / "b.zip"), tmp_path)
    assert said.zh == "磁盘不够：展开要 50 MB，只剩 1 MB。什么都没有变。请先腾出空间。"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 2}, NEWER),
        ({"kind": "other"}, NO_BACKUP),
        ({"files": [{"path": SCRIPT, "bytes": 5, "sha256": "0" * 64}]}, DAMAGED),
        ({"files": [{"path": SCRIPT, "bytes": -1, "sha256": "0" * 64}]}, DAMAGED),
        ({"files": [{"path": SCRIPT, "bytes": True, "sha256": "0" * 64}]}, DAMAGED),
        ({"files": [{"path": SCRIPT}]}, DAMAGED),
        ({"files": "x"}, DAMAGED),
        ({"files": []}, DAMAGED),
        ({"made_at": "yesterday"}, DAMAGED),
        ({"made_at": "2026-01-01T00:00:00"}, DAMAGED),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, change, sentence):
    assert refused(forged(tmp_path / "b.zip", **change), tmp_path) == sentence


@pytest.mark.parametrize("manifest", ["", "{", "[]", "null", "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass")])
def test_a_manifest_that_is_none_is_refused(tmp_path, manifest):
    assert refused(forged(tmp_path / "b.zip", manifest=manifest), tmp_path) in (NO_BACKUP, DAMAGED)


def test_a_file_that_is_there_twice_or_in_two_spellings_is_refused(tmp_path):
    twice = {SCRIPT: b"hello", SCRIPT.upper().replace("SCRIPTS", "scripts"): b"HELLO"}
    assert refused(forged(tmp_path / "b.zip", twice), tmp_path) == DAMAGED
    with warnings.catch_warnings(), zipfile.ZipFile(forged(tmp_path / "c.zip"), "a") as backup:
        warnings.simplefilter("ignore")
        backup.writestr(SCRIPT, b"other")
    assert refused(tmp_path / "c.zip", tmp_path) == DAMAGED


@pytest.fixture
def whole(box, tmp_path):
    pack(box.home, tmp_path / "whole.zip", station="试验村", now=NOW)
    return (tmp_path / "whole.zip").read_bytes()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_truncated_backup_is_refused(whole, tmp_path, share):
    (tmp_path / "b.zip").write_bytes(whole[: int(len(whole) * share)])

    assert refused(tmp_path / "b.zip", tmp_path) in (NO_BACKUP, DAMAGED)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_one_flipped_bit_changes_no_byte_of_what_is_taken(whole, box, tmp_path, place, bit):
    import shutil

    damaged = bytearray(whole)
    damaged[int(len(damaged) * place)] ^= 1 << bit
    (tmp_path / "b.zip").write_bytes(damaged)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    try:
        unpack(tmp_path / "b.zip", tmp_path / "out")
    except (BackupUnusable, Refused):
        assert not (tmp_path / "out").exists()
    else:  # it fell on a date or a permission that nobody reads
        for path, data in box.files().items():
            assert (tmp_path / "out" / path).read_bytes() == data


def with_database(box, tmp_path, spoil):
    target = tmp_path / "spoilt.db"
    snapshot.take_snapshot(box.home.database, target)
    with closing(sqlite3.connect(target)) as books, books:
        spoil(books)
    return forged(tmp_path / "b.zip", {"station.db": target.read_bytes()})


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (f"INSERT INTO migration VALUES ({len(STEPS) + 1})", snapshot.NEWER),
        ("CREATE TRIGGER evil AFTER INSERT ON deed BEGIN DELETE FROM approval; END", snapshot.DAMAGED),
        ("CREATE VIEW evil AS SELECT 1", snapshot.DAMAGED),
        ("DROP TABLE migration", snapshot.DAMAGED),
        ("DROP TABLE approval", snapshot.DAMAGED),
        ("ALTER TABLE deed DROP COLUMN who", snapshot.DAMAGED),
        ("DELETE FROM migration", snapshot.DAMAGED),
    ],
)
def test_a_database_that_is_not_ours_is_refused(box, tmp_path, sql, sentence):
    assert refused(with_database(box, tmp_path, lambda books: books.execute(sql)), tmp_path) == sentence


def test_a_database_that_is_none_is_refused(tmp_path):
    for data in (b"", b"SQLite format 3\0" + b"x" * 5000, b"hello" * 1000):
        assert refused(forged(tmp_path / "b.zip", {"station.db": data}), tmp_path) == snapshot.DAMAGED


def test_an_older_database_is_brought_up_to_date(box, tmp_path):
    def older(books):
        books.execute("DROP INDEX airing_by_place")
        books.execute("DROP INDEX airing_by_fate")
        books.execute("CREATE INDEX airing_by_planned ON airing (planned_us)")
        books.execute(f"DELETE FROM migration WHERE step >= {len(STEPS)}")

    unpack(with_database(box, tmp_path, older), tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / "station.db")) as books:
        assert books.execute("SELECT MAX(step) FROM migration").fetchone() == (len(STEPS),)
