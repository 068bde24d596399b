"""Village sentences of every kind, and how they are read aloud: from knowledge of the language, not from the rules."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from broadcaster.render.normalize import normalize

TABLE = (Path(__file__).parent / "village.tsv").read_text(encoding="utf-8")
ROWS = [
    (row["kind"], row["written"].replace("\\n", "\n").replace("\\t", "\t"), row["spoken"].replace("\\n", "\n"))
    for row in csv.DictReader(TABLE.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
]


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in ROWS}))
def test_every_sentence_of_a_kind_is_read_as_people_read_it(kind):
    wrong = [
        f"{written} → {normalize(written).text}, not {spoken}"
        for is_of, written, spoken in ROWS
        if is_of == kind and normalize(written).text != spoken
    ]
    assert wrong == []


def test_there_are_enough_sentences_of_every_kind_to_mean_something():
    assert len(ROWS) >= 300
    assert len({written for _, written, _ in ROWS}) == len(ROWS)
    assert min(Counter(kind for kind, _, _ in ROWS).values()) >= 1


def test_reading_what_was_read_changes_nothing():
    for _, _, spoken in ROWS:
        assert normalize(spoken).text == spoken
