"""status, emergency, stop, play, trust-clock: what a person asks of the running station, through its local door."""

from __future__ import annotations

import argparse
from typing import Any

from broadcaster.commands.words import print_json, say
from broadcaster.door import Door
from broadcaster.home import Home
from broadcaster.model.words import Sentence


def status(args: argparse.Namespace) -> int:
    told = Door(Home(args.home)).get("/api/status")
    if args.json:
        print_json(told)
        return 0
    for line in _status_lines(told):
        print(line)
    return 0


def emergency(args: argparse.Namespace) -> int:
    body = {
        "what": args.what,
        "who": args.who,
        "reason": args.reason,
        "plays": args.times,
        "zones": args.zone,
        "gap_s": args.gap,
        "for_s": args.lasting.total_seconds() if args.lasting else None,
        "until": args.until,
    }
    door = Door(Home(args.home))
    if args.drill:
        return _drill(door, body, is_sure=args.yes)
    airing = door.post("/api/emergency", body)["airing"]
    say(
        Sentence(
            f"紧急广播已发出：{airing}。停：dalaba stop",
            f"the emergency is on the air: {airing}. To end it: dalaba stop",
        )
    )
    return 0


def _drill(door: Door, body: dict[str, object], *, is_sure: bool) -> int:
    say(Sentence("演练会在喇叭里播，村里人都听得到。", "a drill is heard on the horns, by the whole village."))
    if not is_sure and not _is_confirmed():
        say(Sentence("没有播。", "nothing was aired."))
        return 1
    airing = door.post("/api/drill", body)["airing"]
    say(Sentence(f"演练就要播了：{airing}。停：dalaba stop", f"the drill begins: {airing}. To end it: dalaba stop"))
    return 0


def _is_confirmed() -> bool:
    try:
        return input("播吗？ / Air it? (y/n) ").strip().lower() in ("y", "yes", "是", "好", "播")
    except EOFError:
        return False


def all_clear(args: argparse.Namespace) -> int:
    airing = Door(Home(args.home)).post("/api/all-clear", _after(args))["airing"]
    say(Sentence(f"正在播解除：{airing}", f"the all-clear is on its way: {airing}"))
    return 0


def correct(args: argparse.Namespace) -> int:
    airing = Door(Home(args.home)).post("/api/correct", _after(args))["airing"]
    say(Sentence(f"误播已停，正在更正：{airing}", f"the mistake is stopped, its correction is on its way: {airing}"))
    return 0


def _after(args: argparse.Namespace) -> dict[str, object]:
    return {
        "what": args.what,
        "who": args.who,
        "reason": args.reason,
        "plays": args.times,
        "emergency": args.emergency,
    }


def stop(args: argparse.Namespace) -> int:
    stopped = Door(Home(args.home)).post("/api/stop", {"airing": args.airing, "who": args.who})["stopped"]
    if stopped:
        say(Sentence(f"已停：{'、'.join(stopped)}", f"stopped: {', '.join(stopped)}"))
    else:
        say(Sentence("现在没有在播的。", "nothing is on the air."))
    return 0


def play(args: argparse.Namespace) -> int:
    airing = Door(Home(args.home)).post("/api/play", {"what": args.what, "who": args.who})["airing"]
    say(Sentence(f"马上播：{airing}", f"on the air in a moment: {airing}"))
    return 0


def trust_clock(args: argparse.Namespace) -> int:
    Door(Home(args.home)).post("/api/trust-clock", {"who": args.who})
    say(Sentence("已按您说的，相信现在的时间。", "the station now believes its clock, on your word."))
    return 0


def _status_lines(told: dict[str, Any]) -> list[str]:
    now = told["now"][:19].replace("T", " ")
    lines = [f"{told['station']}  {now}" + ("  静音时段 / quiet hours" if told["is_quiet"] else "")]
    if not told["clock"]["is_trusted"]:
        lines += [f"时钟 / clock: {told['clock']['reason']}", f"  {told['clock']['reason_en']}"]
    if told["night"]:
        lines += [told["night"]["what"], f"  {told['night']['what_en']}"]
    for one in told["on_air"]:
        waits = "（等着接着播 / waits to go on）" if one["is_waiting"] else ""
        lines.append(f"正在播 / on the air: {one['title']} ({one['airing']}){waits}")
    lines += [f"接下来 / next: {one['starts_at'][5:16].replace('T', ' ')} {one['title']}" for one in told["next"][:3]]
    for output in told["outputs"]:
        what = output["device"] if output["device"] else "没有打开 / not open"
        why = f"{output['reason']} {output['reason_en']}".strip()
        only = "（只试听 / for trying only）" if output["is_monitor"] else ""
        lines.append(f"输出 / output {output['name']}{only}: {what}" + (f": {why}" if why else ""))
        players = output["players"]
        lines += [f"  音箱在线 / player online: {name}" for name in players["online"]]
        lines += [f"  音箱不在线 / player offline: {name}" for name in players["offline"]]
    for one in told["amplifiers"]:
        lines.append(f"功放 / amplifier {one['name']}: {'开着 / on' if one['is_on'] else '关着 / off'}")
    lines += [f"故障 / fault: {fault['what']}\n  {fault['what_en']}" for fault in told["faults"]]
    lines += [f"{one['file']}: {one['path']} {one['what']}\n  {one['what_en']}" for one in told["complaints"]]
    if told["is_schedule_old"]:
        lines.append("节目表有错，仍按原来的播。 / schedule.toml has a mistake; the old one stays on the air.")
    lines.append(
        f"应急稿就绪 / emergencies ready: {told['emergencies_ready']}，"
        f"还没合成 / not rendered yet: {told['clips_missing']}，进程 / process {told['pid']}"
    )
    return lines
