"""The names of engines in the timetable → voices, in the order in which they are tried."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence

from broadcaster.errors import VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Voice
from broadcaster.voices.espeak_command import VOICE, EspeakCommandVoice
from broadcaster.voices.pyttsx3_voice import Pyttsx3Voice

BROKEN = re.compile(r"^(sit/)?(cmn|zh|mb[-/].*|.*mbrola.*)$")
"""``cmn`` says three of four hanzi wrong on espeak-ng 1.51; mbrola's cn1 is broken as packaged."""

ENGINES: dict[str, Callable[[VoiceSettings], Voice]] = {
    "pyttsx3": lambda settings: Pyttsx3Voice(settings.voice),
    "espeak-ng": lambda settings: EspeakCommandVoice(),
}


def open_voice(settings: VoiceSettings) -> Voice:
    """The voice of *settings*. Raises VoiceFailed, in words, for what is known not to speak Mandarin."""
    engine = ENGINES.get(settings.engine)
    if engine is None:
        raise VoiceFailed(
            Sentence(
                f"没有叫“{settings.engine}”的语音引擎。有：{'、'.join(ENGINES)}。",
                f"there is no engine called {settings.engine!r}. Known: {', '.join(ENGINES)}.",
            )
        )
    if BROKEN.match(settings.voice.lower()):
        raise VoiceFailed(
            Sentence(
                f"声音“{settings.voice}”念普通话会念错，不能用。请不写 voice，用 {VOICE}。",
                f"the voice {settings.voice!r} is known to misread Mandarin. Leave voice out, to use {VOICE}.",
            )
        )
    return engine(settings)


def open_voices(settings: Sequence[VoiceSettings]) -> list[tuple[VoiceSettings, Voice]]:
    """Those that can be opened, in order. Raises VoiceFailed when none can."""
    opened: list[tuple[VoiceSettings, Voice]] = []
    last: VoiceFailed | None = None
    for one in settings:
        try:
            opened.append((one, open_voice(one)))
        except VoiceFailed as error:
            last = error
    if not opened:
        raise last or VoiceFailed(Sentence("没有设置声音。", "no voice is set."))
    return opened


def speaks_mandarin() -> bool:
    """Whether espeak-ng on this machine says numbered pinyin without switching to English."""
    if shutil.which("espeak-ng") is None:
        return False
    line = ["espeak-ng", "-v", VOICE, "-q", "-x", "ni3 hao3 xiang1 qin1 men5"]
    try:
        said = subprocess.run(line, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return "(en)" not in said and len(said.split()) >= 5
