"""Backups of a running station: made by a process of its own at the lowest priority, looked at, and put back."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from broadcaster.backup.manifest import Manifest, read_manifest, write_manifest
from broadcaster.backup.packing import pack
from broadcaster.backup.putting_back import Preview, preview, put_back
from broadcaster.backup.unpacking import unpack
from broadcaster.errors import DalabaError, Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence

log = logging.getLogger(__name__)

NIGHTLY, BY_HAND, BEFORE = "nightly", "by-hand", "before-restore"
STAMP = "%Y-%m-%d-%H%M%S"
_NAME = re.compile(r"dalaba-(\d{4}-\d\d-\d\d-\d{6})-(nightly|by-hand|before-restore)\.zip", re.ASCII)
MOST_KEPT = 10
"""Of each kind but the nightly ones, which have days of their own."""
PIECE = 1 << 20
LARGEST_UPLOAD_BYTES = 4_000_000_000
LONGEST = timedelta(hours=2)
"""Of one backup; a disk that does not answer must not end all later ones."""

BUSY = Sentence("正在做备份，请过一会儿再来看。", "a backup is being made. Look again in a moment.")
GONE = Sentence("没有这份备份了，请再看一看。", "that backup is gone. Look again.")
LOOK_AGAIN = Sentence(
    "您看着的时候，站里又有改动，没有放回去。请看看现在会变什么，再按一次。",
    "the station was changed while you were looking, so nothing was put back. Look at what would change now.",
)
UPLOAD_TOO_LARGE = Sentence(
    "文件太大，不像备份，什么都没有变。", "the file is too large for a backup; nothing was changed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One file in ``var/backups/``."""

    name: str
    kind: str
    made_at: datetime
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An uploaded backup, unfolded and checked, not put back yet."""

    number: str
    preview: Preview


class BackupDesk:
    """May be used from any thread."""

    def __init__(
        self, home: Home, *, name: Callable[[], str], now: Callable[[], datetime], restored: Callable[[], None]
    ):
        """*name*: of the station; *now*: on its own clock; *restored*: files and books are others now."""
        self._home = home
        self._folder = home.var / "backups"
        self._staging = home.var / "restore"
        self._name = name
        self._now = now
        self._restored = restored
        self._pen = threading.Lock()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._began = now()
        self._failed: Sentence | None = None

    # --- making ---------------------------------------------------------------------------------------------

    def all(self) -> tuple[Backup, ...]:
        """The newest first."""
        found = []
        try:
            for file in self._folder.glob("dalaba-*.zip"):
                named = _NAME.fullmatch(file.name)
                if named is not None:
                    made = datetime.strptime(named[1], STAMP).replace(tzinfo=self._now().tzinfo)
                    found.append(Backup(name=file.name, kind=named[2], made_at=made, length=file.stat().st_size))
        except (OSError, ValueError) as error:
            log.warning("the folder of backups cannot be read: %s", error)
        return tuple(sorted(found, key=lambda one: (one.made_at, one.name), reverse=True))

    def file(self, name: str) -> Path:
        """Raises Refused where there is no such backup."""
        if all(one.name != name for one in self.all()):
            raise Refused(GONE)
        return self._folder / name

    def begin(self, kind: str = BY_HAND) -> str:
        """Have a backup made, beside and below all that sounds; the name it will have. Raises Refused."""
        with self._lock:
            if self._is_busy():
                raise Refused(BUSY)
            name = f"dalaba-{self._now():{STAMP}}-{kind}.zip"
            command = [sys.executable, "-m", "broadcaster", "backup", str((self._folder / name).absolute())]
            try:
                self._process = subprocess.Popen(
                    [*command, "--home", str(self._home.root.absolute()), "--calm", "--json"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONIOENCODING": "utf-8"},
                )
            except OSError as error:
                why = error.strerror or str(error)
                raise Refused(Sentence(f"备份开不了头：{why}。", f"no backup can be begun: {why}.")) from error
            self._began, self._failed = self._now(), None
        return name

    def wait(self, longest: timedelta) -> bool:
        """Until the backup is made, or so long; whether it is. Raises Refused when it could not be made."""
        with self._lock:
            process = self._process
        if process is not None:
            try:
                process.wait(longest.total_seconds())
            except subprocess.TimeoutExpired:
                return False
        with self._lock:
            self._is_busy()
            if self._failed is not None:
                raise Refused(self._failed)
        return True

    def is_busy(self) -> bool:
        """Whether a backup is being made just now."""
        with self._lock:
            return self._is_busy()

    @property
    def failed(self) -> Sentence | None:
        """Why the last one could not be made; None: it was, or is on the way."""
        return self._failed

    def clear(self, nightly_days: int) -> None:
        """Take the oldest away: nightly ones after so many days, of the others all but the last few."""
        kept: dict[str, int] = {}
        for one in self.all():
            kept[one.kind] = kept.get(one.kind, 0) + 1
            is_old = self._now() - one.made_at > timedelta(days=nightly_days)
            if (one.kind == NIGHTLY and is_old) or (one.kind != NIGHTLY and kept[one.kind] > MOST_KEPT):
                (self._folder / one.name).unlink(missing_ok=True)

    def close(self) -> None:
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
                self._process.wait()
            if self._process is not None and self._process.stdout is not None:
                self._process.stdout.close()

    def _is_busy(self) -> bool:
        process = self._process
        if process is None:
            return False
        if process.poll() is None:
            if self._now() - self._began > LONGEST:
                process.kill()
            return True
        assert process.stdout is not None
        told = process.stdout.read()
        process.stdout.close()
        self._process = None
        self._failed = None if process.returncode == 0 else _why(told)
        return False

    # --- putting back ---------------------------------------------------------------------------------------

    def look(self, file: IO[bytes]) -> Looked:
        """Unfold and check an uploaded file; what it would change. Raises BackupUnusable, Refused, StoreFailed."""
        with self._pen:
            self._forget_all()
            number = secrets.token_hex(8)
            folder = self._staging / number
            packed = self._staging / f"{number}.zip"
            try:
                self._staging.mkdir(parents=True, exist_ok=True)
                _save(file, packed)
                manifest = unpack(packed, folder)
                (self._staging / f"{number}.json").write_bytes(write_manifest(manifest))
                return Looked(number=number, preview=preview(folder, manifest, self._home))
            except OSError as error:
                why = error.strerror or str(error)
                raise Refused(
                    Sentence(
                        f"文件没有收下：{why}。什么都没有变。请检查磁盘满没满。",
                        f"the file was not taken: {why}. Nothing was changed. Is the disk full?",
                    )
                ) from error
            finally:
                packed.unlink(missing_ok=True)

    def look_again(self, number: str) -> Looked:
        """What the same file would change now. Raises Refused and StoreFailed."""
        folder = self._staging / number
        if not number.isalnum() or not folder.is_dir():
            raise Refused(GONE)
        return Looked(number=number, preview=preview(folder, self._manifest(number), self._home))

    def put_back(self, number: str, version: str) -> tuple[Preview, str]:
        """Make it so; what was changed, and the name of the backup of what was there before.

        Raises Refused or StoreFailed; then all is as it was. *version*: of the preview that the person saw.
        """
        with self._pen:
            found = self.look_again(number).preview
            if found.version != version:
                raise Refused(LOOK_AGAIN)
            before = self._folder / f"dalaba-{self._now():{STAMP}}-{BEFORE}.zip"
            pack(self._home, before, station=self._name(), now=self._now())
            try:
                put_back(self._staging / number, found, self._home)
            except DalabaError:
                before.unlink(missing_ok=True)
                raise
            finally:
                self._forget_all()
        self._restored()
        return found, before.name

    def _manifest(self, number: str) -> Manifest:
        return read_manifest((self._staging / f"{number}.json").read_bytes())

    def _forget_all(self) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)


def _save(file: IO[bytes], target: Path) -> None:
    left = LARGEST_UPLOAD_BYTES
    with target.open("xb") as write:
        while piece := file.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise Refused(UPLOAD_TOO_LARGE)
            write.write(piece)


def _why(told: bytes) -> Sentence:
    try:
        said = json.loads(told)
        return Sentence(str(said["error"]), str(said["error_en"]))
    except (ValueError, KeyError, TypeError):
        return Sentence(
            "备份没有做成，做到一半就停了。站照常运行。请再做一次。",
            "no backup was made: it ended half way. The station goes on. Try again.",
        )
