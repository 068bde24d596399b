"""backup, restore: all that people wrote, recorded and decided in one file, and back, with a look before."""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from broadcaster.backup.packing import pack
from broadcaster.backup.putting_back import Preview, preview, put_back
from broadcaster.backup.unpacking import unpack
from broadcaster.commands.offline import Desk, open_desk
from broadcaster.commands.proof import agrees
from broadcaster.commands.words import print_json, say
from broadcaster.door import Door
from broadcaster.errors import DalabaError, NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.model.people import Deed
from broadcaster.model.words import Sentence

GENTLEST = 19
SHOWN = 12


def backup(args: argparse.Namespace) -> int:
    """Make one, beside a running station or without it."""
    if args.calm:
        os.nice(GENTLEST)
    try:
        with open_desk(Home(args.home)) as desk:
            station = desk.books.schedule.station
            now = desk.now.astimezone(station.zone)
            manifest = pack(desk.home, args.file, station=station.name, now=now)
    except DalabaError as error:
        if not args.json:
            raise
        print_json({"error": error.sentence.zh, "error_en": error.sentence.en})
        return 1
    length = args.file.stat().st_size
    if args.json:
        print_json({"file": str(args.file), "bytes": length, "files": len(manifest.entries)})
        return 0
    count, size = len(manifest.entries), f"{length / 1_000_000:.1f} MB"
    say(
        Sentence(
            f"备份好了：{args.file}（{count} 个文件，{size}）。里面没有密码和令牌。请拷到别的机器或优盘上。",
            f"the backup is made: {args.file} ({count} files, {size}). It holds no passwords and no tokens. "
            "Copy it to another machine or a stick.",
        )
    )
    return 0


def restore(args: argparse.Namespace) -> int:
    """Check the file, show what would change, ask, and put it back; what was there before is kept in a backup."""
    home = Home(args.home)
    if not args.file.is_file():
        raise Refused(Sentence(f"没有文件“{args.file}”。", f"there is no file {str(args.file)!r}."))
    with open_desk(home) as desk:
        home.var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.var, prefix="restore-") as scratch:
            folder = Path(scratch) / "files"
            manifest = unpack(args.file, folder)
            found = preview(folder, manifest, home)
            _show(found)
            if found.does_nothing:
                return 0
            if not args.yes and not agrees("放回去吗？ / Put it back? (y/n) "):
                say(Sentence("没有放回去，什么都没变。", "not put back; nothing was changed."))
                return 1
            kept = _put_back(desk, folder, found, args.who)
    with suppress(NoStationRunning, Refused):
        for path in ("/api/points-changed", "/api/approvals-changed"):
            Door(home).post(path, {})
    say(
        Sentence(
            f"放回去了。原来的在 {kept}，要回到原来，就用 dalaba restore 放回它。",
            f"it is put back. What was there before is in {kept}; dalaba restore brings that back.",
        )
    )
    return 0


def _put_back(desk: Desk, folder: Path, found: Preview, who: str) -> Path:
    station = desk.books.schedule.station
    now = desk.now.astimezone(station.zone)
    before = desk.home.var / "backups" / f"dalaba-{now:%Y-%m-%d-%H%M%S}-before-restore.zip"
    pack(desk.home, before, station=station.name, now=now)
    put_back(folder, found, desk.home)
    after = f"+{len(found.added)} ~{len(found.changed)} -{len(found.removed)}"
    desk.store.trail.note(
        Deed(at=now, who=who, what="backup.restore", subject=found.station, before=before.name, after=after)
    )
    return before


def _show(found: Preview) -> None:
    say(
        Sentence(
            f"“{found.station}”的备份，{found.made_at:%Y-%m-%d %H:%M} 做的。",
            f"a backup of {found.station!r}, made on {found.made_at:%Y-%m-%d %H:%M}.",
        )
    )
    if found.does_nothing:
        say(Sentence("和现在一样，没有要变的。", "it is as the station is now; nothing would change."))
    for sign, words, paths in (
        ("+", "加上 / added", found.added),
        ("~", "换成备份里的 / changed", found.changed),
        ("-", "拿掉 / removed", found.removed),
    ):
        if paths:
            print(f"{words}: {len(paths)}")
            for path in paths[:SHOWN]:
                print(f"  {sign} {path}")
            if len(paths) > SHOWN:
                print("  …")
    for table, count in found.rows.items():
        print(f"记录补上 / rows added to the books: {table} {count}")
