"""voices: what can speak on this machine, and why something else cannot. Each that can says a sentence into a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from broadcaster.clips import wav_bytes
from broadcaster.commands.offline import open_desk
from broadcaster.commands.words import print_json
from broadcaster.durable import write_durably
from broadcaster.errors import Refused, VoiceFailed
from broadcaster.home import Home
from broadcaster.model.clip import CLIP_RATE_HZ, ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Voice
from broadcaster.render.pipeline import render
from broadcaster.sounds import SoundFolder
from broadcaster.station.voicedesk import TEST_SENTENCE
from broadcaster.voices.choose import ENGINES, open_voice
from broadcaster.voices.present import missing_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one voice."""

    name: str
    """As the timetable calls it; the engine's own name for one that it does not use."""
    engine: str
    voice: str
    works: bool
    why: str = ""
    why_en: str = ""
    file: str = ""
    seconds: float = 0.0


def voices(args: argparse.Namespace) -> int:
    """Exit 1 when the first of them cannot speak: the station's own, or the one that was asked for."""
    home = Home(args.home)
    out = args.out or home.var / "voices"
    tried = []
    for settings in _asked(args.tried) if args.tried else _known(home):
        tried.append(_try(settings, home, out))
        if not args.json:
            _show(tried[-1])
    if args.json:
        print_json([asdict(one) for one in tried])
    return 0 if tried[0].works else 1


def _asked(tried: list[str]) -> Iterator[VoiceSettings]:
    for one in tried:
        engine, _, voice = one.partition(":")
        yield VoiceSettings(name=one, engine=engine, voice=voice)


def _known(home: Home) -> Iterator[VoiceSettings]:
    """The station's voices, then the engines that none of them uses."""
    try:
        with open_desk(home) as desk:
            own = desk.books.schedule.voices
    except Refused:
        own = (VoiceSettings(),)
    yield from own
    used = {voice.engine for voice in own}
    yield from (VoiceSettings(name=engine, engine=engine) for engine in ENGINES if engine not in used)


def _try(settings: VoiceSettings, home: Home, out: Path) -> Tried:
    found = Tried(name=settings.name, engine=settings.engine, voice=settings.voice, works=False)
    missing = missing_engine(settings.engine)
    if missing is not None:
        return replace(found, why=missing.zh, why_en=missing.en)
    try:
        voice = open_voice(settings, home.root)
        try:
            clip, seconds = _spoken(voice, settings)
        finally:
            voice.close()
    except VoiceFailed as error:
        return replace(found, why=error.sentence.zh, why_en=error.sentence.en)
    file = out / f"{settings.name.replace(':', '-').replace('/', '-')}.wav"
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_durably(file, wav_bytes(clip))
    except OSError as error:
        raise Refused(
            Sentence(
                f"不能写“{file}”：{error.strerror or error}。",
                f"{str(file)!r} cannot be written: {error.strerror or error}.",
            )
        ) from error
    return replace(found, voice=voice.name, works=True, file=str(file), seconds=round(seconds, 1))


def _spoken(voice: Voice, settings: VoiceSettings) -> tuple[bytes, float]:
    """The test sentence as a station would air it, without a chime."""
    order = ClipOrder(texts=(TEST_SENTENCE,), voices=(settings,), sound=SoundSettings())
    done = render(order, voices=((settings, voice),), sounds=SoundFolder(Path()))
    return done.samples, len(np.frombuffer(done.samples, dtype="<i2")) / CLIP_RATE_HZ


def _show(one: Tried) -> None:
    if one.works:
        print(f"✓ {one.name}：{one.voice}，{one.seconds:.1f} 秒 → {one.file}")
        print(f"  works; {one.seconds:.1f} s of it are in the file")
    else:
        shown = f"{one.engine}:{one.voice}".rstrip(":")
        print(f"✗ {one.name}（{shown}）：{one.why}")
        print(f"  {one.why_en}")
