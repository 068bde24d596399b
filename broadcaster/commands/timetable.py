"""check, plan, log, skip, move: the timetable, what became of it, and changes of one day."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from broadcaster.commands.offline import Desk, open_desk
from broadcaster.commands.words import print_json, say, show_complaint
from broadcaster.door import Door
from broadcaster.errors import NoStationRunning
from broadcaster.home import Home
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.station.certificates import as_complaints, looked_at
from broadcaster.told import LOG_COLUMNS, cell, complaint_told, entry_told, plans_told

A_WEEK = timedelta(days=7)
WEEKDAYS = "一二三四五六日"


def check(args: argparse.Namespace) -> int:
    """Exit 1 when something cannot be used."""
    with open_desk(Home(args.home)) as desk:
        schedule = desk.books.schedule
        page = looked_at(desk.home.root, schedule.page, desk.now.astimezone(schedule.station.zone))
        complaints = desk.books.in_force.complaints + _changed_readings(desk) + as_complaints(page)
    errors = sum(complaint.severity is Severity.ERROR for complaint in complaints)
    if args.json:
        print_json([complaint_told(complaint) for complaint in complaints])
        return 1 if errors else 0
    for complaint in complaints:
        show_complaint(complaint)
    warnings = len(complaints) - errors
    if errors:
        say(
            Sentence(
                f"有 {errors} 处错误、{warnings} 处提醒。改好错误以前，仍按原来的播。",
                f"{errors} error(s) and {warnings} warning(s). Until the errors are mended, the old stays on the air.",
            )
        )
    else:
        say(Sentence(f"没有错误，{warnings} 处提醒。", f"No error, {warnings} warning(s)."))
    return 1 if errors else 0


def _changed_readings(desk: Desk) -> tuple[Complaint, ...]:
    """What was approved and would be read otherwise today; speech is loaded only where something was approved."""
    if not desk.books.in_force.library.readings:
        return ()
    from broadcaster.station.proofs import changed_readings

    today = desk.now.astimezone(desk.books.schedule.station.zone).date()
    return tuple(changed_readings(desk.books.bulletins, today))


def plan(args: argparse.Namespace) -> int:
    home = Home(args.home)
    try:
        query = f"/api/plan?days={args.days}" + (f"&from={args.first}" if args.first else "")
        told = Door(home).get(query)
        airings, notes = told["airings"], told["notes"]
    except NoStationRunning:
        with open_desk(home) as desk:
            plans = desk.plans(args.first, args.days)
        airings = plans_told(plans)
        notes = [{"note": note.zh, "note_en": note.en} for one in plans for note in one.notes]
    if args.json:
        print_json(airings)
        return 0
    for line in _as_text(airings):
        print(line)
    for note in {note["note"]: note for note in notes}.values():
        print(f"※ {note['note']}\n  {note['note_en']}")
    return 0


def as_run_log(args: argparse.Namespace) -> int:
    home = Home(args.home)
    with open_desk(home) as desk:
        since, until = _span(args, desk)
        try:
            query = f"/api/log?since={_query(since)}" + (f"&until={_query(until)}" if until else "")
            rows = Door(home).get(query)
        except NoStationRunning:
            rows = [entry_told(entry) for entry in desk.store.log.entries(since, until)]
    if args.json:
        print_json(rows)
    elif args.csv:
        _as_csv(rows)
    else:
        for row in rows:
            heard = _clock(row["started_at"]) or "--:--:--"
            print(f"{row['planned_at'][:16].replace('T', ' ')}  {heard}  {row['fate']:<11}  {row['title']}")
            for line in _listened(row):
                print(line)
            if row["reason"]:
                print(f"    {row['reason']}\n    {row['reason_en']}")
        fates = Counter(row["fate"] for row in rows)
        print("  ".join(f"{fate}: {number}" for fate, number in fates.items()) or "没有记录 / nothing logged")
    return 0


def skip(args: argparse.Namespace) -> int:
    Door(Home(args.home)).post("/api/skip", {"airing": args.airing, "who": args.who, "why": args.why})
    say(Sentence(f"已取消：{args.airing}", f"left out: {args.airing}"))
    return 0


def move(args: argparse.Namespace) -> int:
    home = Home(args.home)
    with open_desk(home) as desk:
        zone = desk.books.schedule.station.zone
    day = args.airing.partition("@")[2][:10]
    text = args.to if "-" in args.to else f"{day}T{args.to}"
    to = datetime.fromisoformat(text.replace(" ", "T")).replace(tzinfo=zone)
    Door(home).post("/api/move", {"airing": args.airing, "to": to.isoformat(), "who": args.who})
    say(Sentence(f"已挪到 {to:%m-%d %H:%M}：{args.airing}", f"moved to {to:%m-%d %H:%M}: {args.airing}"))
    return 0


def _as_text(airings: list[dict[str, Any]]) -> list[str]:
    lines, day = [], ""
    for airing in airings:
        starts = datetime.fromisoformat(airing["starts_at"])
        if day != f"{starts:%Y-%m-%d}":
            day = f"{starts:%Y-%m-%d}"
            lines.append(f"{day} 星期{WEEKDAYS[starts.weekday()]}")
        fate = "" if airing["fate"] == "planned" else f"  [{airing['fate']}]"
        lines.append(f"  {starts:%H:%M:%S}  {airing['title']}  ({airing['airing']}){fate}")
        reasons = [airing, *airing["left_out"]]
        lines += [f"      {told['reason']} / {told['reason_en']}" for told in reasons if told["reason"]]
    return lines or ["这几天没有节目。 / Nothing is planned on these days."]


def _listened(row: dict[str, Any]) -> list[str]:
    """What the microphone says of it; nothing where nobody listened."""
    match row["heard"]:
        case "yes":
            figures = f"{row['delay_ms']} ms, {row['level_db']:+.1f} dB"
            return [f"    听到了 / heard（{figures}）"]
        case "no":
            return ["    麦克风没有听到 / the microphone did not hear it"]
    return []


def _as_csv(rows: list[dict[str, Any]]) -> None:
    table = csv.DictWriter(sys.stdout, LOG_COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: cell(row[name]) for name in LOG_COLUMNS})


def _span(args: argparse.Namespace, desk: Desk) -> tuple[datetime, datetime | None]:
    zone = desk.books.schedule.station.zone
    first: date = args.first or (datetime.now(UTC).astimezone(zone) - A_WEEK).date()
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(args.last + timedelta(days=1), time(), zone) if args.last else None
    return since, until


def _query(moment: datetime) -> str:
    return moment.isoformat().replace("+", "%2B")


def _clock(instant: str | None) -> str:
    return instant[11:19] if instant else ""
