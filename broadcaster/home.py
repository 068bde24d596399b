"""The home folder of a station: where everything lies, who owns it, and a new one from the shipped one."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from broadcaster.errors import Refused, StationAlreadyRunning
from broadcaster.model.words import Sentence


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one station."""

    root: Path

    @property
    def schedule(self) -> Path:
        return self.root / "schedule.toml"

    @property
    def lexicon(self) -> Path:
        """The station's own words and the names of its people, with their readings; it need not exist."""
        return self.root / "lexicon.toml"

    @property
    def scripts(self) -> Path:
        return self.root / "scripts"

    @property
    def audio(self) -> Path:
        """The station's own sounds; the shipped ones where it has none."""
        own = self.root / "audio"
        return own if own.is_dir() else shipped() / "audio"

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def clips(self) -> Path:
        return self.var / "clips"

    @property
    def live(self) -> Path:
        """What was said live."""
        return self.var / "live"

    @property
    def database(self) -> Path:
        return self.var / "station.db"

    @property
    def door(self) -> Path:
        """Address and token of the running station's local door; only the owner can read it."""
        return self.var / "door.json"

    @property
    def agreed_night(self) -> Path:
        """The quiet hours that the owner agreed to; schedule.toml alone opens no hour of them."""
        return self.var / "quiet_hours.json"

    @property
    def emergency_journal(self) -> Path:
        """What was called and stopped a moment ago, until the database has it."""
        return self.var / "emergencies.jsonl"

    @property
    def good_schedule(self) -> Path:
        """The last schedule without a mistake: what stays on the air while schedule.toml has one."""
        return self.var / "schedule.good.toml"


@cache
def shipped() -> Path:
    """The folder with the shipped schedule.toml, scripts and audio."""
    beside = Path(__file__).resolve().parent.parent
    if (beside / "schedule.toml").is_file() and (beside / "scripts").is_dir():
        return beside
    return Path(sysconfig.get_path("data")) / "share" / "dalaba"


def found(folder: Path) -> Path:
    """A new station in *folder*, copied from the shipped one.

    Raises Refused when the folder already holds a station; nothing is touched then.
    """
    if (folder / "schedule.toml").exists() or (folder / "scripts").exists():
        raise Refused(
            Sentence(
                f"“{folder}”里已经有一个站了，没有动它。请换一个空文件夹。",
                f"{str(folder)!r} already holds a station and was left as it is. Choose an empty folder.",
            )
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        source = shipped()
        shutil.copytree(source / "audio", folder / "audio", dirs_exist_ok=True)
        shutil.copytree(source / "scripts", folder / "scripts")
        for name in ("schedule.toml", "lexicon.toml"):
            shutil.copyfile(source / name, folder / name)
    except OSError as error:
        raise Refused(
            Sentence(
                f"不能在“{folder}”建站：{error.strerror or error}。请检查磁盘和权限。",
                f"no station can be made in {str(folder)!r}: {error.strerror or error}. Check disk and permissions.",
            )
        ) from error
    return folder


class HomeLock:
    """One station per home folder. The kernel frees it with the process, also after ``kill -9``."""

    def __init__(self, home: Home) -> None:
        self._path = home.var / "station.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises StationAlreadyRunning, or Refused when the folder cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise Refused(
                Sentence(
                    f"不能写“{self._path.parent}”：{error.strerror or error}。站需要这个文件夹。",
                    f"{str(self._path.parent)!r} cannot be written: {error.strerror or error}. The station needs it.",
                )
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = _owner(file)
            file.close()
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise StationAlreadyRunning(
                Sentence(
                    f"这个文件夹里已经有一个站在运行（进程 {owner}）。一个文件夹只能运行一个站。",
                    f"a station already runs in this folder (process {owner}). One folder, one station.",
                )
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def free(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _owner(file: IO[str]) -> str:
    file.seek(0)
    return file.read(20).strip() or "?"
