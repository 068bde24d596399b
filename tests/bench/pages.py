"""Every main page of a village that has been at it for ten years: 10,000 scripts and 1,000,000 airings in the log."""

import re
import socket
import sqlite3
import threading
from collections import defaultdict
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import sync_playwright

from broadcaster.door import Door
from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.timetable import SlotId
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.store import open_store
from tests.bench.people import at_their_own_pace, owner, signed_in
from tests.bench.table import Row, Table
from tests.bench.village import processor_s, running, wait_until
from tests.webui.browser.conftest import CHROMIUM, QUIET
from tests.webui.browser.phone import first_view
from tests.webui.browser.views import PHONE

SCRIPTS, AIRINGS = 10_000, 1_000_000
KINDS = ("study", "policy", "notice", "season")
APART_US = 300_000_000
"""An airing every five minutes, day and night, for ten years."""
SENTENCES = (
    "乡亲们，今天讲一讲怎么省水。",
    "天干物燥，请大家小心火烛，不要在山上抽烟。",
    "医保缴费从九月一日开始，到十二月三十一日为止。",
    "学习积分每天都能得，读一篇文章得一分，答一道题得两分。",
    "村里的水管明天上午检修，请大家提前存水。",
)
USERS, PAUSE_S = 20, 1.0
PAGES = {
    "/today": "today",
    "/today/live": "today's state, which every open page asks for each second",
    "/scripts": "scripts",
    "/scripts?q=%E6%A3%80%E4%BF%AE&kind=policy": "scripts, searched",
    "/scripts?from=5000": "scripts, far down the list",
    "/scripts/edit/study/00010": "a script in the editor",
    "/scripts/versions/study/00010": "versions of a script",
    "/approval": "approval",
    "/approval/study/00010": "a script before its approver",
    "/timetable": "timetable, the week",
    "/timetable/month": "timetable, the month",
    "/emergency": "emergency",
    "/log": "log of today",
    "/log/find": "log, the newest",
    "/log/find?fate=missed&from=2015-01-01": "log, what was missed in all years",
    "/log/find?text=%E6%B5%B7%E5%95%B8&from=2015-01-01": "log, a word that is not there",
    "/log/minutes": "minutes of sound",
    "/settings/health": "health",
    "/people": "people",
    "/me": "one's own page",
}
TIMETABLE = """
[station]
name = "测量"
timezone = "{zone}"

[page]
address = "127.0.0.1"
port = {port}

[zone.all]
outputs = ["main"]

[output.main]
kind = "soundcard"
device = "pulse"
"""
SLOT = """
[[slot]]
id = "{kind}-{hour}"
title = "{kind} {hour}"
at = "{hour:02}:{minute:02}"
play = ["next:{kind}"]
"""


def measure(*, is_quick):
    scripts, airings = (500, 20_000) if is_quick else (SCRIPTS, AIRINGS)
    with old_village(scripts, airings) as (home, process, port):
        people = [owner(port, home)]
        people += [signed_in(port) for _ in range(USERS - 1)]
        alone, processor = _one_by_one(people[0], process.pid, 3 if is_quick else 30)
        yield _table("Pages: one person, one after the other", alone)
        yield _table("Pages: processor of the station for one", processor)
        weights, seen = _first_views(port, people[0], 2 if is_quick else 10)
        yield Table("First page of a cheap phone on a slow line: what comes", "kB", weights)
        yield Table("First page of a cheap phone on a slow line: until it is seen", "ms", seen)
        together = at_their_own_pace(people, list(PAGES), seconds=10 if is_quick else 120, pause_s=PAUSE_S)
        yield _table(f"Pages: {USERS} people, a page a second each", together)
        saved, others = _saving(people, 3 if is_quick else 20)
        rows = (Row("a script is saved", tuple(saved)), Row("a page of somebody else meanwhile", tuple(others)))
        yield Table("Saving one script of many, every other second", "ms", rows)
        for one in people:
            one.close()


def _one_by_one(person, pid, count):
    """Milliseconds until the answer, and of processor: the latter is the same on a busy machine."""
    alone, processor = {}, {}
    for path in PAGES:
        person.ask(path)
        before = processor_s(pid)
        alone[path] = [person.ask(path)[1] for _ in range(count)]
        processor[path] = [1000 * (processor_s(pid) - before) / count]
    return alone, processor


def _table(title, times):
    everything = Row("all pages", tuple(took for one in times.values() for took in one))
    rows = (everything, *(Row(PAGES[path], tuple(times[path])) for path in PAGES if path in times))
    return Table(f"{title}, {SCRIPTS} scripts, {AIRINGS} airings", "ms", rows)


