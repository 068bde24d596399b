"""The folder ``scripts/`` on the disk → Library: scripts, and the approved readings that lie beside them.

What is in a script is left to ``broadcaster.scripts``, what is in a reading to ``broadcaster.proof.sidefile``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Hashable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from broadcaster.errors import ReadingUnusable
from broadcaster.model.texts import ApprovedReading, Library, Script, ScriptName
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.proof.sidefile import SUFFIX as READING
from broadcaster.proof.sidefile import parse_reading
from broadcaster.scripts import parse_script

SUFFIXES = (".txt", ".md")
OFFICE_SUFFIXES = (".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf")
"""What people save by mistake where a text file was meant."""
LARGEST_FILE_BYTES = 1_000_000
NO_READING_TEXT = ("念法的文件不是 UTF-8 文本，不用它。", "the file of the reading is no UTF-8 text and is not used.")


def read_library(folder: Path) -> Library:
    """All scripts of ``FOLDER/STEM.txt`` and ``.md`` below *folder*, ordered by name, and what is wrong with others.

    READMEs and hidden files are left alone. When the folder itself cannot be read there are no scripts and one
    complaint of severity ERROR with an empty path, so that the caller can keep what it had.
    """
    scripts: dict[ScriptName, Script] = {}
    complaints: list[Complaint] = []
    try:
        paths = list(_script_paths(folder, complaints))
    except OSError as error:
        return Library(complaints=(_folder_gone(folder, error),))
    for path in paths:
        name = ScriptName(f"{path.parent.name}/{path.stem}")
        file = f"{folder.name}/{path.parent.name}/{path.name}"
        data = _read(path, folder, file, complaints)
        if data is None:
            continue
        script, wrong = script_in(name, data, file=file)
        complaints.extend(wrong)
        if script is not None and name in scripts:
            complaints.append(_twice(name, file))
        elif script is not None:
            scripts[name] = script
    readings = _readings(folder, scripts.keys(), complaints)
    return Library(
        scripts=tuple(scripts[name] for name in sorted(scripts)), complaints=tuple(complaints), readings=readings
    )


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
    if not kind or kind.startswith(".") or not stem:
        return None
    with suppress(OSError, ValueError, RuntimeError):
        for path in sorted((folder / kind).iterdir()):
            if path.stem == stem and _is_script(path.name):
                return path if path.resolve().is_relative_to(folder.resolve()) else None
    return None


def reading_file(folder: Path, name: ScriptName) -> Path:
    """Where the approved reading of a script lies."""
    kind, _, stem = name.partition("/")
    return folder / kind / f"{stem}{READING}"


def _readings(folder: Path, known: Collection[ScriptName], complaints: list[Complaint]) -> tuple[ApprovedReading, ...]:
    found = []
    for path in _reading_paths(folder):
        name = ScriptName(f"{path.parent.name}/{path.name.removesuffix(READING)}")
        file = f"{folder.name}/{path.parent.name}/{path.name}"
        data = _read(path, folder, file, complaints)
        if data is None:
            continue
        try:
            found.append(parse_reading(name, data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            complaints.append(_error(file, *NO_READING_TEXT))
        except ReadingUnusable as error:
            complaints.append(Complaint(file=file, path="", what=error.sentence))
        else:
            if name not in known:
                complaints.append(_no_script(file, name))
    return tuple(found)


def _reading_paths(folder: Path) -> list[Path]:
    found = []
    for kind in sorted(_folders(folder)):
        with suppress(OSError):
            found += sorted(path for path in kind.iterdir() if path.name.endswith(READING) and path.name[0] != ".")
    return [path for path in found if path.name.isprintable()]


def library_stamp(folder: Path) -> Hashable:
    """Something that differs after any file of the library was added, changed, renamed or removed.

    It looks at names, times and sizes only and never raises, so it may be asked every second.
    """
    stamps: list[tuple[str, int, int, int]] = []
    try:
        for kind in sorted(_folders(folder)):
            with os.scandir(kind) as entries:
                stamps += [(f"{kind.name}/{entry.name}", *_stamp(entry)) for entry in entries if _is_ours(entry.name)]
    except OSError as error:
        return ("unreadable", error.errno)
    return tuple(sorted(stamps))


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int, int]:
    try:
        status = entry.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _folders(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and not path.name.startswith("."):
            yield path


def _is_script(name: str) -> bool:
    is_for_readers = name.startswith(".") or name.lower().startswith("readme")
    return not is_for_readers and name.lower().endswith(SUFFIXES)


def _is_ours(name: str) -> bool:
    return _is_script(name) or name.endswith(READING)


def _script_paths(folder: Path, complaints: list[Complaint]) -> Iterator[Path]:
    for stray in sorted(path for path in folder.iterdir() if _is_script(path.name) and path.is_file()):
        complaints.append(_stray(f"{folder.name}/{ascii(stray.name)[1:-1]}"))
    for kind in sorted(_folders(folder)):
        if not _is_speakable(kind.name):
            complaints.append(_bad_name(f"{folder.name}/{ascii(kind.name)[1:-1]}"))
            continue
        try:
            entries = sorted(kind.iterdir())
        except OSError as error:
            complaints.append(_unreadable(f"{folder.name}/{kind.name}", error))
            continue
        for path in entries:
            file = f"{folder.name}/{kind.name}/{path.name}"
            if not _is_speakable(path.name):
                complaints.append(_bad_name(ascii(file)[1:-1]))
            elif path.suffix.lower() in OFFICE_SUFFIXES:
                complaints.append(_office(file))
            elif _is_script(path.name):
                yield path


def _is_speakable(name: str) -> bool:
    """Whether a name can be written in the timetable: printable, and not torn by another encoding."""
    return name.isprintable()


def _read(path: Path, folder: Path, file: str, complaints: list[Complaint]) -> bytes | None:
    """The bytes of one script, or None and a complaint. Never waits: a pipe in the folder is no script."""
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve(strict=True)):
            complaints.append(_outside(file))
            return None
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                complaints.append(_no_file(file))
                return None
            with open(descriptor, "rb", closefd=False) as opened:
                data = opened.read(LARGEST_FILE_BYTES + 1)
        finally:
            os.close(descriptor)
    # RuntimeError: before Python 3.13 a ring of symbolic links ends so.
    except (OSError, RuntimeError) as error:
        complaints.append(_unreadable(file, error))
        return None
    if len(data) > LARGEST_FILE_BYTES:
        complaints.append(_too_large(file, status.st_size))
        return None
    return data


def _error(file: str, zh: str, en: str) -> Complaint:
    return Complaint(file=file, path="", what=Sentence(zh, en), severity=Severity.ERROR)


def _warning(file: str, zh: str, en: str) -> Complaint:
    return Complaint(file=file, path="", what=Sentence(zh, en), severity=Severity.WARNING)


def _folder_gone(folder: Path, error: OSError) -> Complaint:
    return _error(
        folder.name,
        f"稿件文件夹 '{folder.name}' 读不了（{error.strerror}），仍用原来的稿件。请把它放回原处。",
        f"the folder '{folder.name}' cannot be read ({error.strerror}); the old scripts stay in use. Put it back.",
    )


def _twice(name: str, file: str) -> Complaint:
    return _error(
        file,
        f"稿件 '{name}' 有两个文件，这一个不用。请给它改个名字。",
        f"there are two files for the script '{name}'; this one is not used. Give it another name.",
    )


def _outside(file: str) -> Complaint:
    return _error(
        file,
        f"'{file}' 指向稿件文件夹外面，不读。请把文件放进来。",
        f"'{file}' points outside the folder of scripts and is not read. Put the file itself there.",
    )


def _no_file(file: str) -> Complaint:
    return _error(file, f"'{file}' 不是普通的文件，不读。请移走。", f"'{file}' is no ordinary file. Move it away.")


def _unreadable(file: str, error: Exception) -> Complaint:
    why = (error.strerror if isinstance(error, OSError) else None) or "a ring of links"
    return _error(
        file,
        f"'{file}' 读不了（{why}）。请看文件在不在、有没有权限。",
        f"'{file}' cannot be read ({why}). See whether it is there and may be read.",
    )


def _too_large(file: str, size: int) -> Complaint:
    return _error(
        file,
        f"'{file}' 有 {size} 字节，最多 {LARGEST_FILE_BYTES} 字节。请分成几篇。",
        f"'{file}' has {size} bytes, at most {LARGEST_FILE_BYTES} are allowed. Split it into several scripts.",
    )


def _stray(file: str) -> Complaint:
    return _warning(
        file,
        f"'{file}' 不在分类的文件夹里，不会播。请移到 study、policy、notice 这样的文件夹里。",
        f"'{file}' is in no folder of a kind and will not be said. Move it to study, policy, notice or the like.",
    )


def _office(file: str) -> Complaint:
    return _warning(
        file,
        f"'{file}' 不是文本文件，念不了。请另存为 UTF-8 编码的 .txt 文件。",
        f"'{file}' is no text file and cannot be spoken. Save it as a .txt file in UTF-8.",
    )


def _no_script(file: str, name: str) -> Complaint:
    return _warning(
        file,
        f"没有稿件 '{name}'，这个念法用不上。稿子改名了就一起改名，不要了就删掉。",
        f"there is no script '{name}', so this reading is of no use. Rename it with its script, or remove it.",
    )


def _bad_name(name: str) -> Complaint:
    return _error(
        name,
        f"名字 '{name}' 里有认不出的字，不读。请改成字母和数字，比如 010-points.txt。",
        f"the name '{name}' holds unknown characters and is not read. Use letters and digits, as in 010-points.txt.",
    )
