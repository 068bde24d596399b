"""Text of lexicon.toml → the station's own words and the names of its people, each with its reading. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.words import Complaint, Sentence
from broadcaster.schedule.complaints import Complaints, unknown
from broadcaster.schedule.lexicon import read_lexicon
from broadcaster.schedule.syntax import read_tables
from broadcaster.schedule.table import Table, subtable

LEXICON = "lexicon.toml"
TABLES = ("words", "people")
ALONE = Sentence(
    "这一行要写在 [words]（词）或 [people]（人名）下面。请移过去。",
    "this line belongs below [words] or, for the name of a person, [people]. Move it there.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What of the file can be used, and what is wrong with the rest."""

    lexicon: tuple[tuple[str, str], ...] | None = ()
    """Words and numbered pinyin, people last; None: the file as a whole cannot be read."""
    complaints: tuple[Complaint, ...] = ()


def parse_own_words(text: str) -> OwnWords:
    """A line with a mistake is complained of and left out; the others count. Never raises for what is in it."""
    complaints = Complaints(LEXICON)
    tables = read_tables(text)
    if isinstance(tables, tuple):
        for what in tables:
            complaints.error("", what)
        return OwnWords(lexicon=None, complaints=complaints.found)
    top = Table("", tables, complaints)
    for key, value in tables.items():
        if key not in TABLES:
            what = unknown(Sentence("段落", "table"), key, TABLES) if isinstance(value, dict) else ALONE
            top.complain(key, what)
    pairs = [pair for name in TABLES for pair in read_lexicon(subtable(top, name, complaints))]
    return OwnWords(lexicon=tuple(pairs), complaints=complaints.found)


def table_of(text: str) -> dict[str, str]:
    """Each word with the table it stands in, the one that counts; empty for what is no TOML."""
    tables = read_tables(text)
    if isinstance(tables, tuple):
        return {}
    found = [(name, tables.get(name)) for name in TABLES]
    return {word: name for name, table in found if isinstance(table, dict) for word in table}
