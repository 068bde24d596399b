"""docs/outputs.md shows every kind of output and of switch, in both languages, and each example can be used."""

import re
from pathlib import Path

import pytest

from broadcaster.model.outputs import AmplifierKind, OutputKind
from broadcaster.schedule import parse_schedule

PAGE = (Path(__file__).parents[2] / "docs" / "outputs.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = PAGE.split("\n---\n")
LANGUAGES = pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])


def examples(page):
    return re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@LANGUAGES
def test_every_example_can_be_used_and_no_kind_is_missing(page):
    outputs, amplifiers = set(), set()
    for example in examples(page):
        parsed = parse_schedule(example)
        assert parsed.complaints == (), example
        outputs |= {output.kind for output in parsed.schedule.outputs}
        amplifiers |= {amplifier.kind for amplifier in parsed.schedule.amplifiers}

    assert outputs == set(OutputKind)
    assert amplifiers == set(AmplifierKind)


def test_both_languages_show_the_same_examples():
    assert examples(CHINESE) == examples(ENGLISH)
