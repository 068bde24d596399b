"""run, init: a station of one's own, and keeping it running."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from broadcaster.commands.words import say
from broadcaster.errors import Refused
from broadcaster.home import Home, found
from broadcaster.model.words import Sentence
from broadcaster.opening import open_station
from broadcaster.watchdog import Watchdog
from webui.local_door import LocalDoor

log = logging.getLogger(__name__)


def run(args: argparse.Namespace) -> int:
    """Until SIGTERM or Ctrl-C."""
    logging.basicConfig(
        level=logging.DEBUG if args.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for noisy in ("apscheduler", "waitress", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    home = Home(args.home.resolve())
    if not home.schedule.exists() and not home.good_schedule.exists():
        raise Refused(
            Sentence(
                f"“{home.root}”里没有站。用 dalaba init 建一个，或者用 --home 指到站的文件夹。",
                f"there is no station in {str(home.root)!r}. Make one: dalaba init, or name it with --home.",
            )
        )
    end = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: end.set())
    watchdog = Watchdog()
    station = open_station(home, alive=watchdog.alive)
    station.start()
    door = LocalDoor(station, home)
    try:
        door.open()
        name = station.status().station
        say(
            Sentence(
                f"{name} 已开播，文件夹 {home.root}。按 Ctrl-C 关站。", f"{name} runs in {home.root}. Ctrl-C ends it."
            )
        )
        watchdog.ready()
        end.wait()
    finally:
        watchdog.ending()
        say(Sentence("正在关站……", "closing …"))
        door.close()
        station.close()
    return 0


def init(args: argparse.Namespace) -> int:
    folder = found(args.folder.absolute())
    say(
        Sentence(
            f"新站建好了：{folder}。改 schedule.toml 和 scripts/，然后运行 dalaba run --home {folder}",
            f"a new station lies in {folder}. Edit schedule.toml and scripts/, then: dalaba run --home {folder}",
        )
    )
    return 0
