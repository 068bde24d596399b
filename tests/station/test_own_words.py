"""The station's lexicon.toml: what is in force while people edit it."""

from datetime import date

import pytest

from broadcaster.home import Home, found
from broadcaster.station.bulletins import Bulletins
from broadcaster.station.sources import Sources
from broadcaster.study.roster import Person, Roster, person_id
from tests.station.conftest import SCHEDULE, write_station

TODAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path):
    write_station(tmp_path, schedule=SCHEDULE + '\n[lexicon]\n"查营" = "cha2 ying2"\n')
    return tmp_path


def write(folder, text):
    (folder / "lexicon.toml").write_text(text, encoding="utf-8")


def test_words_of_the_file_are_in_force_after_the_next_look(folder):
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)
    assert sources.in_force.lexicon == (("查营", "cha2 ying2"),)

    write(folder, '[words]\n"查营" = "zhā yíng"\n')

    assert not sources.refresh(TODAY, 0.5), "it looks once a second"
    assert sources.refresh(TODAY, 1.0)
    assert dict(sources.in_force.lexicon) == {"查营": "zha1 ying2"}


def test_a_file_that_cannot_be_read_leaves_the_old_words_in_force_and_says_so(folder):
    write(folder, '[words]\n"查营" = "zha1 ying2"\n')
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)

    write(folder, '[words]\n"查营" = "zha1 ying2\n')
    sources.refresh(TODAY, 1.0)

    assert dict(sources.in_force.lexicon) == {"查营": "zha1 ying2"}
    assert [one.file for one in sources.in_force.complaints if one.file == "lexicon.toml"] == ["lexicon.toml"]


def test_bytes_that_are_no_text_leave_the_old_words_in_force(folder):
    write(folder, '[words]\n"查营" = "zha1 ying2"\n')
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)

    (folder / "lexicon.toml").write_bytes(b"\x00\xff\xfe\x00\x01" * 40)
    sources.refresh(TODAY, 1.0)

    assert dict(sources.in_force.lexicon) == {"查营": "zha1 ying2"}
    assert [one.what.en for one in sources.in_force.complaints if one.file == "lexicon.toml"] == [
        "is no text file, or its encoding is unknown. Save it as UTF-8 text."
    ]


def test_a_huge_file_is_no_lexicon(folder):
    write(folder, "#" * 2_000_001)
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)

    assert [one.what.en for one in sources.in_force.complaints if one.file == "lexicon.toml"] == [
        "the file is larger than 2000000 bytes; that is no lexicon."
    ]


def test_a_file_that_was_taken_away_takes_its_words_with_it(folder):
    write(folder, '[words]\n"查营" = "zha1 ying2"\n')
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)

    (folder / "lexicon.toml").unlink()
    sources.refresh(TODAY, 1.0)

    assert sources.in_force.lexicon == (("查营", "cha2 ying2"),)


def test_a_name_in_the_file_wins_over_the_points_sheet(folder):
    write(folder, '[people]\n"单丽" = "shàn lì"\n')
    sources = Sources(Home(folder))
    sources.refresh(TODAY, 0.0)
    roster = Roster(people=(Person(id=person_id("单丽", "一组"), name="单丽", group="一组", pinyin="dan1 li4"),))

    assert dict(Bulletins(sources.in_force, roster).lexicon())["单丽"] == "shan4 li4"


def test_a_new_station_gets_a_lexicon_that_only_explains_itself(tmp_path):
    sources = Sources(Home(found(tmp_path / "new")))
    sources.refresh(TODAY, 0.0)

    assert sources.in_force.lexicon == ()
    assert [one for one in sources.in_force.complaints if one.file == "lexicon.toml"] == []
