"""``manifest.json`` of a backup ⇄ what the file holds: every entry with its length and SHA-256. Trusts nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broadcaster.errors import BackupUnusable
from broadcaster.model.words import Sentence

KIND = "dalaba-backup"
FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "station.db"
FILES = ("schedule.toml", "lexicon.toml")
FOLDERS = ("scripts", "audio")
MOST_ENTRIES = 100_000
MOST_BYTES = 8_000_000_000
LARGEST_MANIFEST_BYTES = 40_000_000
LONGEST_PATH = 300
DEEPEST = 8
_SHA256 = re.compile(r"[0-9a-f]{64}")

NO_BACKUP = Sentence(
    "这个文件不是大喇叭的备份，什么都没有变。请选“下载备份”得到的 .zip 文件。",
    "this file is no backup of a station, and nothing was changed. Choose the .zip file that a station made.",
)
DAMAGED = Sentence(
    "这个备份不完整，或者坏了，什么都没有变。请重新下载或拷贝一次，或者换一份。",
    "this backup is incomplete or damaged, and nothing was changed. Copy it again, or choose another one.",
)
NEWER = Sentence(
    "这个备份是更新的版本做的，这台机器读不了，什么都没有变。请先升级大喇叭。",
    "this backup was made by a newer version and cannot be read here; nothing was changed. Upgrade the station first.",
)
TOO_LARGE = Sentence(
    "这个备份展开以后太大，不像一个站的备份，什么都没有变。",
    "this backup would unfold into more than any station holds; nothing was changed.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    path: str
    """Below the home folder, with slashes; ``station.db`` is the snapshot of the database."""
    length: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    station: str
    made_at: datetime
    entries: tuple[Entry, ...]


def write_manifest(manifest: Manifest) -> bytes:
    body = {
        "kind": KIND,
        "format": FORMAT,
        "station": manifest.station,
        "made_at": manifest.made_at.isoformat(),
        "files": [{"path": one.path, "bytes": one.length, "sha256": one.sha256} for one in manifest.entries],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """Raises BackupUnusable for anything that a station would not have written."""
    try:
        body: Any = json.loads(data)
        if not isinstance(body, dict) or body.get("kind") != KIND:
            raise BackupUnusable(NO_BACKUP)
        if not isinstance(body["format"], int) or body["format"] > FORMAT:
            raise BackupUnusable(NEWER)
        entries = tuple(_entry(one) for one in body["files"])
        made_at = datetime.fromisoformat(body["made_at"])
        manifest = Manifest(station=str(body["station"])[:100], made_at=made_at, entries=entries)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupUnusable(DAMAGED) from error
    if len({one.path.casefold() for one in entries}) < len(entries) or made_at.tzinfo is None:
        raise BackupUnusable(DAMAGED)
    if len(entries) > MOST_ENTRIES or sum(one.length for one in entries) > MOST_BYTES:
        raise BackupUnusable(TOO_LARGE)
    return manifest


def is_ours(path: str) -> bool:
    """Whether a backup may hold *path*: nothing outside the station's own folders, nothing hidden, nothing odd."""
    if path in (DATABASE, *FILES):
        return True
    parts = path.split("/")
    return (
        1 < len(parts) <= DEEPEST
        and parts[0] in FOLDERS
        and len(path.encode("utf-8", "replace")) <= LONGEST_PATH
        and all(part and part == part.strip() and not part.startswith(".") and part.isprintable() for part in parts)
        and not any(char in path for char in '\\:*?"<>|')
    )


def _entry(one: Any) -> Entry:
    path, length, sha256 = one["path"], one["bytes"], one["sha256"]
    is_right = isinstance(path, str) and is_ours(path) and type(length) is int and length >= 0
    if not is_right or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise BackupUnusable(DAMAGED)
    return Entry(path=path, length=length, sha256=sha256)
