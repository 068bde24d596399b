"""A checked backup + the home folder → what would change; and the change itself, all of it or nothing."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from broadcaster.backup.homefiles import files_of, sha256_of
from broadcaster.backup.manifest import DATABASE, Manifest
from broadcaster.durable import NEW_FILE_MODE
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence
from broadcaster.store.snapshot import add_missing, missing_rows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What putting a backup back would change."""

    station: str
    made_at: datetime
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    """Files that the backup does not hold; they are in the backup that is made before."""
    rows: dict[str, int]
    """Table → rows that the books lack. Nothing is taken out of the books."""
    version: str
    """Of all this: it is another one as soon as a file of the station is."""

    @property
    def does_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed or self.rows)


def preview(folder: Path, manifest: Manifest, home: Home) -> Preview:
    """*folder* holds what *manifest* says. Raises StoreFailed and Refused."""
    wanted = {one.path: one.sha256 for one in manifest.entries if one.path != DATABASE}
    try:
        there = {path: sha256_of(file) for path, file in files_of(home).items()}
    except OSError as error:
        raise Refused(_not_done(error)) from error
    changed = tuple(path for path in sorted(wanted) if path in there and there[path] != wanted[path])
    rows = {}
    if (folder / DATABASE).exists() and home.database.exists():
        rows = missing_rows(folder / DATABASE, home.database)
    elif (folder / DATABASE).exists():
        rows = {"station.db": 1}
    state = "\n".join(f"{path} {sha256}" for path, sha256 in sorted(there.items())) + repr(sorted(wanted.items()))
    return Preview(
        station=manifest.station,
        made_at=manifest.made_at,
        added=tuple(sorted(wanted.keys() - there.keys())),
        changed=changed,
        removed=tuple(sorted(there.keys() - wanted.keys())),
        rows=rows,
        version=hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def put_back(folder: Path, found: Preview, home: Home) -> None:
    """The files are those of the backup, and the books hold its rows, too.

    Each file is moved, never half written. Raises Refused or StoreFailed, and every file is as it was.
    """
    aside = folder.with_name(f"{folder.name}.before")
    undo: list[Callable[[], object]] = []
    try:
        aside.mkdir(parents=True)
        for path in (*found.changed, *found.removed):
            kept, file = aside / path, home.root / path
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, kept)
            undo.append(partial(shutil.move, kept, file))
        for path in (*found.changed, *found.added):
            file = home.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            (folder / path).chmod(NEW_FILE_MODE)
            shutil.move(folder / path, file)
            undo.append(file.unlink)
        if (folder / DATABASE).exists():
            add_missing(folder / DATABASE, home.database)
    except BaseException as error:
        _take_back(undo)
        if isinstance(error, OSError):
            raise Refused(_not_done(error)) from error
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    os.sync()


def _take_back(undo: list[Callable[[], object]]) -> None:
    for step in reversed(undo):
        try:
            step()
        except OSError as error:
            log.error("a file could not be put back as it was; it is in the backup made before: %s", error)


def _not_done(error: OSError) -> Sentence:
    why = error.strerror or str(error)
    return Sentence(
        f"没有放回去：{why}。原来的都还在。请检查磁盘，再试一次。",
        f"the backup was not put back: {why}. All is as it was. Check the disk and try again.",
    )
