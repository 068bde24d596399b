"""What is wrong in a file, collected: every complaint with its path, so that people can mend all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from difflib import get_close_matches

from broadcaster.model.words import Complaint, Sentence, Severity

MOST_COMPLAINTS = 1_000
"""After so many the file is no timetable, and the rest would only hide the first."""

LONGEST_SHOWN = 40
LONGEST_COMPARED = 60


class Complaints:
    """Takes down complaints of one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[Complaint] = []

    @property
    def found(self) -> tuple[Complaint, ...]:
        return tuple(self._found)

    @property
    def is_full(self) -> bool:
        return len(self._found) > MOST_COMPLAINTS

    def error(self, path: str, what: Sentence) -> None:
        self._take(path, what, Severity.ERROR)

    def warn(self, path: str, what: Sentence) -> None:
        self._take(path, what, Severity.WARNING)

    def _take(self, path: str, what: Sentence, severity: Severity) -> None:
        if len(self._found) < MOST_COMPLAINTS:
            self._found.append(Complaint(file=self._file, path=path, what=what, severity=severity))
        elif len(self._found) == MOST_COMPLAINTS:
            more = Sentence(
                f"问题超过 {MOST_COMPLAINTS} 处，后面的没有列出。请先改前面的。",
                f"there are more than {MOST_COMPLAINTS} complaints; the rest is not listed. Mend these first.",
            )
            self._found.append(Complaint(file=self._file, path="", what=more))


def shown(value: object) -> str:
    """A value as it stands in the file, in quotes, short and on one line, whatever it is."""
    match value:
        case bool():
            words = "true" if value else "false"
        case dict():
            words = "{…}" if value else "{}"
        case list():
            words = "[…]" if value else "[]"
        case int() if abs(value) >= 10**18:
            words = hex(value)
        case date() | time():
            words = value.isoformat()
        case _:
            words = str(value)
    if len(words) > LONGEST_SHOWN:
        words = words[:LONGEST_SHOWN] + "…"
    return "'" + "".join(_visible(char) for char in words) + "'"


def _visible(char: str) -> str:
    return char if char.isprintable() else f"\\u{ord(char):04X}"


def unknown(kind: Sentence, given: str, known: Iterable[str]) -> Sentence:
    """There is no such thing; perhaps another one was meant."""
    names = sorted(known)
    close = closest(given, names)
    zh = f"没有叫 {shown(given)} 的{kind.zh}。" + (f"是不是 '{close}'？" if close else "")
    en = f"there is no {kind.en} called {shown(given)}." + (f" Did you mean '{close}'?" if close else "")
    if not names:
        return Sentence(f"{zh}现在一个也没有。", f"{en} There are none yet.")
    return Sentence(f"{zh}能写的有：{_listed(names, '、')}。", f"{en} Known: {_listed(names, ', ')}.")


def closest(given: str, known: Iterable[str]) -> str:
    """The known name that *given* was probably meant to be; empty when none is near."""
    if len(given) > LONGEST_COMPARED:
        return ""
    names = {name.casefold(): name for name in known if len(name) <= LONGEST_COMPARED}
    close = get_close_matches(given.casefold(), names, n=1)
    return names[close[0]] if close else ""


_MOST_LISTED = 30


def _listed(names: list[str], comma: str) -> str:
    shortened = names[:_MOST_LISTED]
    return comma.join(shortened) + (" …" if len(names) > len(shortened) else "")
