"""Keys and buttons as they stand in schedule.toml, and every complaint whole."""

from datetime import date, timedelta

import pytest

from broadcaster.dates import falls_on
from broadcaster.model.triggers import Confirm, TriggerDeed, TriggerKind, TriggerSettings
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.crosscheck import cross_check


def triggers_of(text):
    parsed = parse_schedule(text)
    assert parsed.complaints == ()
    return parsed.schedule.triggers


def test_a_key_a_button_and_a_key_that_stops():
    flood, hall, stop = triggers_of("""
    [zone.east]
    outputs = ["main"]
    [trigger.flood]
    script = "script:emergency/flood"
    zones = "east"
    who = "水库值班员"
    reason = "水库来电"
    repeat = 3
    device = "USB Keypad"
    key = "kp1"
    confirm = "twice"
    within = "2s"
    [trigger.hall]
    kind = "gpio"
    does = "drill"
    script = "emergency/fire"
    pin = 17
    hold = "3s"
    [trigger.stop]
    does = "stop"
    device = "/dev/input/by-id/usb-1a2c-event-kbd"
    key = 96
    """)

    assert flood == TriggerSettings(
        name="flood",
        script="emergency/flood",
        zones=("east",),
        who="水库值班员",
        reason="水库来电",
        plays=3,
        device="USB Keypad",
        key=79,
        confirm=Confirm.TWICE,
        within=timedelta(seconds=2),
    )
    assert hall == TriggerSettings(
        name="hall",
        kind=TriggerKind.GPIO,
        does=TriggerDeed.DRILL,
        script="emergency/fire",
        pin=17,
        hold=timedelta(seconds=3),
    )
    assert (stop.does, stop.confirm, stop.key) == (TriggerDeed.STOP, Confirm.ONCE, 96)


