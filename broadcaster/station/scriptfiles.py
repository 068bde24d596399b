"""The folder ``scripts/`` on the disk, changed from the page: written durably, set aside and brought back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.library import LARGEST_FILE_BYTES, file_of, reading_file
from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Sentence
from broadcaster.scripts.naming import checked, checked_kind

RETIRED = ".retired"
"""Below ``scripts/``: the library leaves hidden folders alone."""
ENDING = ".txt"


class ScriptFiles:
    """Names are checked here: nothing outside the folder is read or written. Every method raises Refused, in words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path | None:
        """The file of a script; None: there is none."""
        return file_of(self._folder, checked(name))

    def read(self, name: str) -> bytes:
        """Its bytes, of a file too large one more than is allowed."""
        path = self.path(name)
        if path is None:
            raise Refused(_no_script(name))
        return _bytes(path)

    def write(self, name: str, content: bytes) -> None:
        """Replace the script, or make it. On a full disk the old one stays as it is."""
        path = self.path(name) or self._new(name)
        try:
            write_durably(path, content)
        except OSError as error:
            raise Refused(_not_saved(path.name, error)) from error

    def kinds(self) -> list[str]:
        """The folders that there are."""
        with suppress(OSError):
            return sorted(one.name for one in self._folder.iterdir() if one.is_dir() and one.name[0] != ".")
        return []

    def stems(self, kind: str) -> set[str]:
        """Names that a folder holds or held: a new one takes none of them."""
        found = set()
        for folder in (self._folder / checked_kind(kind), self._folder / RETIRED / checked_kind(kind)):
            with suppress(OSError):
                found |= {one.stem for one in folder.iterdir()}
        return found

    def set_aside(self, name: str) -> None:
        """Take the script, with its approved reading, off the shelf."""
        path = self.path(name)
        if path is None:
            raise Refused(_no_script(name))
        away = self._folder / RETIRED / path.parent.name
        self._move(path, away, ScriptName(name))

    def bring_back(self, name: str) -> None:
        """Put a script that was set aside back where it was."""
        kind, _, stem = checked(name).partition("/")
        path = self._aside(kind, stem)
        if path is None:
            raise Refused(_no_script(name))
        if self.path(name) is not None:
            raise Refused(
                Sentence(
                    f"已经有一篇叫“{name}”的稿件了，没有动。请先把那一篇停用。",
                    f"there already is a script {name!r}; nothing was changed. Retire that one first.",
                )
            )
        self._move(path, self._folder / kind, ScriptName(name))

    def aside(self) -> Iterator[tuple[ScriptName, bytes]]:
        """What was set aside, by name."""
        with suppress(OSError):
            for kind in sorted((self._folder / RETIRED).iterdir()):
                for path in sorted(kind.glob(f"*{ENDING}")) + sorted(kind.glob("*.md")):
                    with suppress(Refused):
                        yield checked(f"{kind.name}/{path.stem}"), _bytes(path)

    def _aside(self, kind: str, stem: str) -> Path | None:
        folder = self._folder / RETIRED / kind
        found = (folder / f"{stem}{ending}" for ending in (ENDING, ".md"))
        return next((path for path in found if path.is_file()), None)

    def _move(self, path: Path, into: Path, name: ScriptName) -> None:
        reading = reading_file(path.parent.parent, name)
        try:
            into.mkdir(parents=True, exist_ok=True)
            if (into / path.name).exists():
                older = next(
                    into / f"{path.stem}~{n}{path.suffix}"
                    for n in range(1, 10_000)
                    if not (into / f"{path.stem}~{n}{path.suffix}").exists()
                )
                (into / path.name).rename(older)
            path.rename(into / path.name)
            with suppress(FileNotFoundError):
                reading.replace(into / reading.name)
            for folder in (into, path.parent):
                _sync(folder)
        except OSError as error:
            raise Refused(_not_saved(path.name, error)) from error

    def _new(self, name: str) -> Path:
        kind, _, stem = name.partition("/")
        folder = self._folder / kind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            is_inside = folder.resolve().is_relative_to(self._folder.resolve())
        except OSError as error:
            raise Refused(_not_saved(kind, error)) from error
        if not is_inside or (folder / f"{stem}{ENDING}").is_symlink():
            raise Refused(_no_script(name))
        return folder / f"{stem}{ENDING}"


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(Sentence(f"读不了“{path.name}”：{why}。", f"{path.name!r} cannot be read: {why}.")) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_script(name: str) -> Sentence:
    return Sentence(f"没有稿件“{name}”。", f"there is no script {name!r}.")


def _not_saved(file: str, error: OSError) -> Sentence:
    why = error.strerror or str(error)
    return Sentence(
        f"“{file}”没有存成：{why}。原来的还在，您写的还在这一页上。请清理磁盘，再存一次。",
        f"{file!r} was not saved: {why}. The old one is untouched, and your words are still on this page. "
        "Free some disk and save again.",
    )
