"""Every command of ``dalaba`` and its options, with help in both languages."""

from __future__ import annotations

import argparse
import getpass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

EPILOG = "每个命令都可以加 --help 看用法。 / Every command explains itself with --help."


class Add(Protocol):
    """Adds one command."""

    def __call__(self, name: str, words: str, *, json: bool = False, home: bool = True) -> argparse.ArgumentParser: ...


def build_parser() -> argparse.ArgumentParser:
    """The parser; ``args.command`` names the command."""
    parser = argparse.ArgumentParser(
        prog="dalaba", description="大喇叭：村广播站 / a village loudspeaker station", epilog=EPILOG
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令 / COMMAND", title="命令 / commands")

    def add(name: str, words: str, *, json: bool = False, home: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        if home:
            one.add_argument(
                "--home", type=Path, default=Path(), metavar="DIR", help="站的文件夹，默认是这里 / the station's folder"
            )
        if json:
            one.add_argument("--json", action="store_true", help="输出给程序读的 JSON / JSON for programs")
        return one

    _running(add)
    _timetable(add)
    _speech(add)
    _proof(add)
    _sound(add)
    _people(add)
    _backups(add)
    return parser


def _running(add: Add) -> None:
    run = add("run", "开站 / start the station")
    run.add_argument("--verbose", action="store_true", help="多说一些 / say more")
    init = add("init", "从自带的样站建一个新站 / make a new station from the shipped one", home=False)
    init.add_argument("folder", type=Path, metavar="DIR", help="新站的文件夹 / the new station's folder")
    add("check", "检查节目表和稿件，有错误时返回 1 / check timetable and scripts, exit 1 with complaints", json=True)
    add("status", "站现在怎么样 / how the station is", json=True)
    trust = add("trust-clock", "核对过时间，时钟是对的 / you looked: the clock is right")
    _who(trust)
    night = add("open-night", "站长同意节目表里新的静音时段 / an owner agrees to the new quiet hours")
    night.add_argument("--name", metavar="NAME", help="站长的名字，不写就问 / the owner's name, asked for without")
    certificate = add("certificate", "给网页做一张证书，网页就能加密 / a certificate, to encrypt the page")
    certificate.add_argument(
        "names", nargs="*", metavar="NAME", help="还会用到的名字或数字地址 / more names or numbers of this machine"
    )


def _timetable(add: Add) -> None:
    plan = add("plan", "看节目单 / what is planned", json=True)
    plan.add_argument(
        "--from", dest="first", type=_date, metavar="DATE", help="从哪天起，默认今天 / the first day, default today"
    )
    plan.add_argument("--days", type=_days, default=1, metavar="N", help="几天，默认 1 / how many days, default 1")
    log = add("log", "看播出记录 / the as-run log", json=True)
    log.add_argument(
        "--from",
        dest="first",
        type=_date,
        metavar="DATE",
        help="从哪天起，默认 7 天前 / the first day, default a week ago",
    )
    log.add_argument("--to", dest="last", type=_date, metavar="DATE", help="到哪天为止（含） / the last day, included")
    log.add_argument("--csv", action="store_true", help="输出表格 / as a table for a spreadsheet")
    skip = add("skip", "今天取消一次 / leave one airing out")
    skip.add_argument("airing", metavar="AIRING", help="哪一次，见 dalaba plan / which, see dalaba plan")
    skip.add_argument("--why", default="", help="为什么 / why")
    _who(skip)
    move = add("move", "挪一次的时间 / start one airing at another time")
    move.add_argument("airing", metavar="AIRING", help="哪一次 / which")
    move.add_argument("to", type=_moment, metavar="TIME", help="'18:10' 或 '2026-11-24 18:10' / or both")
    _who(move)


def _speech(add: Add) -> None:
    read = add("read", "一段话会怎么念 / how a text will be read", json=True)
    read.add_argument(
        "text",
        nargs="?",
        metavar="TEXT|script:NAME",
        help="要念的话，或一篇稿件；不写就从标准输入读 / words or a script; default: standard input",
    )
    _on(read)
    read.add_argument(
        "--lines", action="store_true", help="标准输入一行一段，逐行回答 / one text per line of standard input"
    )
    say = add("say", "把一段话合成声音文件，不上喇叭 / speak a text into a file, never on the air")
    say.add_argument("text", metavar="TEXT", help="要念的话 / the words")
    say.add_argument("--out", type=Path, metavar="FILE.wav", help="存到哪里，默认 var/said/ / where, default var/said/")
    tried = add("try", "先在耳机里听，不上喇叭 / try a text on headphones, never on a horn")
    tried.add_argument(
        "what",
        metavar="TEXT|script:NAME|SLOT",
        help="一段话、一篇稿件（没批准的也行）或一档节目 / words, a script (approved or not) or a slot",
    )
    tried.add_argument(
        "--out", type=Path, metavar="FILE.wav", help="存成文件，不用耳机 / into a file instead of headphones"
    )
    _who(tried)
    voices = add("voices", "这台机器上哪些声音能用，各说一句 / which voices work here; each says a sentence", json=True)
    voices.add_argument(
        "--try",
        dest="tried",
        action="append",
        metavar="ENGINE[:VOICE]",
        help="只试这一个，例如 pyttsx3:cmn / only this one; may be given again",
    )
    voices.add_argument(
        "--out", type=Path, metavar="DIR", help="存到哪里，默认 var/voices/ / where, default var/voices/"
    )
    render = add("render", "提前合成节目 / render the programme ahead")
    render.add_argument("--days", type=_days, default=2, metavar="N", help="几天，默认 2 / how many days, default 2")


def _proof(add: Add) -> None:
    approve = add("approve", "看一遍怎么念，再批准稿件 / look how a script is read, then approve it")
    approve.add_argument(
        "script", nargs="*", metavar="script:NAME", help="哪些稿件，script:文件夹/稿件 / which scripts"
    )
    approve.add_argument("--all", action="store_true", help="所有还没批准的 / all that have no approval")
    approve.add_argument("--yes", action="store_true", help="不再问 / do not ask")
    approve.add_argument(
        "--anew",
        action="store_true",
        help="用今天规则的念法，不用批准过的 / today's reading, not the approved one",
    )
    _on(approve)
    approve.add_argument("--withdraw", action="store_true", help="撤回批准 / take the approval back")
    approve.add_argument("--why", default="", help="为什么 / why")
    _who(approve)
    approvals = add("approvals", "谁在什么时候批准了什么 / who approved what when", json=True)
    approvals.add_argument(
        "script", nargs="?", metavar="script:NAME", help="只看这一篇，连同改了什么 / only this one, with its changes"
    )


def _sound(add: Add) -> None:
    play = add("play", "现在播一档节目或一篇稿件 / put a slot or a script on the air now")
    play.add_argument(
        "what", metavar="SLOT|script:NAME", help="时段的 id，或 script:文件夹/稿件 / a slot's id or a script"
    )
    _who(play)
    emergency = add("emergency", "紧急广播，马上播，盖过一切 / an emergency: at once, over everything")
    emergency.add_argument(
        "what", metavar="TEXT|script:NAME", help="要喊的话，或应急稿 / the words, or a prepared text"
    )
    emergency.add_argument("--reason", default="", help="为什么，静音时段必须写 / why; required in quiet hours")
    emergency.add_argument(
        "--times",
        type=_times,
        default=0,
        metavar="N",
        help="播几遍；不写就一直播到停 / how often; default until stopped",
    )
    emergency.add_argument(
        "--zone", action="append", default=[], metavar="ZONE", help="哪个分区，默认全部 / which zone, default all"
    )
    emergency.add_argument(
        "--gap", type=_gap, default=2.0, metavar="SECONDS", help="两遍之间停几秒，默认 2 / silence between two plays"
    )
    ends = emergency.add_mutually_exclusive_group()
    ends.add_argument("--until", type=_moment, metavar="TIME", help="到几点为止，例如 18:30 / ends at that time")
    ends.add_argument("--for", dest="lasting", type=_span, metavar="SPAN", help="播多久，例如 30m / lasts so long")
    emergency.add_argument(
        "--drill",
        action="store_true",
        help="演练：先后都说是演练，静音时段不播 / a drill: says so first and last, and keeps quiet hours",
    )
    emergency.add_argument("--yes", action="store_true", help="演练不再问 / a drill: do not ask")
    _who(emergency)
    live = add("live", "现场讲话：把声音直接送上喇叭 / speak live: sound goes straight to the horns")
    live.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE|-",
        help="声音文件；不写就从标准输入读 / a sound file; default: standard input",
    )
    live.add_argument("--reason", required=True, help="为什么，记进播出记录 / why, for the as-run log")
    live.add_argument(
        "--zone", action="append", default=[], metavar="ZONE", help="哪个分区，默认全部 / which zone, default all"
    )
    live.add_argument(
        "--raw", action="store_true", help="没有文件头：48 kHz、单声道、16 位 / headerless: 48 kHz, mono, 16 bit"
    )
    _who(live)
    clear = add("all-clear", "解除：停紧急广播，在同样的分区说解除 / the danger is over, in the same zones")
    clear.add_argument(
        "what", nargs="?", default="", metavar="TEXT|script:NAME", help="自己的话，默认应急稿“解除” / one's own words"
    )
    correct = add("correct", "更正：停误播的紧急广播，在同样的分区说“更正：……” / a mistake: what is right, same zones")
    correct.add_argument("what", metavar="TEXT|script:NAME", help="正确的话 / what is right")
    for after in (clear, correct):
        after.add_argument("--emergency", metavar="AIRING", help="哪一次，默认最近一次 / which, default the last one")
        after.add_argument("--reason", default="", help="为什么 / why")
        after.add_argument("--times", type=_times, default=0, metavar="N", help="播几遍 / how often")
        _who(after)
    stop = add("stop", "停：先停紧急广播，没有就停正在播的 / stop the emergency, or else what is on the air")
    stop.add_argument("airing", nargs="?", metavar="AIRING", help="只停这一次 / only this one")
    _who(stop)


def _people(add: Add) -> None:
    points = add("points", "导入积分表，先看再导 / import a sheet of points, after a preview", json=True)
    points.add_argument("file", type=Path, metavar="FILE.csv", help="积分表，UTF-8 或 GB18030 / the sheet")
    points.add_argument(
        "--on", type=_date, metavar="DATE", help="积分的日期，表里没有时用 / the date, if the sheet has none"
    )
    points.add_argument("--preview", action="store_true", help="只看，不导入 / only look")
    points.add_argument("--yes", action="store_true", help="不再问 / do not ask")
    _who(points)
    consent = add("consent", "同意或不再同意点名 / whether a person agrees to be named")
    consent.add_argument("name", metavar="NAME", help="姓名 / the name")
    consent.add_argument("answer", choices=("yes", "no"), help="yes 同意，no 不同意 / agrees or not")
    consent.add_argument("--group", metavar="GROUP", help="学习小组，重名时要写 / needed for namesakes")


def _backups(add: Add) -> None:
    backup = add("backup", "把站备份成一个文件 / the whole station in one file, also while it runs", json=True)
    backup.add_argument("file", type=Path, metavar="FILE.zip", help="存到哪里 / where")
    backup.add_argument("--calm", action="store_true", help="让着别的程序，慢慢做 / slowly, behind all other programs")
    restore = add("restore", "放回一份备份，先看会变什么 / put a backup back, after a look at what would change")
    restore.add_argument("file", type=Path, metavar="FILE.zip", help="备份 / the backup")
    restore.add_argument("--yes", action="store_true", help="不再问 / do not ask")
    _who(restore)


def _on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on", type=_date, metavar="DATE", help="空按哪一天填，默认今天 / the day that fills the blanks, default today"
    )


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--who", default=_user(), metavar="NAME", help="谁在操作，记进播出记录 / who asks, for the as-run log"
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' 不是日期，请写成 2026-12-01 / is no date, write 2026-12-01"
        ) from error


def _moment(text: str) -> str:
    for form in ("%H:%M", "%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - only its form; the station's zone is added later
        except ValueError:
            continue
        return text
    raise argparse.ArgumentTypeError(f"'{text}' 不是时间，请写成 18:10 / is no time, write 18:10")


def _days(text: str) -> int:
    return _between(text, 1, 400)


def _times(text: str) -> int:
    return _between(text, 1, 100)


def _gap(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 10:
        raise argparse.ArgumentTypeError(f"'{text}' 应是 0 到 10 / must be 0 to 10")
    return seconds


def _span(text: str) -> timedelta:
    units = {"s": "seconds", "m": "minutes", "h": "hours"}
    number, unit = text[:-1], units.get(text[-1:])
    if unit is None or not (number.isascii() and number.isdigit() and 0 < int(number) < 100_000):
        raise argparse.ArgumentTypeError(f"'{text}' 不是时长，请写成 30m 或 2h / is no length, write 30m or 2h")
    return timedelta(**{unit: int(number)})


def _between(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"'{text}' 应是 {least} 到 {most} / must be {least} to {most}")
    return number
