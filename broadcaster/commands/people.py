"""points, consent: who takes part in the study, and who agreed to be named."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from broadcaster.commands.offline import open_desk
from broadcaster.commands.words import print_json, say, show_complaint
from broadcaster.door import Door
from broadcaster.errors import NoStationRunning, PointsUnusable, Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence
from broadcaster.study.cells import date_in_name
from broadcaster.study.importing import preview
from broadcaster.study.sheet import PointsSheet, read_points

LARGEST_SHEET_BYTES = 20_000_000


def points(args: argparse.Namespace) -> int:
    """Preview, ask where a person is there to answer, import."""
    home = Home(args.home)
    sheet = _sheet(args.file, args.on)
    with open_desk(home) as desk:
        change = preview(sheet, desk.store.roster.snapshot())
        if args.json:
            print_json(
                {"text": change.text("zh"), "text_en": change.text("en"), "changes_nothing": change.changes_nothing}
            )
        else:
            print(change.text("zh"))
            print(change.text("en"))
            for complaint in change.complaints:
                show_complaint(complaint)
        if args.preview or change.changes_nothing:
            return 0
        if not args.yes and not args.json and sys.stdin.isatty() and not _agrees():
            say(Sentence("没有导入，什么都没变。", "not imported, nothing was changed."))
            return 1
        desk.store.roster.apply(sheet, file=args.file.name, at=datetime.now(UTC), who=args.who)
    _tell_the_station(home)
    if not args.json:
        say(Sentence("已导入。", "imported."))
    return 0


def consent(args: argparse.Namespace) -> int:
    home = Home(args.home)
    with open_desk(home) as desk:
        people = [person for person in desk.store.roster.snapshot().people if person.name == args.name]
        if args.group:
            people = [person for person in people if person.group == args.group]
        if len(people) != 1:
            raise Refused(_who_is_meant(args.name, [person.group for person in people]))
        desk.store.roster.set_consent(people[0].id, args.answer == "yes")
    _tell_the_station(home)
    agrees = args.answer == "yes"
    say(
        Sentence(
            f"{args.name}：{'同意点名' if agrees else '不再点名'}。",
            f"{args.name}: {'may be named' if agrees else 'is not named any more'}.",
        )
    )
    return 0


def _sheet(file: Path, on: date | None) -> PointsSheet:
    try:
        if file.stat().st_size > LARGEST_SHEET_BYTES:
            raise PointsUnusable(
                Sentence(f"“{file}”太大，不像积分表。", f"{str(file)!r} is too large for a sheet of points.")
            )
        data = file.read_bytes()
    except OSError as error:
        raise PointsUnusable(
            Sentence(f"读不了“{file}”：{error.strerror or error}。", f"{str(file)!r} cannot be read: {error.strerror}.")
        ) from error
    return read_points(data, on=on or date_in_name(file.name))


def _agrees() -> bool:
    return input("导入吗？ / Import? (y/n) ").strip().lower() in ("y", "yes", "是", "好")


def _tell_the_station(home: Home) -> None:
    with suppress(NoStationRunning, Refused):
        Door(home).post("/api/points-changed", {})


def _who_is_meant(name: str, groups: list[str]) -> Sentence:
    if not groups:
        return Sentence(f"名册里没有“{name}”。", f"nobody in the roster is called {name!r}.")
    listed = "、".join(groups)
    return Sentence(
        f"有 {len(groups)} 个“{name}”，请加 --group：{listed}。",
        f"{len(groups)} are called {name!r}; add --group: {listed}.",
    )
