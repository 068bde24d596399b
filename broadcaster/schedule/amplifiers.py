"""[amplifier.NAME] → what switches the power of some horns, by a command, a pin, a relay or a message."""

from __future__ import annotations

import re
from datetime import timedelta

from broadcaster.model.outputs import AmplifierKind, AmplifierSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.addresses import broker_of, password_of
from broadcaster.schedule.complaints import Complaints, shown, unknown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.outputs import OUTPUT, named_tables
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import Reader, choice, flag, length, plain, whole, words

AMPLIFIER_NAME = Sentence("功放的名字", "name of an amplifier")
LONGEST = timedelta(hours=4)
KINDS = {kind.value: kind for kind in AmplifierKind}
NEEDED = {
    AmplifierKind.COMMAND: ("on", "off"),
    AmplifierKind.GPIO: ("pin",),
    AmplifierKind.RELAY: ("port",),
    AmplifierKind.MQTT: ("address",),
}
USED = {
    AmplifierKind.COMMAND: {"on", "off"},
    AmplifierKind.GPIO: {"pin", "inverted"},
    AmplifierKind.RELAY: {"port", "on", "off"},
    AmplifierKind.MQTT: {"address", "on", "off", "user", "password"},
}
USUAL_WORDS = {
    AmplifierKind.RELAY: {"on": "A0 01 01 A2", "off": "A0 01 00 A1"},
    AmplifierKind.MQTT: {"on": "ON", "off": "OFF"},
}
"""The first relay of the cheapest USB boards, and what most network relays understand."""
EXAMPLES = {
    "on": "['/usr/local/bin/relay', 'on']",
    "off": "['/usr/local/bin/relay', 'off']",
    "pin": "17",
    "port": "'/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'",
    "address": "'mqtt://127.0.0.1:1883/village/amplifier'",
}


def read_amplifiers(
    table: Table, outputs: tuple[str, ...], lead: timedelta, complaints: Complaints
) -> tuple[AmplifierSettings, ...]:
    """The amplifiers in the order of the file; *lead*: how long before and after, where one does not say it."""
    return tuple(_amplifier(own, outputs, lead) for own in named_tables(table, AMPLIFIER_NAME, complaints))


def _amplifier(own: Table, outputs: tuple[str, ...], lead: timedelta) -> AmplifierSettings:
    own.only(KEYS["amplifier"])
    kind = own.read("kind", choice(Sentence("功放开关", "kind of switch"), KINDS), AmplifierKind.COMMAND)
    _complain_of_what_does_not_fit(own, kind)
    names = own.read_each("outputs", words(100), outputs)
    for given in names:
        if given not in outputs:
            own.complain("outputs", unknown(OUTPUT, given, outputs))
    return AmplifierSettings(
        name=own.path.rpartition(".")[2],
        kind=kind,
        outputs=tuple(dict.fromkeys(names)),
        on=_words(own, "on", kind),
        off=_words(own, "off", kind),
        pin=own.read("pin", whole(0, 63), 0),
        is_inverted=own.read("inverted", flag, False),
        port=own.read("port", _port, ""),
        address=own.read("address", broker_of, ""),
        user=own.read("user", words(100), ""),
        password=own.read("password", password_of, ""),
        lead=own.read("lead", length("0s", "60s"), lead),
        tail=own.read("tail", length("0s", "10m"), lead),
        longest=own.read("longest", length("1m", "24h"), LONGEST),
    )


def _complain_of_what_does_not_fit(own: Table, kind: AmplifierKind) -> None:
    for key in NEEDED[kind]:
        if key not in own.values:
            own.complain(
                key,
                Sentence(
                    f"没有写。'{kind.value}' 要一行 {key}，例如 {key} = {EXAMPLES[key]}。",
                    f"it is missing. '{kind.value}' needs it, for example {key} = {EXAMPLES[key]}.",
                ),
            )
    for key in sorted(set().union(*USED.values()) - USED[kind]):
        if key in own.values:
            kinds = [f"'{one.value}'" for one in AmplifierKind if key in USED[one]]
            own.complain(
                key,
                Sentence(
                    f"这一行只用于 {'、'.join(kinds)}，这个功放是 '{kind.value}'。请改 kind，或者删掉这一行。",
                    f"this line is for {' or '.join(kinds)} only, and this amplifier is switched by "
                    f"'{kind.value}'. Change its kind, or take the line out.",
                ),
            )


def _words(own: Table, key: str, kind: AmplifierKind) -> tuple[str, ...]:
    match kind:
        case AmplifierKind.COMMAND:
            return own.read_each(key, words(400, may_be_empty=False), ())
        case AmplifierKind.RELAY:
            return (own.read(key, _bytes, USUAL_WORDS[kind][key]),)
        case AmplifierKind.MQTT:
            return (own.read(key, words(200, may_be_empty=False), USUAL_WORDS[kind][key]),)
        case AmplifierKind.GPIO:
            return ()


def _bytes(value: object) -> str | Sentence:
    text = plain(value) if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9A-Fa-f]{2}(?:\s*[0-9A-Fa-f]{2}){0,63}", text) is not None:
        return text
    return Sentence(
        f"{shown(value)} 不是一串字节。请照继电器的说明书写十六进制，例如 'A0 01 01 A2'。",
        f"{shown(value)} is no row of bytes. Write them in hexadecimal, as the relay's maker gives them, "
        "for example 'A0 01 01 A2'.",
    )


_port_words: Reader[str] = words(200, may_be_empty=False)


def _port(value: object) -> str | Sentence:
    text = _port_words(value)
    if isinstance(text, str) and text.startswith("/"):
        return text
    return Sentence(
        f"{shown(value)} 不是串口。请写完整的路径，例如 {EXAMPLES['port']}。",
        f"{shown(value)} is no serial port. Write its whole path, for example {EXAMPLES['port']}.",
    )
