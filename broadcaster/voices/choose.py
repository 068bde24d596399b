"""The names of engines in the timetable → voices, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from broadcaster.errors import VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Voice
from broadcaster.voices.espeak_command import EspeakCommandVoice
from broadcaster.voices.http_voice import HttpVoice
from broadcaster.voices.mandarin import why_not_espeak
from broadcaster.voices.piper_voice import PiperVoice
from broadcaster.voices.pyttsx3_voice import IS_LINUX, Pyttsx3Voice
from broadcaster.voices.sherpa_voice import SherpaVoice

Opens = Callable[[VoiceSettings, Path], Voice]

ENGINES: dict[str, Opens] = {
    "pyttsx3": lambda settings, home: Pyttsx3Voice(settings.voice),
    "espeak-ng": lambda settings, home: EspeakCommandVoice(settings.voice),
    "sherpa-onnx": lambda settings, home: SherpaVoice(settings, home=home),
    "piper": lambda settings, home: PiperVoice(settings, home=home),
    "http": lambda settings, home: HttpVoice(settings, home=home),
}


def open_voice(settings: VoiceSettings, home: Path) -> Voice:
    """The voice of *settings*. Raises VoiceFailed, in words, for what is not there or known not to speak Mandarin."""
    engine = ENGINES.get(settings.engine)
    if engine is None:
        raise VoiceFailed(
            Sentence(
                f"没有叫“{settings.engine}”的语音引擎。有：{'、'.join(ENGINES)}。",
                f"there is no engine called {settings.engine!r}. Known: {', '.join(ENGINES)}.",
            )
        )
    broken = why_not(settings)
    if broken is not None:
        raise VoiceFailed(broken)
    return engine(settings, home)


def why_not(settings: VoiceSettings) -> Sentence | None:
    """Why a pairing of engine and voice must not be used, whatever is installed; None: it may."""
    if settings.engine == "espeak-ng" or (settings.engine == "pyttsx3" and IS_LINUX):
        return why_not_espeak(settings.voice)
    needed = {"sherpa-onnx": "model", "piper": "model", "http": "url"}.get(settings.engine)
    if needed and not getattr(settings, needed):
        return Sentence(
            f"引擎“{settings.engine}”一定要写 {needed}。", f"the engine {settings.engine!r} needs {needed}."
        )
    return None


class OpenVoices:
    """The voices of one process, each opened once, whatever the rates at which it speaks."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._opened: dict[VoiceSettings, Voice] = {}

    def of(self, settings: Sequence[VoiceSettings]) -> list[tuple[VoiceSettings, Voice]]:
        """Those that can be opened, in order. Raises VoiceFailed when none can."""
        found: list[tuple[VoiceSettings, Voice]] = []
        last: VoiceFailed | None = None
        for one in settings:
            try:
                found.append((one, self._open(one)))
            except VoiceFailed as error:
                last = error
        if not found:
            raise last or VoiceFailed(Sentence("没有设置声音。", "no voice is set."))
        return found

    def close(self) -> None:
        for voice in self._opened.values():
            voice.close()
        self._opened.clear()

    def _open(self, settings: VoiceSettings) -> Voice:
        speaks_as = replace(settings, name="", rate=VoiceSettings().rate, fallback=())
        if speaks_as not in self._opened:
            self._opened[speaks_as] = open_voice(settings, self._home)
        return self._opened[speaks_as]
