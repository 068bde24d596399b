"""The names of engines in the timetable → voices, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from broadcaster.errors import VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Voice
from broadcaster.voices.espeak_command import EspeakCommandVoice
from broadcaster.voices.mandarin import why_not_espeak
from broadcaster.voices.pyttsx3_voice import Pyttsx3Voice

ENGINES: dict[str, Callable[[VoiceSettings], Voice]] = {
    "pyttsx3": lambda settings: Pyttsx3Voice(settings.voice),
    "espeak-ng": lambda settings: EspeakCommandVoice(settings.voice),
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
    broken = why_not_espeak(settings.voice)
    if broken is not None:
        raise VoiceFailed(broken)
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
