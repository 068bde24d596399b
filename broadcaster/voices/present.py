"""An engine or a voice → what would have to be installed or set before it can speak here. Nothing is opened."""

from __future__ import annotations

import importlib.util

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.voices.choose import ENGINES, why_not
from broadcaster.voices.piper_voice import PIPER_MISSING, piper_program
from broadcaster.voices.sherpa_voice import SHERPA_MISSING


def missing_engine(engine: str) -> Sentence | None:
    """What would have to be installed first; None: it is there, or nothing is needed."""
    if engine == "sherpa-onnx" and importlib.util.find_spec("sherpa_onnx") is None:
        return SHERPA_MISSING
    return PIPER_MISSING if engine == "piper" and piper_program() is None else None


def missing(settings: VoiceSettings) -> Sentence | None:
    """The same of a voice, with what it has to be told; None: only listening can say more."""
    if settings.engine not in ENGINES:
        known = "、".join(ENGINES)
        return Sentence(
            f"没有叫“{settings.engine}”的语音引擎。有：{known}。",
            f"there is no engine called {settings.engine!r}. Known: {', '.join(ENGINES)}.",
        )
    return missing_engine(settings.engine) or why_not(settings)