def _first_views(port, person, count):
    """Of a browser that never was here: before and after the sign-in."""
    pages = {"/sign-in": "sign in", "/today": "today"}
    weights, seen = defaultdict(list), defaultdict(list)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for path in list(pages) * count:
            address = f"http://localhost:{port}"
            context = browser.new_context(viewport=PHONE, locale="zh-CN")
            if path == "/today":
                context.add_cookies([{"name": n, "value": v, "url": address} for n, v in person.cookies.items()])
            weight, seen_ms = first_view(context.new_page(), address + path)
            context.close()
            weights[path].append(weight / 1000)
            seen[path].append(seen_ms)
        browser.close()
    return (tuple(Row(pages[path], tuple(found[path])) for path in pages) for found in (weights, seen))


def _saving(people, count):
    saved, (writer, *readers) = [], people
    looked = {}

    def read():
        looked.update(at_their_own_pace(readers, list(PAGES), seconds=2 * count, pause_s=PAUSE_S))

    reading = threading.Thread(target=read)
    reading.start()
    for number in range(count):
        path = f"/scripts/edit/study/{number:05}"
        writer.ask(path)
        based_on = re.search(r'name="based_on" value="([^"]+)"', writer.page)[1]
        form = {"based_on": based_on, "title": f"第{number}课", "body": f"第{number}次改的话。", "does": "save"}
        status, took = writer.ask(path, form)
        if status != 303:
            raise RuntimeError(f"not saved: {status}")
        saved.append(took)
        threading.Event().wait(max(0.0, 2 - took / 1000))
    reading.join()
    return saved, [took for one in looked.values() for took in one]


@contextmanager
def old_village(scripts, airings):
    """A running station with that many scripts and rows; gives (home, process, port of its page)."""
    port, now = free_port(), datetime.now(UTC).replace(microsecond=0)

    def prepare(home):
        write_scripts(home, scripts)
        write_log(home, airings, now)

    with running(timetable(port), prepare=prepare) as (home, _, process):
        door = Door(home)
        wait_until(lambda: not door.get("/api/status")["clips_missing"], 600)
        yield home, process, port


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def timetable(port):
    slots = "".join(
        SLOT.format(kind=kind, hour=hour, minute=10 * number)
        for hour in (7, 12, 18)
        for number, kind in enumerate(KINDS)
    )
    return TIMETABLE.format(zone="Asia/Shanghai", port=port) + slots


def write_scripts(home, count):
    for number in range(count):
        folder = home.scripts / KINDS[number % len(KINDS)]
        folder.mkdir(parents=True, exist_ok=True)
        body = "".join(SENTENCES[(number + each) % len(SENTENCES)] for each in range(12))
        text = f'+++\ntitle = "第{number}课"\nauthor = "李会计"\n+++\n{body}\n'
        (folder / f"{number // len(KINDS):05}.txt").write_text(text, encoding="utf-8")


def write_log(home, count, now):
    """A thousand rows as the station writes them, and the others copied from them, further back."""
    home.var.mkdir(parents=True, exist_ok=True)
    store = open_store(home.database)
    sample = 1_000
    last = now - timedelta(days=1)
    for number in range(sample):
        store.log.write(_entry(number, last - number * timedelta(microseconds=APART_US)))
    store.close()
    with closing(sqlite3.connect(home.database)) as database, database:
        _copy_back(database, sample, count // sample)


def _copy_back(database, sample, times):
    names = [row[1] for row in database.execute("PRAGMA table_info(airing)")]
    back = f"(n.n * {sample * APART_US})"

    def earlier(column):
        return f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {column}, '-' || ({back} / 1000000) || ' seconds')"

    made = {name: f"a.{name}" for name in names} | {
        "airing": "a.airing || '-' || n.n",
        "planned_us": f"a.planned_us - {back}",
        "planned_at": earlier("a.planned_at"),
        "started_at": earlier("a.started_at"),
        "finished_at": earlier("a.finished_at"),
        "seq": "NULL",
    }
    database.execute(
        f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times - 1}) "
        f"INSERT INTO airing ({', '.join(names)}) SELECT {', '.join(made[name] for name in names)} FROM airing a, n"
    )


def _entry(number, planned_at):
    is_missed = number % 50 == 0
    return LogEntry(
        airing=AiringId(f"old-{number}@{planned_at:%Y-%m-%dT%H:%M:%S}"),
        slot=SlotId("old"),
        title=SENTENCES[number % len(SENTENCES)],
        planned_at=planned_at,
        priority=Priority.ROUTINE,
        zones=("all",),
        scripts=(),
        fate=Fate.MISSED if is_missed else Fate.AIRED,
        reason=Sentence("停电", "there was no power") if is_missed else NOTHING_TO_SAY,
        started_at=None if is_missed else planned_at,
        finished_at=None if is_missed else planned_at + timedelta(seconds=90),
    )
