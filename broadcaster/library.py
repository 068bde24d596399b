"""The folder ``scripts/`` on the disk → Library: scripts, and the approved readings that lie beside them.

What is in a script is left to ``broadcaster.scripts``, what is in a reading to ``broadcaster.proof.sidefile``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from broadcaster import library_words as words
from broadcaster.errors import ReadingUnusable
from broadcaster.model.texts import ApprovedReading, Library, Script, ScriptName
from broadcaster.model.words import Complaint
from broadcaster.proof.sidefile import SUFFIX as READING
from broadcaster.proof.sidefile import parse_reading
from broadcaster.scripts import parse_script

SUFFIXES = (".txt", ".md")
ENDINGS = sorted("".join(letters) for one in SUFFIXES for letters in set(product(*zip(one, one.upper(), strict=True))))
"""As people write them, ``.TXT`` too, in the order of their names."""
OFFICE_SUFFIXES = (".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf")
"""What people save by mistake where a text file was meant."""
LARGEST_FILE_BYTES = 1_000_000
LOOKED_AT_ONCE = 1_000
"""Files that one look asks for changes in place; it takes about 5 ms, and the station looks once a second."""
LOOKED_AT_BETWEEN = 100
"""The same of a look that somebody waits for: what is changed from here is replaced, which its folder tells."""

Stamp = tuple[int, int, int, int]


def read_library(folder: Path) -> Library:
    """All scripts of ``FOLDER/STEM.txt`` and ``.md`` below *folder*, ordered by name, and what is wrong with others.

    READMEs and hidden files are left alone. When the folder itself cannot be read there are no scripts and one
    complaint of severity ERROR with an empty path, so that the caller can keep what it had.
    """
    return ScriptFolder(folder).library


def script_in(name: ScriptName, data: bytes, *, file: str) -> tuple[Script | None, tuple[Complaint, ...]]:
    """The script in the bytes of a file, with their hash, and what is wrong with it."""
    script, wrong = parse_script(name, data, file=file)
    if script is not None:
        script = replace(script, sha256=hashlib.sha256(data).hexdigest())
    return script, wrong


def file_of(folder: Path, name: str) -> Path | None:
    """The file of the script *name*, the one that ``read_library`` would take; None: there is none.

    A name or a link that leads out of the folder names no script.
    """
    kind, _, stem = name.partition("/")
    if not kind or kind.startswith(".") or not stem or "/" in stem:
        return None
    with suppress(OSError, ValueError, RuntimeError):
        # Each ending is asked for: to look through a folder of thousands took a third of the time of a page.
        for path in (folder / kind / f"{stem}{ending}" for ending in ENDINGS):
            if os.path.lexists(path) and path.stem == stem and _is_script(path.name):
                return path if path.resolve().is_relative_to(folder.resolve()) else None
    return None


def reading_file(folder: Path, name: ScriptName) -> Path:
    """Where the approved reading of a script lies."""
    kind, _, stem = name.partition("/")
    return folder / kind / f"{stem}{READING}"


@dataclass(frozen=True, slots=True)
class _File:
    """What one file of a kind held when it was read."""

    stamp: Stamp | None
    """None: a link, or a file that could not be read, is tried anew with each look."""
    script: Script | None = None
    reading: ApprovedReading | None = None
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    """One folder of scripts."""

    stamp: Stamp | None
    scripts: dict[str, _File] = field(default_factory=dict)
    """By the name of the file, in order; also what people took for a script."""
    readings: dict[str, _File] = field(default_factory=dict)


class ScriptFolder:
    """The folder, looked at again and again: only files that have changed are read. Owned by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Reads all there is."""
        self._folder = folder
        self._kinds: Mapping[str, _Kind] = {}
        self._complaints: tuple[Complaint, ...] = ()
        """Of the folder itself."""
        self._round: list[tuple[str, str]] = []
        """Files that were not asked in this round yet."""
        self._look_at_folders()
        self.library = self._put_together()

    def look(self, *, is_between: bool = False) -> bool:
        """Read what has changed since the last look; whether anything had. Never raises for what lies there.

        Folders in which a file came, went or was replaced are looked through at once. Of files that may have been
        written in place, as some editors do, LOOKED_AT_ONCE are asked, and the others with the looks that follow;
        *is_between*: LOOKED_AT_BETWEEN.
        """
        before = (self._kinds, self._complaints)
        self._look_at_folders()
        is_new = before != (self._kinds, self._complaints)
        is_new = self._look_at_files(LOOKED_AT_BETWEEN if is_between else LOOKED_AT_ONCE) or is_new
        if is_new:
            self.library = self._put_together()
        return is_new

    def _look_at_folders(self) -> None:
        complaints: list[Complaint] = []
        kinds: dict[str, _Kind] = {}
        try:
            with os.scandir(self._folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._kinds, self._complaints = {}, (words.folder_gone(self._folder, error),)
            return
        complaints += (
            words.stray(f"{self._folder.name}/{ascii(one.name)[1:-1]}")
            for one in found
            if _is_script(one.name) and one.is_file()
        )
        for one in found:
            if not one.is_dir() or one.name.startswith("."):
                continue
            if not one.name.isprintable():
                complaints.append(words.bad_name(f"{self._folder.name}/{ascii(one.name)[1:-1]}"))
            else:
                kinds[one.name] = self._look_at_kind(one)
        if kinds != self._kinds:
            self._kinds = kinds
        self._complaints = tuple(complaints)

    def _look_at_kind(self, folder: os.DirEntry[str]) -> _Kind:
        before = self._kinds.get(folder.name, _Kind(None))
        stamp = _stamp(folder.path)
        if stamp == before.stamp and not folder.is_symlink():
            return before
        try:
            with os.scandir(folder.path) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            file = f"{self._folder.name}/{folder.name}"
            return _Kind(None, {"": _File(None, complaints=(words.unreadable(file, error),))})
        return _Kind(
            stamp,
            {one.name: self._look_at_file(folder, one, before.scripts) for one in found if _is_for_scripts(one.name)},
            {one.name: self._look_at_file(folder, one, before.readings) for one in found if _is_reading(one.name)},
        )

    def _look_at_file(self, folder: os.DirEntry[str], one: os.DirEntry[str], before: Mapping[str, _File]) -> _File:
        is_link = folder.is_symlink() or one.is_symlink()
        stamp = None if is_link else _stamp(one.path)
        known = before.get(one.name)
        if known is not None and stamp is not None and known.stamp == stamp:
            return known
        return self._read(folder.name, one.name, stamp)

    def _look_at_files(self, most: int) -> bool:
        """Ask some of the files whether they were written in place."""
        count = sum(len(kind.scripts) + len(kind.readings) for kind in self._kinds.values())
        changed: list[tuple[dict[str, _File], str, _File]] = []
        for _ in range(min(count, most)):
            if not self._round:
                self._round = [
                    (name, file) for name, kind in self._kinds.items() for file in (*kind.scripts, *kind.readings)
                ]
            name, file = self._round.pop()
            kind = self._kinds.get(name, _Kind(None))
            for files in (kind.scripts, kind.readings):
                known = files.get(file)
                if known is None or not file:
                    continue
                stamp = None if known.stamp is None else _stamp(f"{self._folder}/{name}/{file}")
                if stamp is None or stamp != known.stamp:
                    changed.append((files, file, self._read(name, file, stamp)))
        is_new = False
        for files, file, now in changed:
            is_new = is_new or files[file] != now
            files[file] = now
        return is_new

    def _read(self, kind: str, name: str, stamp: Stamp | None) -> _File:
        file = f"{self._folder.name}/{kind}/{name}"
        if not name.isprintable():
            return _File(stamp, complaints=(words.bad_name(ascii(file)[1:-1]),))
        if _is_office(name):
            return _File(stamp, complaints=(words.office(file),))
        try:
            data = _bytes(Path(self._folder, kind, name), self._folder, file, is_link=stamp is None)
        # RuntimeError: before Python 3.13 a ring of symbolic links ends so.
        except (OSError, RuntimeError) as error:
            return _File(None, complaints=(words.unreadable(file, error),))
        if isinstance(data, Complaint):
            return _File(stamp, complaints=(data,))
        if name.endswith(READING):
            return _reading(ScriptName(f"{kind}/{name.removesuffix(READING)}"), data, file, stamp)
        script, wrong = script_in(ScriptName(f"{kind}/{Path(name).stem}"), data, file=file)
        return _File(stamp, script=script, complaints=wrong)

    def _put_together(self) -> Library:
        scripts: dict[ScriptName, Script] = {}
        complaints = list(self._complaints)
        for kind, name, one in self._all(lambda kind: kind.scripts):
            complaints += one.complaints
            if one.script is not None and one.script.name in scripts:
                complaints.append(words.twice(one.script.name, f"{self._folder.name}/{kind}/{name}"))
            elif one.script is not None:
                scripts[one.script.name] = one.script
        readings = []
        for kind, name, one in self._all(lambda kind: kind.readings):
            complaints += one.complaints
            if one.reading is not None:
                readings.append(one.reading)
                if one.reading.script not in scripts:
                    complaints.append(words.no_script(f"{self._folder.name}/{kind}/{name}", one.reading.script))
        return Library(
            scripts=tuple(scripts[name] for name in sorted(scripts)),
            complaints=tuple(complaints),
            readings=tuple(readings),
        )

    def _all(self, part: Callable[[_Kind], dict[str, _File]]) -> Iterator[tuple[str, str, _File]]:
        for name, kind in self._kinds.items():
            for file, one in part(kind).items():
                yield name, file, one


def _reading(name: ScriptName, data: bytes, file: str, stamp: Stamp | None) -> _File:
    try:
        return _File(stamp, reading=parse_reading(name, data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return _File(stamp, complaints=(words.error(file, *words.NO_READING_TEXT),))
    except ReadingUnusable as error:
        return _File(stamp, complaints=(Complaint(file=file, path="", what=error.sentence),))


def _stamp(path: str) -> Stamp:
    """Something that differs after the file or folder was changed, replaced or forbidden."""
    try:
        status = os.stat(path)  # noqa: PTH116 # asked of thousands of files a second
    except OSError:
        return (0, 0, 0, 0)
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def _is_script(name: str) -> bool:
    is_for_readers = name.startswith(".") or name.lower().startswith("readme")
    return not is_for_readers and name.lower().endswith(SUFFIXES)


def _is_for_scripts(name: str) -> bool:
    """Also what cannot be one: a name torn by another encoding, an office document."""
    return _is_script(name) or _is_office(name) or not name.isprintable()


def _is_office(name: str) -> bool:
    return Path(name).suffix.lower() in OFFICE_SUFFIXES


def _is_reading(name: str) -> bool:
    return name.endswith(READING) and not name.startswith(".") and name.isprintable()


def _bytes(path: Path, folder: Path, file: str, *, is_link: bool) -> bytes | Complaint:
    """The bytes of one script. Never waits: a pipe in the folder is no script. Raises OSError and RuntimeError."""
    if is_link and not path.resolve(strict=True).is_relative_to(folder.resolve(strict=True)):
        return words.outside(file)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return words.no_file(file)
        with open(descriptor, "rb", closefd=False) as opened:
            data = opened.read(LARGEST_FILE_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > LARGEST_FILE_BYTES:
        return words.too_large(file, status.st_size, LARGEST_FILE_BYTES)
    return data
