"""[voice] and [voice.NAME] → voices."""

from __future__ import annotations

from dataclasses import replace

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import Complaints
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.places import below_home, service, variable
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
    if engine != usual.engine:  # what belongs to one engine means nothing to another
        usual = VoiceSettings(name=usual.name, rate=usual.rate, fallback=usual.fallback)
    voice = VoiceSettings(
        name=usual.name,
        engine=engine,
        rate=table.read("rate", whole(60, 300), usual.rate),
        voice=table.read("voice", words(200), usual.voice),
        model=table.read("model", words(200) if engine == "http" else below_home, usual.model),
        speaker=table.read("speaker", whole(0, 9999), usual.speaker),
        url=table.read("url", service, usual.url),
        token_env=table.read("token_env", variable, usual.token_env),
        token_file=table.read("token_file", below_home, usual.token_file),
        fallback=_fallback(table, usual.fallback),
    )
    _warn_of_what_is_missing(table, voice)
    return voice


def _warn_of_what_is_missing(table: Table, voice: VoiceSettings) -> None:
    """A voice without these is never heard, but another is: no reason to keep the old timetable."""
    needed = {"sherpa-onnx": "model", "piper": "model", "http": "url"}.get(voice.engine, "")
    if needed and not getattr(voice, needed):
        table.warn(
            needed,
            Sentence(
                f"引擎 '{voice.engine}' 一定要写 {needed}，没有它这个声音用不了，会换备用的。",
                f"the engine '{voice.engine}' needs {needed}; without it this voice is not heard, and a spare one is.",
            ),
        )
    if voice.token_env and voice.token_file:
        table.warn(
            "token_file",
            Sentence(
                "已经写了 token_env，这一行不看。请只留一个。",
                "token_env is set, so this line is not looked at. Keep only one of them.",
            ),
        )


def _fallback(table: Table, usual: tuple[str, ...]) -> tuple[str, ...]:
    if table.values.get("fallback") == []:
        return ()
    return table.read_each("fallback", words(60, may_be_empty=False), usual)
