"""Text of lexicon.toml + one word and its reading → the text with that word; comments and order stay. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence, Severity
from broadcaster.schedule.own_words import TABLES, parse_own_words

_TABLE = re.compile(r"^\s*\[\s*([A-Za-z_]+)\s*\]\s*(?:#.*)?$")
BROKEN = Sentence(
    "lexicon.toml 里有写错的地方，没有动它。请先把那里改好。",
    "lexicon.toml has a mistake and was left as it is. Put that right first.",
)


def with_word(text: str, word: str, said: str, table: str = "words") -> str:
    """The file with *word* read as *said*, pinyin as people type it; a new one stands in *table*.

    Raises Refused; then nothing is to be changed.
    """
    before = parse_own_words(text)
    if before.lexicon is None:
        raise Refused(BROKEN)
    line = f"{json.dumps(word, ensure_ascii=False)} = {json.dumps(' '.join(said.split()), ensure_ascii=False)}"
    made = _put(text, line, word, table)
    after = parse_own_words(made)
    new = [one for one in after.complaints if one not in before.complaints and one.severity is Severity.ERROR]
    if after.lexicon is None or new or word not in dict(after.lexicon):
        raise Refused(new[0].what if new else BROKEN)
    return made


def without_word(text: str, word: str) -> str:
    """The file without the lines of *word*; all others stay. Raises Refused; then nothing is to be changed."""
    before = parse_own_words(text)
    if before.lexicon is None:
        raise Refused(BROKEN)
    lines = text.split("\n")
    gone = {at for at, one, _table in _lines_of(lines, word)}
    made = "\n".join(one for at, one in enumerate(lines) if at not in gone)
    after = parse_own_words(made)
    if (
        not gone
        or after.lexicon is None
        or dict(after.lexicon) != {one: said for one, said in dict(before.lexicon).items() if one != word}
    ):
        raise Refused(BROKEN)
    return made


def _put(text: str, line: str, word: str, table: str) -> str:
    lines = text.split("\n")
    own = list(_lines_of(lines, word))
    for at, _one, _table in own:
        lines[at] = line
    if own:
        return "\n".join(lines)
    heads = [at for at, one in enumerate(lines) if (found := _TABLE.match(one)) and found[1] == table]
    if not heads:
        head = text.rstrip("\n")
        return f"{head}\n\n[{table}]\n{line}\n" if head else f"[{table}]\n{line}\n"
    lines.insert(heads[-1] + 1, line)
    return "\n".join(lines)


def _lines_of(lines: list[str], word: str) -> Iterator[tuple[int, str, str]]:
    """The lines that give *word* a reading: where, what, and in which table."""
    own = re.compile(rf"""^\s*(?:"{re.escape(word)}"|'{re.escape(word)}'|{re.escape(word)})\s*=""")
    table = ""
    for at, one in enumerate(lines):
        found = _TABLE.match(one)
        if found:
            table = found[1]
        elif table in TABLES and own.match(one):
            yield at, one, table
