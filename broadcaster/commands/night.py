"""open-night: an owner agrees to quiet hours that make an hour loud which was quiet."""

from __future__ import annotations

import argparse
import getpass
import sys

from broadcaster.commands.offline import open_desk
from broadcaster.commands.words import say
from broadcaster.door import Door
from broadcaster.errors import NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.model.people import Account, Role
from broadcaster.model.words import Sentence
from broadcaster.opening import open_doorkeeper
from broadcaster.station.night import NOTHING_ASKED

HERE = "console"
"""Wrong passwords of the terminal are counted as those of one address."""
NO_OWNER = Sentence(
    "还没有站长，没有人能同意。请先打开网页，用开站码当站长。",
    "there is no owner yet who could agree. Open the page first, and become the owner with the code of the start.",
)
NOT_AN_OWNER = Sentence("只有站长能放开静音时段。", "only an owner can open quiet hours.")


def open_night(args: argparse.Namespace) -> int:
    """Say what would open, ask who agrees, and put it in force, whether a station runs or not."""
    home = Home(args.home)
    with open_desk(home) as desk:
        asked = desk.books.sources.night.asked
        if asked is None:
            say(NOTHING_ASKED)
            return 0
        say(asked.what)
        owner = _owner(home, args.name)
        try:
            Door(home).post("/api/open-night", {"wished": asked.wished, "who": owner.name})
        except NoStationRunning:
            desk.books.sources.accept_night(asked.wished, who=owner.name, now=desk.now, trail=desk.store.trail)
    say(
        Sentence(
            f"{owner.name} 同意了：静音时段现在是 {asked.wished}。",
            f"{owner.name} has agreed: the quiet hours are now {asked.wished}.",
        )
    )
    return 0


def _owner(home: Home, name: str | None) -> Account:
    """Who sits here, by name and password. Raises Refused and StoreFailed."""
    doorkeeper = open_doorkeeper(home)
    if not doorkeeper.has_owner():
        raise Refused(NO_OWNER)
    name = name or _asked("站长的名字 / The owner's name: ")
    account = doorkeeper.recognise(name, _password(), address=HERE)
    if Role.OWNER not in account.roles:
        raise Refused(NOT_AN_OWNER)
    return account


def _asked(words: str) -> str:
    print(words, end="", flush=True)
    return sys.stdin.readline().strip()


def _password() -> str:
    """Not shown on the screen; from a pipe, the next line."""
    words = "密码 / Password: "
    return getpass.getpass(words) if sys.stdin.isatty() else _asked(words).rstrip("\n")
