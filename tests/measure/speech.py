"""How well texts are read aloud, counted on sets made by others: the spoken form beside the one they want."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadcaster.render.normalize import normalize
from broadcaster.render.pinyin import sound
from broadcaster.render.reading import read_any

DATA = Path(__file__).parents[3] / "shared" / "data"
"""Open test sets, kept beside the project. A measurement that needs one is left out where it is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A text that was read otherwise than the set wants it."""

    written: str
    said: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many of a set were right, and which were not."""

    name: str
    right: int
    of: int
    misses: tuple[Miss, ...]

    def __str__(self) -> str:
        return f"{self.name}: {self.right} of {self.of} ({self.right / self.of:.1%})"


def hard_set() -> Score:
    """Hard village sentences; every accepted spoken form counts."""
    rows = csv.DictReader(
        (DATA / "zh_hard_open.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    pairs = []
    for row in rows:
        others = [other for other in (row["accepted_alternatives"] or "").split("|") if other]
        pairs.append((row["sentence"], (row["normalised"], *others)))
    return _score("hard village sentences, spoken form", pairs)


def hard_set_pinyin() -> Score:
    """The same sentences, syllable by syllable; one of another length than wanted is wrong as a whole."""
    rows = csv.DictReader(
        (DATA / "zh_hard_open.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    count, misses = 0, []
    for row in rows:
        wanted, said = row["pinyin"].split(), read_any(row["sentence"]).pinyin.split()
        count += len(wanted)
        if len(said) != len(wanted):
            misses += [Miss(written=row["sentence"], said=" ".join(said), wanted=row["pinyin"])] * len(wanted)
            continue
        misses += [
            Miss(written=row["sentence"], said=one, wanted=other)
            for one, other in zip(said, wanted, strict=True)
            if one != other
        ]
    return Score(name="hard village sentences, syllables", right=count - len(misses), of=count, misses=tuple(misses))


def cpp() -> Score:
    """Sentences of books and news, each with one polyphone that is marked. Read as a whole, as the station would."""
    sentences = (DATA / "cpp_dev" / "dev1000.sent").read_text(encoding="utf-8").splitlines()
    labels = (DATA / "cpp_dev" / "dev1000.lb").read_text(encoding="utf-8").split()
    misses = []
    for sentence, label in zip(sentences, labels, strict=True):
        place, written, wanted = sentence.index("▁"), sentence.replace("▁", ""), label.replace("u:", "v")
        normal = normalize(written)
        sounds = {normal.origins[one.at]: one.syllable for one in sound(normal.text).sounds}
        said = sounds[place].pinyin if place in sounds else ""
        if said != wanted:
            around = f"{written[max(0, place - 8) : place]}[{written[place]}]{written[place + 1 : place + 9]}"
            misses.append(Miss(written=around, said=said, wanted=wanted))
    return Score(
        name="polyphones of the CPP sample", right=len(labels) - len(misses), of=len(labels), misses=tuple(misses)
    )


def wetext() -> Score:
    """The pairs of WeTextProcessing. It drops 儿 and 啊, which a village notice means to say."""
    return _score("WeText pairs, spoken form", [(written, (wanted,)) for written, wanted in _wetext_pairs()])


def _wetext_pairs() -> Iterator[tuple[str, str]]:
    for path in sorted((DATA / "wetext_tn").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            written, arrow, wanted = line.partition("=>")
            if arrow:
                yield written.strip(), wanted.strip()


def _score(name: str, pairs: list[tuple[str, tuple[str, ...]]]) -> Score:
    misses = []
    for written, accepted in pairs:
        said = normalize(written).text
        if _heard(said) not in map(_heard, accepted):
            misses.append(Miss(written=written, said=said, wanted=accepted[0]))
    return Score(name=name, right=len(pairs) - len(misses), of=len(pairs), misses=tuple(misses))


def _heard(spoken: str) -> str:
    """What reaches the ear: neither marks nor the size of letters."""
    return re.sub(r"\W", "", spoken).upper()
