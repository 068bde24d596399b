"""[output.NAME] and [zone.NAME] → where sound goes, and the names of places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import Channel, Codec, LevelSpan, OutputKind, OutputSettings, Zone
from broadcaster.model.words import Sentence
from broadcaster.schedule.addresses import CODECS_OF, address_of, control_of, password_of
from broadcaster.schedule.complaints import Complaints, shown, unknown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import EMPTY_LIST, Table, subtable
from broadcaster.schedule.values import Reader, choice, flag, length, name, number, plain, time_of_day, words

OUTPUT = Sentence("输出", "output")
OUTPUT_NAME = Sentence("输出的名字", "name of an output")
PROFILE = Sentence("喇叭类型", "profile")
ZONE_NAME = Sentence("片区的名字", "name of a zone")
KINDS = {kind.value: kind for kind in OutputKind}
CHANNELS = {channel.value: channel for channel in Channel}
CODECS = {codec.value: codec for codec in Codec}
NETWORK = (OutputKind.STREAM, OutputKind.SNAPCAST)
BELONGS_TO: dict[str, tuple[OutputKind, ...]] = {
    "channel": (OutputKind.SOUNDCARD,),
    "address": NETWORK,
    "codec": (OutputKind.STREAM,),
    "password": (OutputKind.STREAM,),
    "unicast": (OutputKind.STREAM,),
    "delay": NETWORK,
    "control": (OutputKind.SNAPCAST,),
    "clients": (OutputKind.SNAPCAST,),
}
LEVEL = number(-60, 12)
DEFAULT_CARDS = frozenset({"", "default", "pulse"})
ONLY_MONITORS = Sentence(
    "所有输出都是试听用的，村里什么也听不到。请给喇叭再写一个输出，或者去掉 monitor。",
    "every output is for trying only, so the village would hear nothing. Add an output for the horns, "
    "or take monitor out.",
)


def read_outputs(table: Table, complaints: Complaints) -> tuple[OutputSettings, ...]:
    """The outputs in the order of the file; one sound card called main when the file has none."""
    tables = named_tables(table, OUTPUT_NAME, complaints)
    outputs = [_output(own) for own in tables]
    if outputs and all(output.is_monitor for output in outputs):
        tables[0].complain("monitor", ONLY_MONITORS)
    for own, output in zip(tables, outputs, strict=True):
        horns = next((one for one in outputs if output.is_monitor and _may_be_one_card(output, one)), None)
        if horns is not None:
            own.complain("device", _on_the_horns(horns.name))
    return tuple(outputs) or (OutputSettings(name="main"),)


def _output(own: Table) -> OutputSettings:
    own.only(KEYS["output"])
    usual = OutputSettings(name=own.path.rpartition(".")[2])
    kind = own.read("kind", choice(Sentence("输出种类", "kind of output"), KINDS), usual.kind)
    _complain_of_strangers(own, kind)
    allows_unicast = own.read("unicast", flag, usual.allows_unicast)
    address = own.read("address", address_of(kind, allows_unicast=allows_unicast), usual.address)
    if kind in NETWORK and "address" not in own.values:
        own.complain("address", _no_address(kind))
    return OutputSettings(
        name=usual.name,
        kind=kind,
        device=own.read("device", _device, usual.device if kind is OutputKind.SOUNDCARD else ""),
        channel=own.read("channel", choice(Sentence("声道", "channel"), CHANNELS), usual.channel),
        address=address,
        codec=own.read("codec", _codec(address), usual.codec),
        password=own.read("password", password_of, usual.password),
        allows_unicast=allows_unicast,
        delay=own.read("delay", _delay, usual.delay),
        control=own.read("control", control_of, usual.control),
        clients=own.read_each("clients", words(100, may_be_empty=False), usual.clients)
        if own.values.get("clients") != []
        else (),
        level_db=own.read("level_db", LEVEL, usual.level_db),
        levels=own.read_each("levels", _level_span, usual.levels) if own.values.get("levels") != [] else (),
        is_muted=own.read("mute", flag, usual.is_muted),
        emergency_level_db=own.read("emergency_level_db", number(-20, 12), usual.emergency_level_db),
        listen=own.read("listen", _source, usual.listen),
        is_monitor=own.read("monitor", flag, usual.is_monitor),
    )


def _may_be_one_card(headphones: OutputSettings, horns: OutputSettings) -> bool:
    """Which card is the default one is for the system to say, today and when another is pulled out."""
    if horns.is_monitor or {headphones.kind, horns.kind} != {OutputKind.SOUNDCARD}:
        return False
    if headphones.device == horns.device or {headphones.device, horns.device} <= DEFAULT_CARDS:
        return {headphones.channel, horns.channel} != {Channel.LEFT, Channel.RIGHT}
    return headphones.device in DEFAULT_CARDS


def _on_the_horns(horns: str) -> Sentence:
    return Sentence(
        f"试听的声音会从喇叭“{horns}”的声卡出来，或者说不准。请写耳机那块声卡的名字，例如 device = 'pulse:headset'。",
        f"what is tried would be heard, or might be, on the card of the horns {horns!r}. Name the card of the "
        "headphones, for example device = 'pulse:headset'.",
    )


def _complain_of_strangers(own: Table, kind: OutputKind) -> None:
    """A key of another kind of output was meant for that kind."""
    for key, kinds in BELONGS_TO.items():
        has_a_value = own.values.get(key) not in (None, "", [], False, Channel.BOTH.value)
        if has_a_value and kind not in kinds:
            listed = "、".join(f"'{one.value}'" for one in kinds)
            english = " or ".join(f"'{one.value}'" for one in kinds)
            own.complain(
                key,
                Sentence(
                    f"这一行只用于 {listed}，这个输出是 '{kind.value}'。请改 kind，或者删掉这一行。",
                    f"this line is for {english} only, and this output is a '{kind.value}'. "
                    "Change its kind, or take the line out.",
                ),
            )


def _no_address(kind: OutputKind) -> Sentence:
    example = "icecast://192.168.1.10:8000/village" if kind is OutputKind.STREAM else "tcp://127.0.0.1:4953"
    return Sentence(
        f"没有写地址。请写一行 address，例如 '{example}'。",
        f"there is no address. Write one, for example address = '{example}'.",
    )


def _codec(address: str) -> Reader[Codec | None]:
    known = {codec.value: codec for codec in CODECS_OF.get(address.partition(":")[0], tuple(Codec))}
    read = choice(Sentence("编码", "codec"), known)
    return lambda value: None if value == "" else read(value)


def _delay(value: object) -> timedelta | Sentence | None:
    return None if value == "" else length("0s", "30s")(value)


def _level_span(value: object) -> LevelSpan | Sentence:
    found = re.fullmatch(
        r"(\S+?)\s*(?:-|–|~|至|到)\s*(\S+)\s+(-?\d{1,2}(?:\.\d{1,2})?)\s*(?:dB|db|分贝)?", _text(value)
    )
    if found is not None:
        start, end, level_db = time_of_day(found[1]), time_of_day(found[2]), LEVEL(float(found[3]))
        if not isinstance(start, Sentence) and not isinstance(end, Sentence) and not isinstance(level_db, Sentence):
            return LevelSpan(QuietHours(start, end), level_db)
    return Sentence(
        f"{shown(value)} 不行。请写一段时间和 -60 到 12 的分贝数，例如 '07:00-09:00 -6'。",
        f"{shown(value)} will not do. Write a span of time and decibels from -60 to 12, for example '07:00-09:00 -6'.",
    )


def _text(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""


def _device(value: object) -> str | Sentence:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and re.fullmatch(r"\d+|(?:plug)?hw:\d.*", plain(value)) is not None):
        return Sentence(
            f"{shown(value)} 是编号，停电以后编号会变。请写声卡的名字，例如 'default'。",
            f"{shown(value)} is a number, and numbers change after a power cut. "
            "Write the name of the sound card, for example 'default'.",
        )
    return words(200)(value)


def _source(value: object) -> str | Sentence:
    return "" if value == "" else _device(value)


def horns_of(outputs: Iterable[OutputSettings]) -> tuple[str, ...]:
    """The names of the outputs that the village hears: all but those for trying."""
    return tuple(output.name for output in outputs if not output.is_monitor)


def read_zones(
    table: Table, given: tuple[OutputSettings, ...], profiles: tuple[str, ...], complaints: Complaints
) -> tuple[Zone, ...]:
    """The zones in the order of the file. ``all`` is always there: every horn, unless the file says otherwise."""
    zones: list[Zone] = []
    outputs = horns_of(given)
    monitors = {output.name for output in given} - set(outputs)
    for own in named_tables(table, ZONE_NAME, complaints):
        own.only(KEYS["zone"])
        if "outputs" not in own.values:
            own.complain("outputs", EMPTY_LIST)
        names = own.read_each("outputs", words(100), ())
        for one in names:
            if one in monitors:
                own.complain("outputs", _is_a_monitor(one))
            elif one not in outputs:
                own.complain("outputs", unknown(OUTPUT, one, outputs))
        horns = tuple(dict.fromkeys(one for one in names if one not in monitors))
        zone = Zone(name=own.path.rpartition(".")[2], outputs=horns, profile=_profile(own, profiles))
        _complain_of_two_profiles(own, zone, zones)
        zones.append(zone)
    if all(zone.name != "all" for zone in zones):
        zones.append(Zone(name="all", outputs=outputs))
    return tuple(zones)


def _is_a_monitor(name: str) -> Sentence:
    return Sentence(
        f"输出“{name}”是试听用的（monitor = true），不能放进片区。请从这里去掉，或者去掉它的 monitor。",
        f"the output {name!r} is for trying only (monitor = true) and cannot be in a zone. "
        "Take it out here, or take its monitor out.",
    )


def _profile(own: Table, profiles: tuple[str, ...]) -> str:
    given = own.read("profile", words(60), "")
    if given and given not in profiles:
        own.complain("profile", unknown(PROFILE, given, profiles))
    return given


def _complain_of_two_profiles(own: Table, zone: Zone, zones: list[Zone]) -> None:
    """The horns behind an output are near or far whatever zone they are called by."""
    for other in zones:
        shared = [output for output in zone.outputs if output in other.outputs]
        if zone.profile and other.profile and zone.profile != other.profile and shared:
            own.complain(
                "profile",
                Sentence(
                    f"输出“{shared[0]}”在片区“{other.name}”里已经用“{other.profile}”，不能又用“{zone.profile}”。"
                    "请改成一样的，或者删掉一个。",
                    f"the output {shared[0]!r} already has the profile {other.profile!r} in the zone {other.name!r} "
                    f"and cannot have {zone.profile!r}, too. Make them the same, or take one out.",
                ),
            )


def named_tables(table: Table, kind: Sentence, complaints: Complaints) -> list[Table]:
    """The tables ``[zone.NAME]`` of ``[zone]`` whose names can be used."""
    tables = []
    for key in table.values:
        found = name(kind)(key)
        if isinstance(found, Sentence):
            table.complain(key, found)
        elif isinstance(table.values[key], dict):
            tables.append(subtable(table, key, complaints))
        else:
            head = f"[{table.path}.NAME]"
            table.complain(
                key,
                Sentence(
                    f"{shown(table.values[key])} 的位置不对。请先写一行 {head}（NAME 换成名字），再把这一行写在下面。",
                    f"{shown(table.values[key])} is in the wrong place. Write {head} with a name of your own first, "
                    "and this line below it.",
                ),
            )
    return tables
