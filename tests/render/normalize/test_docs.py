"""docs/speech.md shows every rule of normalisation, in its order, with an example that is true."""

import re
from pathlib import Path

import pytest

from broadcaster.render.normalize import RULES, normalize

PAGE = (Path(__file__).parents[3] / "docs" / "speech.md").read_text(encoding="utf-8")
TABLE = PAGE.split("| rule | 读什么 | 写 | 念 |")[1].split("\n\n")[0]
ROWS = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in TABLE.splitlines()[2:]]


def typed(cell):
    """What the second column shows, as it is typed."""
    text = cell.strip().strip("`").strip(" ") if cell.startswith("`` ") else cell.strip().strip("`")
    return text.replace("⏎", "\n").replace("⇥", "\t").replace("\\|", "|").replace("[U+202E]", "\u202e")


def test_the_page_names_every_rule_in_its_order():
    assert [row[0] for row in ROWS] == [rule.name for rule in RULES]


def test_no_two_rules_have_one_name():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_example_of_a_rule_is_read_as_the_page_says(row):
    _, _, written, spoken = row

    assert normalize(typed(written)).text == spoken.strip().replace("⏎", "\n")
