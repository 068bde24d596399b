"""docs/triggers.md shows every kind of trigger and every deed, in both languages, and each example can be used."""

import re
from pathlib import Path

import pytest

from broadcaster.model.triggers import TriggerDeed, TriggerKind
from broadcaster.schedule import parse_schedule

PROJECT = Path(__file__).parents[2]
CHINESE, ENGLISH = (PROJECT / "docs" / "triggers.md").read_text(encoding="utf-8").split("\n---\n")


def examples(page):
    return re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_example_can_be_used_and_names_a_text_that_is_shipped(page):
    triggers = []
    for example in examples(page):
        parsed = parse_schedule(example)
        assert parsed.complaints == (), example
        triggers += parsed.schedule.triggers

    assert {one.kind for one in triggers} == set(TriggerKind)
    assert {one.does for one in triggers} == set(TriggerDeed)
    for one in triggers:
        assert not one.script or (PROJECT / "scripts" / f"{one.script}.txt").is_file()


def test_both_languages_show_the_same_examples():
    assert examples(CHINESE) == examples(ENGLISH)


def test_the_service_may_read_keypads():
    service = (PROJECT / "packaging" / "dalaba.service").read_text(encoding="utf-8")
    assert re.search(r"^SupplementaryGroups=.*\binput\b", service, re.MULTILINE)
