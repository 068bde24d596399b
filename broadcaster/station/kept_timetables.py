"""The last versions of schedule.toml, kept in ``var/timetable/``: what was written, when, by whom, and why."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadcaster.durable import write_durably
from broadcaster.model.words import Sentence

log = logging.getLogger(__name__)

MOST_KEPT = 50
BY_HAND = Sentence("用记事本改的", "edited by hand")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTimetable:
    """One version of the file."""

    number: int
    at: datetime
    who: str
    """Empty: it was found on the disk."""
    what: Sentence
    text: str


class KeptTimetables:
    """A file for each version, numbered; the oldest go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, text: str, *, at: datetime, who: str, what: Sentence) -> None:
        """Add a version. Raises OSError when the disk does not take it."""
        numbers = self._numbers()
        number = numbers[-1] + 1 if numbers else 1
        body = {"at": at.isoformat(), "who": who, "zh": what.zh, "en": what.en, "text": text}
        self._folder.mkdir(parents=True, exist_ok=True)
        write_durably(self._path(number), json.dumps(body, ensure_ascii=False).encode())
        for old in numbers[: max(len(numbers) + 1 - MOST_KEPT, 0)]:
            with contextlib.suppress(OSError):
                self._path(old).unlink()

    def keep_what_is_there(self, text: str, at: datetime) -> None:
        """Keep what people wrote by hand since, before it is replaced. Raises OSError."""
        last = next(self.all(), None)
        if last is None or last.text != text:
            self.keep(text, at=at, who="", what=BY_HAND)

    def all(self) -> Iterator[KeptTimetable]:
        """The newest first. One that cannot be read is left out."""
        for number in reversed(self._numbers()):
            found = self.version(number)
            if found is not None:
                yield found

    def version(self, number: int) -> KeptTimetable | None:
        """None: it is not kept any more, or cannot be read."""
        try:
            body = json.loads(self._path(number).read_bytes())
            return KeptTimetable(
                number=number,
                at=datetime.fromisoformat(body["at"]),
                who=str(body["who"]),
                what=Sentence(str(body["zh"]), str(body["en"])),
                text=str(body["text"]),
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("version %d of the timetable cannot be read: %s", number, error)
            return None

    def _numbers(self) -> list[int]:
        try:
            names = [path.stem for path in self._folder.iterdir() if path.suffix == ".json"]
        except OSError:
            return []
        return sorted(int(name) for name in names if name.isdecimal() and len(name) < 12)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06}.json"
