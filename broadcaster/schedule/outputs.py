"""[output.NAME] and [zone.NAME] → where sound goes, and the names of places."""

from __future__ import annotations

import re

from broadcaster.model.timetable import OutputKind, OutputSettings, Zone
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints, shown, unknown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import EMPTY_LIST, Table, subtable
from broadcaster.schedule.values import choice, name, number, plain, words

OUTPUT = Sentence("输出", "output")
OUTPUT_NAME = Sentence("输出的名字", "name of an output")
ZONE_NAME = Sentence("片区的名字", "name of a zone")


def read_outputs(table: Table, complaints: Complaints) -> tuple[OutputSettings, ...]:
    """The outputs in the order of the file; one sound card called main when the file has none."""
    outputs = []
    for own in _named_tables(table, OUTPUT_NAME, complaints):
        own.only(KEYS["output"])
        usual = OutputSettings(name=own.path.rpartition(".")[2])
        kind = own.read(
            "kind", choice(Sentence("输出种类", "kind of output"), {k.value: k for k in OutputKind}), usual.kind
        )
        outputs.append(
            OutputSettings(
                name=usual.name,
                kind=kind,
                device=own.read("device", _device, usual.device if kind is OutputKind.SOUNDCARD else ""),
                level_db=own.read("level_db", number(-60, 12), usual.level_db),
            )
        )
    return tuple(outputs) or (OutputSettings(name="main"),)


def _device(value: object) -> str | Sentence:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and re.fullmatch(r"\d+|(?:plug)?hw:\d.*", plain(value)) is not None):
        return Sentence(
            f"{shown(value)} 是编号，停电以后编号会变。请写声卡的名字，例如 'default'。",
            f"{shown(value)} is a number, and numbers change after a power cut. "
            "Write the name of the sound card, for example 'default'.",
        )
    return words(200)(value)


def read_zones(table: Table, outputs: tuple[str, ...], complaints: Complaints) -> tuple[Zone, ...]:
    """The zones in the order of the file. ``all`` is always there: every output, unless the file says otherwise."""
    zones = []
    for own in _named_tables(table, ZONE_NAME, complaints):
        own.only(KEYS["zone"])
        if "outputs" not in own.values:
            own.complain("outputs", EMPTY_LIST)
        names = own.read_each("outputs", words(100), ())
        for given in names:
            if given not in outputs:
                own.complain("outputs", unknown(OUTPUT, given, outputs))
        zones.append(Zone(name=own.path.rpartition(".")[2], outputs=tuple(dict.fromkeys(names))))
    if all(zone.name != "all" for zone in zones):
        zones.append(Zone(name="all", outputs=outputs))
    return tuple(zones)


def _named_tables(table: Table, kind: Sentence, complaints: Complaints) -> list[Table]:
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
