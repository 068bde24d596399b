"""A file that claims to be a backup → its contents in a folder of our own, each checked; or a sentence and nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from pathlib import Path

from broadcaster.backup.homefiles import PIECE
from broadcaster.backup.manifest import (
    DAMAGED,
    DATABASE,
    LARGEST_MANIFEST_BYTES,
    MANIFEST,
    NO_BACKUP,
    TOO_LARGE,
    Entry,
    Manifest,
    read_manifest,
)
from broadcaster.errors import BackupUnusable, Refused
from broadcaster.model.words import Sentence
from broadcaster.store.snapshot import check_snapshot

SPARE_BYTES = 50_000_000
"""What must be left on the disk for the station itself."""


def unpack(file: Path, folder: Path) -> Manifest:
    """Every file of the backup, as it was packed, in the empty *folder*.

    Raises BackupUnusable for a wrong, damaged, hostile or newer file, Refused when the disk does not take it. *folder*
    is gone then.
    """
    try:
        folder.mkdir(parents=True)
        with _opened(file) as backup:
            manifest = _manifest(backup)
            _check_room(manifest, folder)
            for entry in manifest.entries:
                _take(backup, entry, folder / entry.path)
        if (folder / DATABASE).exists():
            check_snapshot(folder / DATABASE)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError | NotImplementedError | ValueError):
            raise BackupUnusable(DAMAGED) from error
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise Refused(
                Sentence(
                    f"备份展不开：{why}。什么都没有变。请检查磁盘满没满。",
                    f"the backup cannot be unfolded: {why}. Nothing was changed. Is the disk full?",
                )
            ) from error
        raise
    return manifest


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError) as error:
        with file.open("rb") as head:
            is_zip = head.read(4) == b"PK\x03\x04"
        raise BackupUnusable(DAMAGED if is_zip else NO_BACKUP) from error


def _manifest(backup: zipfile.ZipFile) -> Manifest:
    names = [info.filename for info in backup.infolist()]
    if MANIFEST not in names:
        raise BackupUnusable(NO_BACKUP)
    if len(set(names)) < len(names):
        raise BackupUnusable(DAMAGED)
    if backup.getinfo(MANIFEST).file_size > LARGEST_MANIFEST_BYTES:
        raise BackupUnusable(TOO_LARGE)
    with backup.open(MANIFEST) as read:
        manifest = read_manifest(read.read(LARGEST_MANIFEST_BYTES))
    if {one.path for one in manifest.entries} != set(names) - {MANIFEST}:
        raise BackupUnusable(DAMAGED)
    return manifest


def _check_room(manifest: Manifest, folder: Path) -> None:
    needed = sum(one.length for one in manifest.entries) + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise Refused(
            Sentence(
                f"磁盘不够：展开要 {needed // 1_000_000} MB，只剩 {free // 1_000_000} MB。什么都没有变。请先腾出空间。",
                f"the disk is too small: {needed // 1_000_000} MB are needed and {free // 1_000_000} MB are left. "
                "Nothing was changed. Free some space first.",
            )
        )


def _take(backup: zipfile.ZipFile, entry: Entry, target: Path) -> None:
    """Exactly so many bytes as the manifest says, whatever the ZIP unfolds into, and exactly those."""
    digest, left = hashlib.sha256(), entry.length
    target.parent.mkdir(parents=True, exist_ok=True)
    with backup.open(entry.path) as read, target.open("xb") as write:
        while piece := read.read(min(PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                raise BackupUnusable(DAMAGED)
            digest.update(piece)
            write.write(piece)
        write.flush()
        os.fsync(write.fileno())
    if left or digest.hexdigest() != entry.sha256:
        raise BackupUnusable(DAMAGED)
