"""approve, approvals: what was looked at before it goes on the air, by whom, and what of it changed."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from broadcaster.commands.offline import Desk, open_desk
from broadcaster.commands.readout import readout
from broadcaster.commands.words import print_json, say
from broadcaster.door import Door
from broadcaster.errors import NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import Reading, Script, ScriptName
from broadcaster.model.words import Sentence
from broadcaster.plan.rounds import find_script
from broadcaster.station.proofs import Proof, proof
from broadcaster.station.signing import approve as sign
from broadcaster.station.signing import unapproved
from broadcaster.station.signing import withdraw as take_back
from broadcaster.told import approval_told
from broadcaster.written import read_written

SCRIPT = "script:"
VERDICTS = {Verdict.APPROVED: "批准 / approved", Verdict.WITHDRAWN: "撤回 / withdrawn"}
QUESTION = "批准吗？ / Approve? (y/n) "
ANSWERS = ("y", "yes", "是", "好")


def approve(args: argparse.Namespace) -> int:
    """Show each script as it would be spoken, ask, and put the decision on record."""
    home = Home(args.home)
    is_whole = True
    with open_desk(home) as desk:
        names = _names(args, desk)
        if not names:
            say(Sentence("所有稿件都批准了。", "every script is approved."))
        for name in names:
            if args.withdraw:
                _withdraw(desk, name, args)
            else:
                is_whole = _approve(desk, name, args) and is_whole
    with suppress(NoStationRunning, Refused):
        Door(home).post("/api/approvals-changed", {})
    return 0 if is_whole else 1


def approvals(args: argparse.Namespace) -> int:
    """The paper trail, oldest first; of one script also what changed from one approval to the next."""
    with open_desk(Home(args.home)) as desk:
        made = desk.store.approvals.decisions() if desk.home.database.exists() else []
        if args.script:
            name = args.script.removeprefix(SCRIPT)
            made = [one for one in made if name in (one.script, one.script.rpartition("/")[2])]
        if args.json:
            print_json([approval_told(one) | (_texts(desk, one) if args.script else {}) for one in made])
            return 0
        for one in made:
            print(f"{one.at:%Y-%m-%d %H:%M}  {VERDICTS[one.verdict]}  {one.script}  {one.who}  {one.sha256[:12]}")
            if one.why:
                print(f"    {one.why}")
            if args.script and one.verdict is Verdict.APPROVED:
                for line in _difference(desk, one):
                    print(f"    {line}")
    if not made:
        say(Sentence("还没有批准过什么。", "nothing was approved yet."))
    return 0


def day_of(desk: Desk, on: date | None) -> date:
    """The day whose facts fill the blanks."""
    return on or desk.now.astimezone(desk.books.schedule.station.zone).date()


def one_script(desk: Desk, what: str) -> Script:
    """The script that a person means by ``script:NAME``, as it lies on the disk. Raises Refused."""
    name = what.removeprefix(SCRIPT).strip()
    scripts = {script.name: script for script in desk.books.sources.in_force.library.scripts}
    found = find_script(scripts, name)
    if found is None:
        close = difflib.get_close_matches(name, scripts, n=1)
        hint_zh, hint_en = (f"是不是“{close[0]}”？", f" Did you mean {close[0]!r}?") if close else ("", "")
        raise Refused(Sentence(f"没有稿件“{name}”。{hint_zh}", f"there is no script {name!r}.{hint_en}"))
    return found


def _names(args: argparse.Namespace, desk: Desk) -> list[ScriptName]:
    if args.all:
        return unapproved(desk.store.approvals, desk.books.sources.in_force.library)
    if not args.script:
        raise Refused(
            Sentence(
                "批准哪一篇？请写 script:文件夹/稿件，或者用 --all。",
                "approve which script? Write script:FOLDER/NAME, or --all.",
            )
        )
    return [_named(desk, what, args) for what in args.script]


def _named(desk: Desk, what: str, args: argparse.Namespace) -> ScriptName:
    """A script whose file is gone may still be withdrawn."""
    name = ScriptName(what.removeprefix(SCRIPT).strip())
    if args.withdraw and any(one.script == name for one in desk.store.approvals.decisions()):
        return name
    return one_script(desk, what).name


def _proof(desk: Desk, name: ScriptName, args: argparse.Namespace) -> Proof:
    readings = desk.books.sources.in_force.library
    return proof(desk.home.scripts, name, desk.books.bulletins, readings, day_of(desk, args.on))


def _approve(desk: Desk, name: ScriptName, args: argparse.Namespace) -> bool:
    found = _proof(desk, name, args)
    reading = found.reading if args.anew else found.spoken
    _show(found, reading)
    if not args.yes and not agrees(QUESTION):
        say(Sentence(f"没有批准，什么都没变：{name}", f"not approved, nothing was changed: {name}"))
        return False
    at = desk.now.astimezone(desk.books.schedule.station.zone)
    decision = sign(desk.store.approvals, desk.home.scripts, found, reading, who=args.who, at=at, why=args.why)
    say(
        Sentence(
            f"{decision.who} 批准了 {name}（{decision.sha256[:12]}），照上面的念法播。",
            f"{decision.who} approved {name} ({decision.sha256[:12]}); it is spoken as shown above.",
        )
        if decision.reading
        else Sentence(
            f"{decision.who} 批准了 {name}（{decision.sha256[:12]}），只批了文字，没有念法。",
            f"{decision.who} approved {name} ({decision.sha256[:12]}): its words, without a reading.",
        )
    )
    return True


def _withdraw(desk: Desk, name: ScriptName, args: argparse.Namespace) -> None:
    at = desk.now.astimezone(desk.books.schedule.station.zone)
    decision = take_back(desk.store.approvals, desk.home.scripts, name, who=args.who, at=at, why=args.why)
    if desk.books.schedule.station.is_strict:
        zh, en = "重新批准以前不再播", "it is not heard until it is approved anew"
    else:
        zh = "本站不是严格模式，文件还在就照样播；不要播就删掉文件"
        en = "the station is not strict, so the file is still heard; remove the file to end that"
    say(Sentence(f"{decision.who} 撤回了 {name}：{zh}。", f"{decision.who} withdrew {name}: {en}."))


def _show(found: Proof, reading: Reading | None) -> None:
    script = found.script
    print(f"== {script.name}  {script.title}")
    if reading is None or found.reading is None:
        print(script.body)
        print(f"今天填不出来，只能批文字 / cannot be filled today, only its words can be approved: {found.why_not.zh}")
        print(f"    {found.why_not.en}")
        return
    shown = Reading(text=reading.text, spoken=reading.spoken, syllables=reading.syllables, doubts=found.reading.doubts)
    for line in readout(shown):
        print(line)
    if script.blanks or "{" in script.body:
        print("有空要填，念法只管填成这样的那些天 / it has blanks: the reading counts on days with this very text")


def agrees(question: str) -> bool:
    """Whether who sits at the terminal says yes; nobody there is a no."""
    try:
        return input(question).strip().lower() in ANSWERS
    except EOFError:
        print()
        return False


def _texts(desk: Desk, one: Approval) -> dict[str, str]:
    return {"text": _text(desk, one.sha256), "text_before": _text(desk, one.before)}


def _text(desk: Desk, sha256: str) -> str:
    content = desk.store.approvals.content(sha256) if sha256 else None
    written = read_written(content) if content is not None else None
    return written.text if written is not None else ""


def _difference(desk: Desk, one: Approval) -> Iterator[str]:
    before, after = (_text(desk, sha256).splitlines() for sha256 in (one.before, one.sha256))
    for line in difflib.unified_diff(before, after, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line
