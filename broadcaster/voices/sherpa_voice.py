"""sherpa-onnx, an optional engine: a VITS model of Mandarin in a folder below the home."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Phrase
from broadcaster.voices.kept_voice import VoiceUnfit, read_answer
from broadcaster.voices.paced_voice import PacedEngine, PacedVoice

SHERPA_MISSING = Sentence(
    "没有安装 sherpa-onnx。请运行：.venv/bin/python -m pip install sherpa-onnx。",
    "sherpa-onnx is not installed. Run: .venv/bin/python -m pip install sherpa-onnx.",
)


class SherpaEngine(PacedEngine):
    """The worker of ``broadcaster.voices.sherpa_worker``."""

    def __init__(self, model: Path, speaker: int) -> None:
        self._model, self._speaker = model, speaker
        self.name = f"sherpa-onnx:{model.name}"[:60]

    def command(self, rate: int, folder: Path) -> Sequence[str]:
        return (sys.executable, "-m", "broadcaster.voices.sherpa_worker", str(self._model), str(self._speaker))

    def order(self, phrase: Phrase, rate: int, file: Path) -> str:
        chars = [one.char for one in phrase.syllables]
        pinyin = [one.pinyin for one in phrase.syllables]
        return json.dumps({"chars": chars, "pinyin": pinyin, "speed": self.speed, "file": str(file)})

    def answered(self, line: str, file: Path) -> bool:
        return read_answer(line)


class SherpaVoice(PacedVoice):
    """Voice through sherpa-onnx. Raises VoiceUnfit when the package is not installed."""

    def __init__(self, settings: VoiceSettings, *, home: Path, folder: Path | None = None) -> None:
        if importlib.util.find_spec("sherpa_onnx") is None:
            raise VoiceUnfit(SHERPA_MISSING)
        model = (home / settings.model).resolve()
        if not model.is_dir():
            raise VoiceUnfit(
                Sentence(f"没有模型文件夹“{settings.model}”。", f"there is no model folder {settings.model!r}.")
            )
        super().__init__(SherpaEngine(model, settings.speaker), folder=folder)
