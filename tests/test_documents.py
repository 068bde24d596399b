"""Whatever the documents point to is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    *(PROJECT / "docs").rglob("*.md"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_to_a_file_that_is_there(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert missing == []


def test_the_architecture_page_names_every_room():
    """Who opens the tree should find each folder and module of the top in the table."""
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    package = PROJECT / "broadcaster"
    rooms = {path.name for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    missing = [room for room in sorted(rooms - {"__init__.py"}) if room.removesuffix(".py") not in text]

    assert missing == []
