"""Where a person looks at lexicon.toml and changes it, word by word, while the station runs. For the pages.

Every version is kept, so that the last change can be taken back; whatever else stands in the file stays as it was.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.words import Complaint, Sentence
from broadcaster.schedule.own_word import BROKEN, with_word, without_word
from broadcaster.schedule.own_words import TABLES, parse_own_words, table_of
from broadcaster.station.books import PlanBooks
from broadcaster.station.kept_timetables import KeptTimetables
from broadcaster.written import read_written

log = logging.getLogger(__name__)

WORDS, PEOPLE = TABLES
SOMEBODY_ELSE = Sentence(
    "您看着的时候，别人也改了这个词，没有存您的。请看看现在的念法，再改一次。",
    "somebody else changed this word while you were looking, so yours was not saved. Look at it as it is now.",
)
ALREADY_THERE = Sentence(
    "词表里已经有这个词了。要改它的念法，请点它后面的“改”。",
    "this word is in the lexicon already. To change its reading, press “change” behind it.",
)
NOT_THERE = Sentence("词表里已经没有这个词了。", "this word is no longer in the lexicon.")
NOTHING_TO_UNDO = Sentence(
    "没有可以撤销的：词表在这以后又被改过。", "there is nothing to take back: the lexicon was changed since."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word of the file."""

    word: str
    said: str
    """Numbered pinyin."""
    table: str
    """``words`` or ``people``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The file as it is."""

    entries: tuple[Entry, ...]
    """In the order of the file."""
    from_sheets: tuple[tuple[str, str], ...]
    """Names of people with the pinyin of the points sheets; the file, where it has them too, wins."""
    complaints: tuple[Complaint, ...]
    is_broken: bool
    """True: the file as a whole cannot be read, and nothing can be changed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The change that can be taken back."""

    who: str
    at: datetime
    what: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """For the trail: the word, and its reading before and after; empty: it was not there, or is gone."""

    word: str
    before: str
    after: str


class LexiconDesk:
    """May be used from any thread."""

    def __init__(self, home: Home, books: PlanBooks, now: Callable[[], datetime], changed: Callable[[], None]) -> None:
        self._path = home.lexicon
        self._books = books
        self._now = now
        self._changed = changed
        self._kept = KeptTimetables(home.var / "lexicon")
        self._pen = threading.Lock()

    def look(self) -> Lexicon:
        """Raises Refused when the file cannot be read from the disk."""
        text = self._text()
        found = parse_own_words(text)
        return Lexicon(
            entries=_entries(text),
            from_sheets=self._books.bulletins.roster.readings(),
            complaints=found.complaints,
            is_broken=found.lexicon is None,
        )

    def last_change(self) -> LastChange | None:
        """None: nothing was changed here, or somebody edited the file since."""
        kept = self._kept.all()
        last, before = next(kept, None), next(kept, None)
        if last is None or before is None or not last.who or last.text != self._text():
            return None
        return LastChange(who=last.who, at=last.at, what=last.what)

    @staticmethod
    def check(word: str, said: str) -> None:
        """Raises Refused for what could not stand in the file."""
        with_word("", word.strip(), said)

    def put(self, word: str, said: str, *, who: str, table: str = "", was: str | None = None) -> Changed:
        """From now on *word* is read as *said*, in every script.

        *table*: where it stands, empty: where it does already, or among the words. *was*: the reading that the person
        saw, empty: none; None: it does not matter. Raises Refused; then nothing was changed.
        """
        word = word.strip()
        with self._pen:
            text = self._text()
            before = next((one for one in _entries(text) if one.word == word), None)
            if was == "" and before is not None:
                raise Refused(ALREADY_THERE)
            if was and (before is None or before.said != was):
                raise Refused(SOMEBODY_ELSE)
            table = table or (before.table if before else WORDS)
            if before is not None and before.table != table:
                text = without_word(text, word)
            new = with_word(text, word, said, table)
            after = next(one.said for one in _entries(new) if one.word == word)
            self._write(new, who, Sentence(f"“{word}”念 {after}", f"{word} is read {after}"))
        self._changed()
        return Changed(word=word, before=before.said if before else "", after=after)

    def remove(self, word: str, *, was: str, who: str) -> Changed:
        """The rules read *word* again. Raises Refused; then nothing was changed."""
        with self._pen:
            text = self._text()
            before = next((one for one in _entries(text) if one.word == word), None)
            if before is None:
                raise Refused(NOT_THERE)
            if before.said != was:
                raise Refused(SOMEBODY_ELSE)
            self._write(without_word(text, word), who, Sentence(f"删了“{word}”", f"removed {word}"))
        self._changed()
        return Changed(word=word, before=before.said, after="")

    def undo(self, *, who: str) -> Changed:
        """Take the last change back. Raises Refused; then nothing was changed."""
        with self._pen:
            last = self.last_change()
            kept = list(self._kept.all())[:2]
            if last is None:
                raise Refused(NOTHING_TO_UNDO)
            before, after = ({one.word: one.said for one in _entries(one.text)} for one in kept)
            self._write(kept[1].text, who, Sentence(f"撤销：{last.what.zh}", f"taken back: {last.what.en}"))
        self._changed()
        words = [word for word in dict.fromkeys((*after, *before)) if before.get(word) != after.get(word)]
        return Changed(
            word="、".join(words),
            before="；".join(before.get(word, "") for word in words),
            after="；".join(after.get(word, "") for word in words),
        )

    def _write(self, text: str, who: str, what: Sentence) -> None:
        if parse_own_words(text).lexicon is None:
            raise Refused(BROKEN)
        try:
            self._kept.keep_what_is_there(self._text(), self._now())
            write_durably(self._path, text.encode())
        except OSError as error:
            why = error.strerror or str(error)
            raise Refused(
                Sentence(
                    f"词表 lexicon.toml 没有存成：{why}。原来的还在。请检查磁盘，再改一次。",
                    f"lexicon.toml was not saved: {why}. The old one is untouched. Check the disk and try again.",
                )
            ) from error
        try:
            self._kept.keep(text, at=self._now(), who=who, what=what)
        except OSError as error:
            log.warning("this version of the lexicon is not kept for undo: %s", error)

    def _text(self) -> str:
        try:
            written = read_written(self._path.read_bytes())
        except FileNotFoundError:
            return ""
        except OSError as error:
            why = error.strerror or str(error)
            raise Refused(
                Sentence(
                    f"词表 lexicon.toml 读不了：{why}。请检查文件权限。",
                    f"lexicon.toml cannot be read: {why}. Check its permissions.",
                )
            ) from error
        if written is None:
            raise Refused(BROKEN)
        return written.text


def _entries(text: str) -> tuple[Entry, ...]:
    """Those that can be used; of a word that stands in both tables the one that counts."""
    readings = dict(parse_own_words(text).lexicon or ())
    places = table_of(text)
    return tuple(Entry(word=word, said=said, table=places.get(word, WORDS)) for word, said in readings.items())
