"""What was asked for, typed words or ``script:NAME``, as the title and the words to speak; or why not."""

from __future__ import annotations

from datetime import datetime

from broadcaster.errors import Refused, ScriptUnusable
from broadcaster.model.texts import Script, ScriptName
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Sentence
from broadcaster.plan.rounds import find_script
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.status import PreparedText

MOST_CHARACTERS = 1_000
"""About six minutes of speech; more cannot be rendered while people wait."""


def text_of(prepared: Prepared, script: Script, now: datetime) -> PreparedText:
    try:
        text = words_of(prepared, f"script:{script.name}", now)[2]
    except Refused:
        text = script.body
    return PreparedText(script=script.name, title=script.title, text=text, is_ready=script.name in prepared.ready)


def words_of(prepared: Prepared, what: str, now: datetime) -> tuple[ScriptName | None, str, str]:
    """The script, its title and the words. Raises Refused."""
    if what.startswith("script:"):
        by_name = {script.name: script for script in prepared.library.scripts}
        name = what.removeprefix("script:").strip()
        script = find_script(by_name, name) or by_name.get(ScriptName(f"emergency/{name}"))
        if script is None:
            known = "、".join(name for name in by_name if name.startswith("emergency/"))
            raise Refused(
                Sentence(
                    f"没有稿件“{name}”。应急稿有：{known}。", f"there is no script {name!r}. Prepared ones: {known}."
                )
            )
        if script.why_not.zh:
            raise Refused(
                Sentence(
                    f"{script.why_not.zh}情况紧急，就把要喊的话直接写上。",
                    f"{script.why_not.en} If it is urgent, write the words themselves.",
                )
            )
        day = now.astimezone(prepared.schedule.station.zone).date()
        try:
            return script.name, script.title, prepared.bulletins.announcement(script, day).text
        except ScriptUnusable as error:
            raise Refused(error.sentence) from error
    if not any(character.isalnum() for character in what):
        raise Refused(Sentence("紧急广播没有可念的话。请写一句。", "there is nothing to say. Write a sentence."))
    if len(what) > MOST_CHARACTERS:
        raise Refused(
            Sentence(
                f"紧急广播最多 {MOST_CHARACTERS} 个字，这里有 {len(what)} 个。请写短一点。",
                f"an emergency has at most {MOST_CHARACTERS} characters, this has {len(what)}. Make it shorter.",
            )
        )
    first_words = what if len(what) <= 20 else what[:20] + "…"
    return None, f"紧急广播：{first_words}", what


def reason_of(schedule: Schedule, reason: str, title: str, now: datetime) -> str:
    """What the gate and the log are told. By day the words speak for themselves. Raises Refused at night."""
    if reason:
        return reason
    if schedule.station.is_quiet(now):
        raise Refused(
            Sentence(
                "现在是静音时段，紧急广播要写明原因，例如 --reason 上游水库泄洪。",
                "these are quiet hours: an emergency needs a reason, for example --reason 'the dam opens'.",
            )
        )
    return title
