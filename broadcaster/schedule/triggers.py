"""[trigger.NAME] → a key or a button that starts or stops one prepared emergency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from broadcaster.model.triggers import Confirm, TriggerDeed, TriggerKind, TriggerSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints, closest, shown, unknown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.names import ZONE
from broadcaster.schedule.outputs import named_tables
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import choice, length, plain, whole, words

TRIGGER_NAME = Sentence("触发器的名字", "name of a trigger")
KINDS = {kind.value: kind for kind in TriggerKind}
DEEDS = {deed.value: deed for deed in TriggerDeed}
CONFIRMS = {confirm.value: confirm for confirm in (Confirm.HOLD, Confirm.TWICE)}
NEEDED = {TriggerKind.KEY: ("device", "key"), TriggerKind.GPIO: ("pin",)}
STARTS = ("script", "zones", "reason", "repeat", "confirm", "hold", "within")
"""What a trigger that stops has no use for."""
EXAMPLES = {"script": "'emergency/flood'", "device": "'USB Keypad'", "key": "'f1'", "pin": "17"}
KEY_NAMES = {
    **{f"f{number}": code for number, code in zip(range(1, 11), range(59, 69), strict=True)},
    "f11": 87,
    "f12": 88,
    **{f"f{number}": code for number, code in zip(range(13, 25), range(183, 195), strict=True)},
    **{
        f"kp{number}": code
        for number, code in zip((7, 8, 9, 4, 5, 6, 1, 2, 3, 0), (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True)
    },
    "kpenter": 96,
    "enter": 28,
    "space": 57,
}
"""As in linux/input-event-codes.h."""


def read_triggers(
    table: Table, zones: Iterable[str], pins: Mapping[int, str], complaints: Complaints
) -> tuple[TriggerSettings, ...]:
    """In the order of the file; *pins*: those that are taken, with the path of what has them."""
    known = tuple(zones)
    found: list[TriggerSettings] = []
    taken: dict[tuple[object, int], str] = {((TriggerKind.GPIO,), pin): path for pin, path in pins.items()}
    for own in named_tables(table, TRIGGER_NAME, complaints):
        one = _trigger(own, known)
        found.append(one)
        line = "key" if one.kind is TriggerKind.KEY else "pin"
        place = (one.source if one.kind is TriggerKind.KEY else (TriggerKind.GPIO,), one.code)
        if line in own.values and place in taken:
            own.complain(line, _twice(own.values[line], taken[place]))
        taken.setdefault(place, own.path)
    return tuple(found)


def _trigger(own: Table, zones: tuple[str, ...]) -> TriggerSettings:
    own.only(KEYS["trigger"])
    kind = own.read("kind", choice(Sentence("触发器", "kind of trigger"), KINDS), TriggerKind.KEY)
    does = own.read("does", choice(Sentence("做法", "deed of a trigger"), DEEDS), TriggerDeed.START)
    confirm = own.read("confirm", choice(Sentence("确认方式", "way to confirm"), CONFIRMS), Confirm.HOLD)
    _complain_of_what_is_missing(own, kind, does)
    _complain_of_what_does_not_fit(own, kind, does, confirm)
    named = own.read_each("zones", words(100), ())
    for given in named:
        if given not in zones:
            own.complain("zones", unknown(ZONE, given, zones))
    return TriggerSettings(
        name=own.path.rpartition(".")[2],
        kind=kind,
        does=does,
        script=own.read("script", _script, ""),
        zones=tuple(dict.fromkeys(named)),
        who=own.read("who", words(60), ""),
        reason=own.read("reason", words(200), ""),
        plays=own.read("repeat", whole(0, 100), 0),
        device=own.read("device", words(200, may_be_empty=False), ""),
        key=own.read("key", _key, 0),
        pin=own.read("pin", whole(0, 63), 0),
        confirm=Confirm.ONCE if does is TriggerDeed.STOP else confirm,
        hold=own.read("hold", length("1s", "10s"), timedelta(seconds=2)),
        within=own.read("within", length("1s", "10s"), timedelta(seconds=3)),
    )


def _complain_of_what_is_missing(own: Table, kind: TriggerKind, does: TriggerDeed) -> None:
    for key in (*(() if does is TriggerDeed.STOP else ("script",)), *NEEDED[kind]):
        if key not in own.values:
            own.complain(
                key,
                Sentence(
                    f"没有写。这里要一行 {key}，例如 {key} = {EXAMPLES[key]}。",
                    f"it is missing. Write it, for example {key} = {EXAMPLES[key]}.",
                ),
            )


def _complain_of_what_does_not_fit(own: Table, kind: TriggerKind, does: TriggerDeed, confirm: Confirm) -> None:
    idle = {key: f"kind = '{kind}'" for other in TriggerKind if other is not kind for key in NEEDED[other]}
    if does is TriggerDeed.STOP:
        idle |= dict.fromkeys(STARTS, "does = 'stop'")
    else:
        idle |= {"within": "confirm = 'hold'"} if confirm is Confirm.HOLD else {"hold": "confirm = 'twice'"}
    for key, why in idle.items():
        if key in own.values:
            own.complain(
                key,
                Sentence(
                    f"写了 {why}，这一行没有用。请删掉这一行。",
                    f"with {why} this line has no use. Take it out.",
                ),
            )


def _twice(value: object, path: str) -> Sentence:
    return Sentence(
        f"{shown(value)} 在 [{path}] 里已经用了。一个键、一个引脚只能做一件事，请换一个。",
        f"{shown(value)} is used by [{path}] already. A key or a pin does one thing: choose another.",
    )


def _script(value: object) -> str | Sentence:
    text = plain(value).removeprefix("script:") if isinstance(value, str) else ""
    if text.startswith("emergency/") and len(text) > len("emergency/"):
        return text
    return Sentence(
        f"{shown(value)} 不是应急稿。请写 scripts/emergency/ 里的一篇，例如 {EXAMPLES['script']}。",
        f"{shown(value)} is no prepared emergency. Name one of scripts/emergency/, for example {EXAMPLES['script']}.",
    )


def _key(value: object) -> int | Sentence:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 767:
        return value
    text = plain(value).lower() if isinstance(value, str) else ""
    if text in KEY_NAMES:
        return KEY_NAMES[text]
    close = closest(text, KEY_NAMES)
    perhaps = Sentence(f"是不是 '{close}'？", f" Did you mean '{close}'?") if close else Sentence("", "")
    return Sentence(
        f"{shown(value)} 不是一个键。{perhaps.zh}"
        "请写 'f1' 到 'f24'、'kp0' 到 'kp9'、'kpenter'、'enter'、'space'，或者 1 到 767 的键号。",
        f"{shown(value)} is no key.{perhaps.en} "
        "Write 'f1' to 'f24', 'kp0' to 'kp9', 'kpenter', 'enter', 'space', or its number from 1 to 767.",
    )
