"""What was asked for, typed words or ``script:NAME``, as the title and the words to speak; or why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcaster.errors import Refused, ScriptUnusable
from broadcaster.model.airing import LogEntry
from broadcaster.model.texts import Script, ScriptName
from broadcaster.model.words import Priority, Sentence
from broadcaster.plan.rounds import find_script
from broadcaster.station.emergency.calls import LONGEST, LONGEST_GAP, Asked, CallKind
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.status import PreparedText

MOST_CHARACTERS = 1_000
"""About six minutes of speech; more cannot be rendered while people wait."""
ALL_CLEAR_SCRIPT = ScriptName("emergency/all-clear")
CORRECTION_SCRIPT = ScriptName("emergency/correction")
DRILL_SCRIPT = ScriptName("emergency/drill")
"""Called by name it is a drill, whether anybody says so or not."""
ALL_CLEAR_SOUND = "allclear"
"""Before an all-clear and a correction, in place of the siren."""
DRILL_BEGINS = "这是演练，不是真的。"
DRILL_ENDS = "演练结束，刚才是演练，请大家放心。"
CORRECTION_BEGINS = "更正："
BELONGS_FOR = timedelta(hours=24)
"""So long after an emergency its all-clear and its correction may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What will be said, and how it is called in the log."""

    script: ScriptName | None
    """None: an operator's own words."""
    title: str
    text: str


def words_of(prepared: Prepared, asked: Asked, now: datetime) -> Words:
    """Raises Refused."""
    words = _wanted(prepared, asked.what.strip(), now)
    match asked.kind:
        case CallKind.DRILL:
            return Words(
                script=words.script, title=f"演练：{words.title}", text=f"{DRILL_BEGINS}{words.text}{DRILL_ENDS}"
            )
        case CallKind.CORRECTION if words.script is None:
            return Words(
                script=None, title=f"更正：{_first_words(words.text)}", text=f"{CORRECTION_BEGINS}{words.text}"
            )
    return words


def text_of(prepared: Prepared, script: Script, now: datetime) -> PreparedText:
    """One prepared text as a person chooses it; where its blanks cannot be filled today, as it is written."""
    try:
        text = _wanted(prepared, f"script:{script.name}", now).text
    except Refused:
        text = script.body
    return PreparedText(script=script.name, title=script.title, text=text, is_ready=script.name in prepared.ready)


def script_of(prepared: Prepared, what: str) -> Script | None:
    """The script that *what* names; None: there is none, or these are words."""
    if not what.startswith("script:"):
        return None
    by_name = prepared.library.by_name
    name = what.removeprefix("script:").strip()
    return find_script(by_name, name) or by_name.get(ScriptName(f"emergency/{name}"))


def as_it_must_be(prepared: Prepared, asked: Asked) -> Asked:
    """The text of a drill is a drill, also where somebody called it an emergency."""
    script = script_of(prepared, asked.what.strip()) if asked.kind is CallKind.EMERGENCY else None
    return replace(asked, kind=CallKind.DRILL) if script is not None and script.name == DRILL_SCRIPT else asked


def check(prepared: Prepared, asked: Asked, now: datetime) -> None:
    """Raises Refused for what may not be called, or not so."""
    if not asked.who.strip():
        raise Refused(Sentence("紧急广播要写明是谁发的。", "an emergency needs the name of who calls it."))
    if asked.kind is CallKind.DRILL and prepared.schedule.station.is_quiet(now):
        raise Refused(
            Sentence(
                "现在是静音时段，演练不是紧急情况，不能播。请白天再演练。",
                "these are quiet hours, and a drill is no emergency. Hold it by day.",
            )
        )
    if not timedelta() <= asked.gap <= LONGEST_GAP:
        raise Refused(
            Sentence(
                f"两遍之间最多停 {LONGEST_GAP.seconds} 秒，不能是 {asked.gap.total_seconds():g} 秒。",
                f"two plays are 0 to {LONGEST_GAP.seconds} s apart, not {asked.gap.total_seconds():g} s.",
            )
        )
    if asked.until is not None and not now < asked.until <= now + LONGEST:
        local = asked.until.astimezone(prepared.schedule.station.zone)
        raise Refused(
            Sentence(
                f"结束时间“{local:%m-%d %H:%M}”要在现在以后、24 小时以内。",
                f"the end time '{local:%m-%d %H:%M}' must lie in the next 24 hours.",
            )
        )


