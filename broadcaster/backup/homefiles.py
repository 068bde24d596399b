"""The home folder → those of its files that a backup holds: what people wrote and recorded, and nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from broadcaster.backup.manifest import FILES, FOLDERS, is_ours
from broadcaster.home import Home

PIECE = 1 << 20


def files_of(home: Home) -> dict[str, Path]:
    """Path in the backup → file, sorted. A link counts only when it leads to a file within the home folder."""
    found = dict(_all_files(home))
    return {path: found[path] for path in sorted(found)}


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _all_files(home: Home) -> Iterator[tuple[str, Path]]:
    root = home.root.resolve()
    for name in FILES:
        if (home.root / name).is_file():
            yield name, home.root / name
    for folder in FOLDERS:
        for place, _folders, files in os.walk(home.root / folder):
            for name in files:
                file = Path(place) / name
                path = file.relative_to(home.root).as_posix()
                if is_ours(path) and file.is_file() and file.resolve().is_relative_to(root):
                    yield path, file
