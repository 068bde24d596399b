"""[voice] and [voice.NAME] → voices."""

from __future__ import annotations

from dataclasses import replace

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import Table, subtable
from broadcaster.schedule.values import name, whole, words

VOICE_NAME = Sentence("声音的名字", "name of a voice")


def read_voices(table: Table, complaints: Complaints) -> tuple[VoiceSettings, ...]:
    """The default first. A named voice takes from [voice] what it does not say itself."""
    named = {key: value for key, value in table.values.items() if isinstance(value, dict) and key not in KEYS["voice"]}
    Table(table.path, {key: table.values[key] for key in table.values.keys() - named}, complaints).only(KEYS["voice"])
    default = _voice(table, VoiceSettings())
    voices = [default]
    for key in named:
        found = name(VOICE_NAME)(key)
        if isinstance(found, Sentence):
            table.complain(key, found)
        elif key == default.name:
            head = Sentence(
                "'default' 就是 [voice] 那一段。请把这几行写到 [voice] 下面。",
                "'default' is the voice of [voice]. Move these lines below [voice].",
            )
            table.complain(key, head)
        else:
            own = subtable(table, key, complaints)
            own.only(KEYS["voice"])
            voices.append(_voice(own, replace(default, name=key)))
    return tuple(voices)


def _voice(table: Table, usual: VoiceSettings) -> VoiceSettings:
    engine = table.read("engine", words(60, may_be_empty=False), usual.engine)
    return VoiceSettings(
        name=usual.name,
        engine=engine,
        rate=table.read("rate", whole(60, 300), usual.rate),
        voice=table.read("voice", words(200), usual.voice if engine == usual.engine else ""),
        fallback=_fallback(table, usual.fallback),
    )


def _fallback(table: Table, usual: tuple[str, ...]) -> tuple[str, ...]:
    if table.values.get("fallback") == []:
        return ()
    return table.read_each("fallback", words(60, may_be_empty=False), usual)
