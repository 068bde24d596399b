"""The state of the station → sentences for the person who looks after it, each with what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.model.words import NOTHING_TO_SAY, Complaint, Sentence, Severity
from broadcaster.station.status import AmplifierStatus, OutputStatus, Status

LEAST_BYTES = 200_000_000
FEW_BYTES = 1_000_000_000
"""A day of new sound, and the log of many years."""
MANY_CLIPS = 20


class Grade(StrEnum):
    GOOD = "good"
    WATCH = "watch"
    """Something is less well than it should be; nothing is lost yet."""
    BAD = "bad"
    """Something is not heard, or not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part of the station: how it is, and what to do."""

    name: str
    """For programs: ``clock``, ``disk``, ``output.main``."""
    grade: Grade
    what: Sentence
    remedy: Sentence = NOTHING_TO_SAY
    """Nothing to say where nothing is to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Of the home folder."""

    free_bytes: int
    whole_bytes: int


def findings(
    status: Status, disk: Disk | None, voices: tuple[str, ...], more: tuple[Finding, ...] = ()
) -> tuple[Finding, ...]:
    """All parts, the worst first. *disk* None: it could not be asked. *voices*: the engines of the timetable.

    *more*: parts that the status does not know.
    """
    known = (
        _clock(status),
        *(_output(one) for one in status.outputs),
        *(_amplifier(one, status) for one in status.amplifiers),
        _disk(disk),
        _database(status),
        _timetable(status),
        _voices(status, voices),
        _emergencies(status),
        *_night(status),
        *_other_faults(status),
        *more,
    )
    order = (Grade.BAD, Grade.WATCH, Grade.GOOD)
    return tuple(sorted(known, key=lambda one: order.index(one.grade)))


def _clock(status: Status) -> Finding:
    if status.is_clock_trusted:
        return Finding(
            name="clock",
            grade=Grade.GOOD,
            what=Sentence(
                f"时间是准的：{status.now:%Y-%m-%d %H:%M}。", f"The clock is trusted: {status.now:%Y-%m-%d %H:%M}."
            ),
        )
    return Finding(
        name="clock",
        grade=Grade.BAD,
        what=status.why_clock_is_not_trusted,
        remedy=Sentence(
            "看一看钟。对的，就在“今天”那一页按“时间是对的”；不对，接上网或者把机器的时间调好。",
            "Look at the clock. If it is right, say so on the page Today; if not, connect the network or set it.",
        ),
    )


def _output(one: OutputStatus) -> Finding:
    name = f"output.{one.name}"
    if not one.is_open:
        return Finding(
            name=name,
            grade=Grade.BAD,
            what=Sentence(
                f"“{one.name}”放不出声音：{one.why_not.zh}", f"{one.name!r} makes no sound: {one.why_not.en}"
            ),
            remedy=Sentence(
                "看一看声卡、网线插好没有，电开了没有；插好以后它自己会接上。",
                "See that the sound card or cable is plugged in and has power; it is found again by itself.",
            ),
        )
    if one.players_offline:
        horns = "、".join(one.players_offline)
        return Finding(
            name=name,
            grade=Grade.WATCH,
            what=Sentence(f"“{one.name}”有喇叭不在线：{horns}。", f"Horns of {one.name!r} are away: {horns}."),
            remedy=Sentence("看一看那几个喇叭的电和网。", "Look at the power and network of those horns."),
        )
    online = len(one.players_online)
    horns_zh, horns_en = (f"，{online} 个喇叭在线", f", {online} horns are there") if online else ("", "")
    return Finding(
        name=name,
        grade=Grade.GOOD,
        what=Sentence(f"“{one.name}”接着{horns_zh}。", f"{one.name!r} is open{horns_en}."),
    )


def _amplifier(one: AmplifierStatus, status: Status) -> Finding:
    fault = next((fault for fault in status.faults if fault.name == f"amplifier.{one.name}"), None)
    name = f"amplifier.{one.name}"
    if fault is not None:
        return Finding(
            name=name,
            grade=Grade.BAD,
            what=fault.what,
            remedy=Sentence(
                "看一看继电器和线；急用时，先用手开功放。",
                "Look at the relay and its wires; in a hurry switch the amplifier on by hand.",
            ),
        )
    state_zh, state_en = (
        ("开着", "on") if one.is_on else ("关着，要播的时候自己开", "off until something is to be heard")
    )
    return Finding(
        name=name,
        grade=Grade.GOOD,
        what=Sentence(f"功放“{one.name}”{state_zh}。", f"The amplifier {one.name!r} is {state_en}."),
    )


def _disk(disk: Disk | None) -> Finding:
    if disk is None:
        return Finding(
            name="disk",
            grade=Grade.BAD,
            what=Sentence("磁盘问不到还有多少地方。", "The disk does not say how much room is left."),
            remedy=Sentence("请管机器的人看一看磁盘。", "Let whoever looks after the machine see to the disk."),
        )
    free, whole = disk.free_bytes / 1e9, disk.whole_bytes / 1e9
    what = Sentence(
        f"磁盘还有 {free:.1f} GB，一共 {whole:.1f} GB。", f"{free:.1f} GB of {whole:.1f} GB are free on the disk."
    )
    if disk.free_bytes >= FEW_BYTES:
        return Finding(name="disk", grade=Grade.GOOD, what=what)
    return Finding(
        name="disk",
        grade=Grade.BAD if disk.free_bytes < LEAST_BYTES else Grade.WATCH,
        what=what,
        remedy=Sentence(
            "清理一下磁盘。var/clips 里的声音删了不要紧，会重新合成。",
            "Free some disk. The sounds in var/clips may go: they are made again.",
        ),
    )


def _database(status: Status) -> Finding:
    if not status.writes_waiting:
        return Finding(
            name="log", grade=Grade.GOOD, what=Sentence("记录都存好了。", "Everything on record is on the disk.")
        )
    return Finding(
        name="log",
        grade=Grade.BAD,
        what=Sentence(
            f"有 {status.writes_waiting} 条记录还没有存到磁盘上。",
            f"{status.writes_waiting} records are not on the disk yet.",
        ),
        remedy=Sentence(
            "看一看磁盘满没满；现在不要关机，磁盘好了会自己存。",
            "See whether the disk is full. Leave the machine on: they are written as soon as it works.",
        ),
    )


def _timetable(status: Status) -> Finding:
    if status.is_schedule_old:
        return Finding(
            name="schedule",
            grade=Grade.BAD,
            what=Sentence(
                "节目表 schedule.toml 有写错的地方，仍按以前的播。",
                "The file schedule.toml has a mistake; an earlier timetable is in force.",
            ),
            remedy=next((_where(one) for one in status.complaints if one.severity is Severity.ERROR), NOTHING_TO_SAY),
        )
    if status.complaints:
        count = len(status.complaints)
        first = status.complaints[0]
        return Finding(
            name="schedule",
            grade=Grade.WATCH,
            what=Sentence(
                f"节目表和稿子里有 {count} 处要看一看，第一处在 {first.file}。",
                f"Timetable and scripts hold {count} things to look at, the first in {first.file}.",
            ),
            remedy=_where(first),
        )
    return Finding(
        name="schedule", grade=Grade.GOOD, what=Sentence("节目表没有问题。", "The timetable has no mistake.")
    )


def _where(one: Complaint) -> Sentence:
    return Sentence(f"在 {one.path}：{one.what.zh}", f"At {one.path}: {one.what.en}") if one.path else one.what


def _voices(status: Status, voices: tuple[str, ...]) -> Finding:
    fault = next((fault for fault in status.faults if fault.name == "render"), None)
    engines = "、".join(dict.fromkeys(voices))
    if fault is not None:
        return Finding(
            name="render",
            grade=Grade.BAD,
            what=fault.what,
            remedy=Sentence(
                "用 dalaba voices 看哪个声音能用，在设置里换一个。",
                "See with `dalaba voices` which voice works, and choose that one.",
            ),
        )
    if status.clips_missing:
        return Finding(
            name="render",
            grade=Grade.WATCH if status.clips_missing > MANY_CLIPS else Grade.GOOD,
            what=Sentence(
                f"声音（{engines}）正在合成，还有 {status.clips_missing} 段。",
                f"Speech ({engines}) is being made: {status.clips_missing} pieces are left.",
            ),
        )
    return Finding(
        name="render",
        grade=Grade.GOOD,
        what=Sentence(
            f"声音（{engines}）好用，一天半以内的都合成好了。",
            f"Speech ({engines}) works; all of the next day and a half is ready.",
        ),
    )


def _emergencies(status: Status) -> Finding:
    if status.emergencies_ready:
        return Finding(
            name="emergency",
            grade=Grade.GOOD,
            what=Sentence(
                f"{status.emergencies_ready} 篇紧急稿随时能播。",
                f"{status.emergencies_ready} emergency texts can be heard this instant.",
            ),
        )
    return Finding(
        name="emergency",
        grade=Grade.WATCH,
        what=Sentence(
            "没有一篇紧急稿的声音是现成的。现在按红按钮，先响警报，再念。",
            "No emergency text has its sound ready. The red button would begin with the siren.",
        ),
        remedy=Sentence(
            "刚开站要等一两分钟；一直这样，就看 scripts/emergency/ 里有没有稿子。",
            "Right after the start wait a minute or two; if it stays so, see what lies in scripts/emergency/.",
        ),
    )


def _night(status: Status) -> Iterator[Finding]:
    if status.night is not None:
        yield Finding(
            name="night",
            grade=Grade.WATCH,
            what=status.night.what,
            remedy=Sentence(
                "站长看一看，同意就在设置里按；不同意，把节目表里的 quiet_hours 改回去。",
                "An owner looks at it, and agrees under Settings, or puts quiet_hours of the timetable back.",
            ),
        )


def _other_faults(status: Status) -> Iterator[Finding]:
    told = ("output.", "amplifier.", "render")
    for fault in status.faults:
        if not fault.name.startswith(told):
            since = f"{fault.since.astimezone(status.now.tzinfo):%m-%d %H:%M}"
            otherwise = Sentence(
                "修不好，请管机器的人看。", "If you cannot mend it, ask whoever looks after the machine."
            )
            if fault.name.startswith("trigger."):
                otherwise = Sentence(
                    "紧急时用网页上的红按钮，或者 dalaba emergency。",
                    "In an emergency use the red button of the page, or dalaba emergency.",
                )
            yield Finding(
                name=fault.name,
                grade=Grade.BAD,
                what=fault.what,
                remedy=Sentence(f"从 {since} 就这样。{otherwise.zh}", f"It is so since {since}. {otherwise.en}"),
            )