def reason_of(prepared: Prepared, asked: Asked, title: str, now: datetime) -> str:
    """What the gate and the log are told. By day the words speak for themselves. Raises Refused at night."""
    reason = asked.reason.strip()
    match asked.kind:
        case CallKind.DRILL:
            return reason or "演练"
        case CallKind.ALL_CLEAR | CallKind.CORRECTION:
            return reason or title
    if not reason and prepared.schedule.station.is_quiet(now):
        raise Refused(
            Sentence(
                "现在是静音时段，紧急广播要写明原因，例如“上游水库泄洪”；打命令的写在 --reason 后面。",
                "these are quiet hours: an emergency needs a reason, for example 'the dam opens'; on the command line "
                "after --reason.",
            )
        )
    return reason or title


def why_it_may_not_follow(emergency: LogEntry | None, now: datetime) -> Sentence | None:
    """None: an all-clear or a correction may follow *emergency*. It must be one that people heard, and not long ago.

    Otherwise an all-clear would be a way through quiet hours without an emergency.
    """
    if emergency is None or emergency.slot != CallKind.EMERGENCY.slot or emergency.priority is not Priority.EMERGENCY:
        return Sentence(
            "最近没有响过紧急广播，没有什么可解除、可更正的。",
            "no emergency was on the air lately, so there is nothing to clear or to correct.",
        )
    if emergency.started_at is None and emergency.fate.is_final:
        return Sentence(
            f"紧急广播“{emergency.airing}”没有响过，不用解除，也不用更正。",
            f"the emergency {emergency.airing!r} was never heard: nothing to clear or to correct.",
        )
    last_heard = emergency.finished_at or emergency.started_at or now
    if emergency.fate.is_final and now - last_heard > BELONGS_FOR:
        return Sentence(
            f"紧急广播“{emergency.airing}”过去 24 小时以上了。要说明情况，请用平常的节目。",
            f"the emergency {emergency.airing!r} is more than 24 hours ago. Explain it in an ordinary airing.",
        )
    return None


def _wanted(prepared: Prepared, what: str, now: datetime) -> Words:
    if what.startswith("script:"):
        return _of_script(prepared, what, now)
    if not any(character.isalnum() for character in what):
        raise Refused(Sentence("紧急广播没有可念的话。请写一句。", "there is nothing to say. Write a sentence."))
    if len(what) > MOST_CHARACTERS:
        raise Refused(
            Sentence(
                f"紧急广播最多 {MOST_CHARACTERS} 个字，这里有 {len(what)} 个。请写短一点。",
                f"an emergency has at most {MOST_CHARACTERS} characters, this has {len(what)}. Make it shorter.",
            )
        )
    return Words(script=None, title=f"紧急广播：{_first_words(what)}", text=what)


def _of_script(prepared: Prepared, what: str, now: datetime) -> Words:
    script = script_of(prepared, what)
    if script is None:
        name = what.removeprefix("script:").strip()
        known = "、".join(one.name for one in prepared.library.in_folder("emergency"))
        raise Refused(
            Sentence(f"没有稿件“{name}”。应急稿有：{known}。", f"there is no script {name!r}. Prepared ones: {known}.")
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
        text = prepared.bulletins.announcement(script, day).text
    except ScriptUnusable as error:
        raise Refused(error.sentence) from error
    return Words(script=script.name, title=script.title, text=text)


def _first_words(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