KEY = 'script = "emergency/flood"\ndevice = "USB Keypad"\nkey = "f1"\n'
COMPLAINTS = [
    (
        'device = "USB Keypad"\nkey = "f1"',
        "script",
        "没有写。这里要一行 script，例如 script = 'emergency/flood'。",
        "it is missing. Write it, for example script = 'emergency/flood'.",
    ),
    (
        'script = "emergency/flood"\nkey = "f1"',
        "device",
        "没有写。这里要一行 device，例如 device = 'USB Keypad'。",
        "it is missing. Write it, for example device = 'USB Keypad'.",
    ),
    (
        'kind = "gpio"\nscript = "emergency/flood"',
        "pin",
        "没有写。这里要一行 pin，例如 pin = 17。",
        "it is missing. Write it, for example pin = 17.",
    ),
    (
        KEY + 'kind = "keys"',
        "kind",
        "没有叫 'keys' 的触发器。是不是 'key'？能写的有：gpio、key。",
        "there is no kind of trigger called 'keys'. Did you mean 'key'? Known: gpio, key.",
    ),
    (
        KEY + 'does = "strat"',
        "does",
        "没有叫 'strat' 的做法。是不是 'start'？能写的有：drill、start、stop。",
        "there is no deed of a trigger called 'strat'. Did you mean 'start'? Known: drill, start, stop.",
    ),
    (
        KEY + 'confirm = "once"',
        "confirm",
        "没有叫 'once' 的确认方式。能写的有：hold、twice。",
        "there is no way to confirm called 'once'. Known: hold, twice.",
    ),
    (
        KEY + 'zones = "al"',
        "zones",
        "没有叫 'al' 的片区。是不是 'all'？能写的有：all。",
        "there is no zone called 'al'. Did you mean 'all'? Known: all.",
    ),
    (
        'script = "notice/water"\ndevice = "USB Keypad"\nkey = "f1"',
        "script",
        "'notice/water' 不是应急稿。请写 scripts/emergency/ 里的一篇，例如 'emergency/flood'。",
        "'notice/water' is no prepared emergency. Name one of scripts/emergency/, for example 'emergency/flood'.",
    ),
    (
        'script = "emergency/flood"\ndevice = "USB Keypad"\nkey = "kp11"',
        "key",
        "'kp11' 不是一个键。是不是 'kp1'？"
        "请写 'f1' 到 'f24'、'kp0' 到 'kp9'、'kpenter'、'enter'、'space'，或者 1 到 767 的键号。",
        "'kp11' is no key. Did you mean 'kp1'? "
        "Write 'f1' to 'f24', 'kp0' to 'kp9', 'kpenter', 'enter', 'space', or its number from 1 to 767.",
    ),
    (
        'script = "emergency/flood"\ndevice = "USB Keypad"\nkey = 800',
        "key",
        "'800' 不是一个键。请写 'f1' 到 'f24'、'kp0' 到 'kp9'、'kpenter'、'enter'、'space'，或者 1 到 767 的键号。",
        "'800' is no key. Write 'f1' to 'f24', 'kp0' to 'kp9', 'kpenter', 'enter', 'space', "
        "or its number from 1 to 767.",
    ),
    (
        KEY + "pin = 17",
        "pin",
        "写了 kind = 'key'，这一行没有用。请删掉这一行。",
        "with kind = 'key' this line has no use. Take it out.",
    ),
    (
        KEY + 'confirm = "twice"\nhold = "3s"',
        "hold",
        "写了 confirm = 'twice'，这一行没有用。请删掉这一行。",
        "with confirm = 'twice' this line has no use. Take it out.",
    ),
    (
        'does = "stop"\nscript = "emergency/flood"\ndevice = "USB Keypad"\nkey = "f1"',
        "script",
        "写了 does = 'stop'，这一行没有用。请删掉这一行。",
        "with does = 'stop' this line has no use. Take it out.",
    ),
    (
        f"{KEY}[trigger.y]\n{KEY.replace('flood', 'fire')}",
        "key",
        "'f1' 在 [trigger.x] 里已经用了。一个键、一个引脚只能做一件事，请换一个。",
        "'f1' is used by [trigger.x] already. A key or a pin does one thing: choose another.",
    ),
    (
        'kind = "gpio"\nscript = "emergency/flood"\npin = 17\n[amplifier.horns]\nkind = "gpio"\npin = 17',
        "pin",
        "'17' 在 [amplifier.horns] 里已经用了。一个键、一个引脚只能做一件事，请换一个。",
        "'17' is used by [amplifier.horns] already. A key or a pin does one thing: choose another.",
    ),
]


@pytest.mark.parametrize(("text", "key", "zh", "en"), COMPLAINTS, ids=[case[0][-40:] for case in COMPLAINTS])
def test_every_slip_of_a_trigger_is_told_whole(text, key, zh, en):
    (complaint,) = parse_schedule(f"[trigger.x]\n{text}").complaints

    assert complaint.path in (f"trigger.x.{key}", f"trigger.y.{key}")
    assert (complaint.what.zh, complaint.what.en) == (zh, en)


def test_the_same_key_of_two_keypads_is_two_keys():
    assert len(triggers_of(f"[trigger.x]\n{KEY}[trigger.y]\n{KEY.replace('Keypad', 'Other')}")) == 2


def test_a_text_that_is_not_there_is_told_with_the_one_that_was_meant():
    schedule = parse_schedule('[trigger.x]\nscript = "emergency/flod"\ndevice = "USB Keypad"\nkey = "f1"').schedule
    (complaint,) = cross_check(
        schedule,
        scripts=["emergency/flood", "emergency/fire"],
        chimes=["siren", schedule.sound.chime],
        today=date(2026, 11, 24),
        falls_on=falls_on,
    )

    assert complaint.path == "trigger.x.script"
    assert complaint.what.zh == (
        "没有叫 'emergency/flod' 的稿件。是不是 'emergency/flood'？能写的有：emergency/fire、emergency/flood。"
    )
    assert complaint.what.en == (
        "there is no script called 'emergency/flod'. Did you mean 'emergency/flood'? "
        "Known: emergency/fire, emergency/flood."
    )
