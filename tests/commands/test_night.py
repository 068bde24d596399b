"""open-night as an owner runs it, with name and password, while no station runs."""

import io
import sys

import pytest

from broadcaster.__main__ import main
from broadcaster.home import Home
from broadcaster.model.people import Role
from broadcaster.opening import open_doorkeeper
from broadcaster.store import open_store
from tests.doorkeeper.conftest import GOOD
from tests.station.conftest import SCHEDULE, write_station

WISHED = SCHEDULE.replace("[station]", '[station]\nquiet_hours = ["22:00-06:30"]')


@pytest.fixture
def home(tmp_path, capsys):
    """A station whose timetable wishes a shorter night than the one that was agreed to."""
    write_station(tmp_path)
    assert main(["check", "--home", str(tmp_path)]) == 0
    write_station(tmp_path, WISHED)
    capsys.readouterr()
    return tmp_path


@pytest.fixture
def owner(home):
    doorkeeper = open_doorkeeper(Home(home))
    doorkeeper.sign_up_first(doorkeeper.first_code(), "王主任", GOOD, address="1.1.1.1")
    doorkeeper.make_account("小李", GOOD, [Role.APPROVER], who="王主任")


def opens(home, monkeypatch, *typed, name=()):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return main(["open-night", "--home", str(home), *name])


def warned(home, capsys):
    main(["check", "--home", str(home)])
    return "节目表要把夜里的 21:00-22:00 放开" in capsys.readouterr().out


def test_an_owner_agrees_and_it_is_on_record(home, owner, monkeypatch, capsys):
    assert warned(home, capsys)

    assert opens(home, monkeypatch, "王主任", GOOD) == 0

    said = capsys.readouterr().out
    assert "仍按 21:00-06:30 (Asia/Shanghai) 静音" in said
    assert said.endswith(
        "王主任 同意了：静音时段现在是 22:00-06:30 (Asia/Shanghai)。\n"
        "王主任 has agreed: the quiet hours are now 22:00-06:30 (Asia/Shanghai).\n"
    )
    assert not warned(home, capsys)
    store = open_store(Home(home).database)
    (_, deed) = store.trail.deeds(1)[0]
    store.close()
    assert (deed.who, deed.what, deed.after) == ("王主任", "night.open", "22:00-06:30 (Asia/Shanghai)")


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("王主任", "三棵老槐树大营村", "the name or the password is wrong. Type them again."),
        ("小李", GOOD, "only an owner can open quiet hours."),
    ],
)
def test_nobody_else_opens_it(home, owner, monkeypatch, capsys, name, password, why):
    assert opens(home, monkeypatch, password, name=["--name", name]) == 1

    assert capsys.readouterr().err.splitlines()[-1] == why
    assert warned(home, capsys)


def test_without_an_owner_nobody_can_agree(home, monkeypatch, capsys):
    assert opens(home, monkeypatch) == 1

    assert capsys.readouterr().err.splitlines()[-1] == (
        "there is no owner yet who could agree. Open the page first, and become the owner with the code of the start."
    )
    assert warned(home, capsys)


def test_where_nothing_waits_it_says_so(tmp_path, monkeypatch, capsys):
    write_station(tmp_path)

    assert opens(tmp_path, monkeypatch) == 0

    assert "there is nothing to agree to" in capsys.readouterr().out
