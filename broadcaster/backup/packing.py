"""A home folder and its database → one ZIP file, whole or not at all. Safe beside a running station."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from broadcaster.backup.homefiles import PIECE, files_of
from broadcaster.backup.manifest import DATABASE, MANIFEST, Entry, Manifest, write_manifest
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence
from broadcaster.store.snapshot import take_snapshot

PACKED = (".wav", ".mp3", ".m4a", ".ogg", ".flac", ".amr", ".aac", ".webm")
"""Sound hardly gets smaller, and pressing it costs the processor a playing station needs."""


def pack(home: Home, target: Path, *, station: str, now: datetime) -> Manifest:
    """Write the backup to *target*, readable by its owner only.

    Raises Refused when the disk does not take it, StoreFailed when the database cannot be read; then *target* is as
    it was.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                manifest = _write(home, file, station, now)  # type: ignore[arg-type] # what zipfile needs of a file
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            Sentence(
                f"备份没有做成：{why}。站照常运行。请检查磁盘满没满，再做一次。",
                f"no backup was made: {why}. The station goes on. Look whether the disk is full, and try again.",
            )
        ) from error
    return manifest


def _write(home: Home, file: os.PathLike[str], station: str, now: datetime) -> Manifest:
    entries: list[Entry] = []
    with (
        tempfile.TemporaryDirectory(prefix=".snapshot-", dir=_scratch(home)) as folder,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as backup,
    ):
        for path, source in files_of(home).items():
            try:
                entries.append(_put(backup, path, source))
            except FileNotFoundError:
                continue  # somebody removed it while the backup was made
        if home.database.exists():
            snapshot = Path(folder) / DATABASE
            take_snapshot(home.database, snapshot)
            entries.append(_put(backup, DATABASE, snapshot))
        manifest = Manifest(station=station, made_at=now, entries=tuple(entries))
        backup.writestr(MANIFEST, write_manifest(manifest))
    return manifest


def _put(backup: zipfile.ZipFile, path: str, source: Path) -> Entry:
    """The bytes are read once: what is counted is what is packed, also while somebody writes the file."""
    digest, length = hashlib.sha256(), 0
    info = zipfile.ZipInfo(path)
    info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with source.open("rb") as read, backup.open(info, "w", force_zip64=True) as write:
        while piece := read.read(PIECE):
            digest.update(piece)
            length += len(piece)
            write.write(piece)
    return Entry(path=path, length=length, sha256=digest.hexdigest())


def _scratch(home: Home) -> Path:
    home.var.mkdir(parents=True, exist_ok=True)
    return home.var
