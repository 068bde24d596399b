"""What a form holds, as a file, and out of the file again."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import Refused
from broadcaster.model.texts import Wording
from broadcaster.scripts import parse_script
from broadcaster.scripts.naming import checked, fresh
from broadcaster.scripts.writing import as_far_as_readable, wording_of, write_script

PLAIN = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="{}\u3000")
LINE = st.text(PLAIN, max_size=60).map(lambda text: " ".join(text.split()))


def test_the_file_is_what_a_person_would_write():
    wording = Wording(title='修"水管"', author="李会计", expires=date(2026, 12, 3), body="今天停水。\n\n请存水。\n")

    assert write_script(wording) == (
        '+++\ntitle = "修\\"水管\\""\nauthor = "李会计"\nexpires = 2026-12-03\n+++\n今天停水。\n\n请存水。\n'
    )


@settings(max_examples=60, deadline=None)
@given(title=LINE.filter(bool), author=LINE, body=LINE.map(lambda text: f"今天{text}"), expires=st.none() | st.dates())
def test_what_was_typed_comes_back(title, author, body, expires):
    wording = Wording(title=title, author=author, body=body, expires=expires)
    script, complaints = parse_script("notice/x", write_script(wording).encode(), file="x")

    assert complaints == ()
    assert wording_of(script) == wording


@pytest.mark.parametrize("title", ['"\n+++\nx', "a\nkind = 3", "\\", '"""', "\u2028\x00\x1b[2J"])
def test_no_title_breaks_out_of_its_line(title):
    script, complaints = parse_script("notice/x", write_script(Wording(title=title, body="好。")).encode(), file="x")

    assert complaints == ()
    assert script.body == "好。"


def test_a_file_that_is_no_script_is_shown_as_far_as_it_can_be_read():
    assert as_far_as_readable(b"+++\nkind = 3\n+++\nx", "fire").body == "x"
    assert as_far_as_readable(b"+++\ntitle = 1\nx", "fire").body.startswith("+++")
    assert as_far_as_readable(bytes(range(256)) * 4, "fire") == Wording(title="fire")


@pytest.mark.parametrize("name", ["study/010-a", "notice/停水", "a/b.c"])
def test_names_that_can_be(name):
    assert checked(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "/a",
        "a/",
        "../a",
        "a/..",
        "a/../b",
        ".a/b",
        "a/.b",
        "a/b/c",
        "a\\b/c",
        "a/b\x00",
        "a/b ",
        "a/README",
        "a/" + "b" * 81,
    ],
)
def test_names_that_cannot_be(name):
    with pytest.raises(Refused):
        checked(name)


def test_a_fresh_name_takes_the_next_number_and_the_sound_of_the_title():
    taken = {"010-a", "125-b", "meeting"}

    assert fresh("notice", ["ting2", "shui3", "A"], taken) == "notice/130-ting-shui-a"
    assert fresh("notice", [], ()) == "notice/010-new"
    assert len(fresh("notice", ["zhuang1"] * 40, ()).partition("-")[2]) <= 40
