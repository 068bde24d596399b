"""run, init: a station of one's own, and keeping it running."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import threading
from dataclasses import replace

from broadcaster.commands.network import own_address
from broadcaster.commands.words import complain, say
from broadcaster.doorkeeper import Doorkeeper
from broadcaster.errors import Refused, StoreFailed
from broadcaster.home import Home, found
from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Sentence
from broadcaster.opening import open_doorkeeper, open_station
from broadcaster.station import Station
from broadcaster.station.certificates import as_complaints, judged
from broadcaster.watchdog import Watchdog
from webui.app import create_app, longest_body
from webui.encryption import Encryption
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
        page = open_page(station, open_doorkeeper(home), home)
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


def open_page(station: Station, doorkeeper: Doorkeeper, home: Home) -> PageServer | None:
    """The cadre's page, told at the terminal; None, and why, when it cannot be opened: the air goes on."""
    settings = station.about().page
    encryption = None
    if settings.certificate:
        try:
            encryption = Encryption(home.root / settings.certificate, home.root / settings.key)
        except Refused as error:
            settings = replace(settings, address="127.0.0.1")
            log.error("the page answers this machine only: %s", error)
            complain(_not_encrypted(error.sentence))
        else:
            for complaint in as_complaints(judged(encryption.certificate, station.now())):
                complain(complaint.what)
    app = create_app(station, doorkeeper, encryption)
    page = PageServer(app, settings.address, settings.port, encryption, allowed=longest_body(app))
    try:
        page.open()
    except Refused as error:
        log.error("%s", error)
        complain(error.sentence)
        return None
    say(_where(settings, page.port, "http" if encryption is None else "https"))
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


def _not_encrypted(why: Sentence) -> Sentence:
    """What was to be encrypted is not sent in clear: without its certificate the page is for this machine alone."""
    return Sentence(
        f"{why.zh}改好以前，网页不上网，只有这台机器打得开；改好以后重新开站。广播照常。",
        f"{why.en} Until then the page is not on the network, only this machine opens it; then start the station anew. "
        "The air goes on.",
    )


def _where(settings: PageSettings, port: int, scheme: str) -> Sentence:
    if settings.address in ("127.0.0.1", "::1"):
        here = f"{scheme}://localhost:{port}"
        if settings.certificate:
            return Sentence(f"网页：{here}。只有这台机器打得开。", f"The page: {here}, on this machine only.")
        return Sentence(
            f'网页：{here}。只有这台机器打得开；要用手机打开，在 schedule.toml 写 [page] 和 address = "0.0.0.0"。',
            f"The page: {here}, on this machine only. For phones write [page] and "
            'address = "0.0.0.0" in schedule.toml.',
        )
    name = f"[{settings.address}]" if ":" in settings.address else settings.address
    if settings.address in ("0.0.0.0", "::"):  # noqa: S104 # compared, not bound
        name = own_address()
    return Sentence(f"网页：{scheme}://{name}:{port}", f"The page: {scheme}://{name}:{port}")


def init(args: argparse.Namespace) -> int:
    folder = found(args.folder.absolute())
    say(
        Sentence(
            f"新站建好了：{folder}。改 schedule.toml 和 scripts/，然后运行 dalaba run --home {folder}",
            f"a new station lies in {folder}. Edit schedule.toml and scripts/, then: dalaba run --home {folder}",
        )
    )
    return 0
