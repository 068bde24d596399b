"""run, init: a station of one's own, and keeping it running."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import socket
import threading

from broadcaster.commands.words import complain, say
from broadcaster.doorkeeper import Doorkeeper
from broadcaster.errors import Refused, StoreFailed
from broadcaster.home import Home, found
from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Sentence
from broadcaster.opening import open_doorkeeper, open_station
from broadcaster.station import Station
from broadcaster.watchdog import Watchdog
from webui.app import create_app
from webui.local_door import LocalDoor
from webui.server import PageServer

log = logging.getLogger(__name__)


def run(args: argparse.Namespace) -> int:
    """Until SIGTERM or Ctrl-C."""
    logging.basicConfig(
        level=logging.DEBUG if args.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for noisy in ("apscheduler", "uvicorn", "waitress", "werkzeug"):
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
    page = None
    try:
        door.open()
        page = open_page(station, open_doorkeeper(home))
        name = station.status().station
        say(
            Sentence(
                f"{name} 已开播，文件夹 {home.root}。按 Ctrl-C 关站。", f"{name} runs in {home.root}. Ctrl-C ends it."
            )
        )
        # What is there now stays there. Looking through all of it for garbage took 150 ms with 10,000 scripts, in
        # which no page is answered.
        gc.collect()
        gc.freeze()
        watchdog.ready()
        end.wait()
    finally:
        watchdog.ending()
        say(Sentence("正在关站……", "closing …"))
        if page is not None:
            page.close()
        door.close()
        station.close()
    return 0


def open_page(station: Station, doorkeeper: Doorkeeper) -> PageServer | None:
    """The cadre's page, told at the terminal; None, and why, when it cannot be opened: the air goes on."""
    settings = station.about().page
    page = PageServer(create_app(station, doorkeeper), settings.address, settings.port)
    try:
        page.open()
    except Refused as error:
        log.error("%s", error)
        complain(error.sentence)
        return None
    say(_where(settings, page.port))
    try:
        code = doorkeeper.first_code()
    except StoreFailed as error:
        complain(error.sentence)
        return page
    if code:
        say(
            Sentence(
                f"还没有站长。打开网页，输入开站码：{code}", f"There is no owner yet. Open the page, and type: {code}"
            )
        )
    return page


def _where(settings: PageSettings, port: int) -> Sentence:
    if settings.address in ("127.0.0.1", "::1"):
        return Sentence(
            f"网页：http://localhost:{port}。只有这台机器打得开；要用手机打开，在 schedule.toml 写 [page] 和 "
            'address = "0.0.0.0"。',
            f"The page: http://localhost:{port}, on this machine only. For phones write [page] and "
            'address = "0.0.0.0" in schedule.toml.',
        )
    name = f"[{settings.address}]" if ":" in settings.address else settings.address
    if settings.address in ("0.0.0.0", "::"):  # noqa: S104 # compared, not bound
        name = own_address()
    return Sentence(f"网页：http://{name}:{port}", f"The page: http://{name}:{port}")


def own_address() -> str:
    """The address that a phone of the same network would type; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def init(args: argparse.Namespace) -> int:
    folder = found(args.folder.absolute())
    say(
        Sentence(
            f"新站建好了：{folder}。改 schedule.toml 和 scripts/，然后运行 dalaba run --home {folder}",
            f"a new station lies in {folder}. Edit schedule.toml and scripts/, then: dalaba run --home {folder}",
        )
    )
    return 0
