"""Text of lexicon.toml + one word and its reading → the text with that word; comments and order stay. Pure."""

from __future__ import annotations

import json
import re

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence, Severity
from broadcaster.schedule.own_words import parse_own_words

NEW = "[words]\n"
_TABLE = re.compile(r"^\s*\[\s*([A-Za-z_]+)\s*\]\s*(?:#.*)?$")
BROKEN = Sentence(
    "lexicon.toml 里有写错的地方，没有动它。请先把那里改好。",
    "lexicon.toml has a mistake and was left as it is. Put that right first.",
)


def with_word(text: str, word: str, said: str) -> str:
    """The file with *word* read as *said*, pinyin as people type it. Raises Refused; then nothing is to be changed."""
    before = parse_own_words(text)
    if before.lexicon is None:
        raise Refused(BROKEN)
    made = _put(
        text, f"{json.dumps(word, ensure_ascii=False)} = {json.dumps(' '.join(said.split()), ensure_ascii=False)}", word
    )
    after = parse_own_words(made)
    new = [one for one in after.complaints if one not in before.complaints and one.severity is Severity.ERROR]
    if after.lexicon is None or new or word not in dict(after.lexicon):
        raise Refused(new[0].what if new else BROKEN)
    return made


def _put(text: str, line: str, word: str) -> str:
    lines = text.split("\n")
    own = re.compile(rf"""^\s*(?:"{re.escape(word)}"|'{re.escape(word)}'|{re.escape(word)})\s*=""")
    table, words_at, seen = "", -1, False
    for at, one in enumerate(lines):
        found = _TABLE.match(one)
        if found:
            table = found[1]
            words_at = at if table == "words" else words_at
        elif table in ("words", "people") and own.match(one):
            lines[at], seen = line, True
    if seen:
        return "\n".join(lines)
    if words_at < 0:
        head = text.rstrip("\n")
        return f"{head}\n\n{NEW}{line}\n" if head else f"{NEW}{line}\n"
    lines.insert(words_at + 1, line)
    return "\n".join(lines)
