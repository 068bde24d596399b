"""piper, an optional engine that stays a program of its own: it is GPL, and is only started, never imported.

A Chinese model of piper's was trained on what espeak-ng says, and piper would let espeak-ng read hanzi. Its voice of
numbered pinyin has the same phonemes, so the model is given a copy of its config that names this voice.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Phrase
from broadcaster.voices.checked import failed
from broadcaster.voices.kept_voice import VoiceUnfit
from broadcaster.voices.mandarin import PINYIN_VOICE
from broadcaster.voices.paced_voice import PacedEngine, PacedVoice
from broadcaster.voices.pinyin_text import espeak_text

_WROTE = re.compile(r"Wrote (.+\.wav)\s*$")
_MANDARIN = ("cmn", "zh", "cmn-latn-pinyin")


PIPER_MISSING = Sentence(
    "没有安装 piper。请运行：.venv/bin/python -m pip install piper-tts。",
    "piper is not installed. Run: .venv/bin/python -m pip install piper-tts.",
)


class PiperEngine(PacedEngine):
    """``piper`` reading lines and writing a file for each."""

    answers_on_stderr = True

    def __init__(self, program: Sequence[str], model: Path, config: dict[str, Any], speaker: int) -> None:
        self._program, self._model, self._config, self._speaker = program, model, config, speaker
        self.name = f"piper:{model.stem}"[:60]

    def command(self, rate: int, folder: Path) -> Sequence[str]:
        model = folder / "model.onnx"
        if not model.exists():
            model.symlink_to(self._model)
            model.with_name("model.onnx.json").write_text(json.dumps(self._config), encoding="utf-8")
        scale = f"{1 / self.speed:.3f}"
        line = [*self._program, "-m", str(model), "-d", str(folder), "--length-scale", scale]
        return [*line, "-s", str(self._speaker)] if self._config.get("num_speakers", 1) > 1 else line

    def order(self, phrase: Phrase, rate: int, file: Path) -> str:
        return espeak_text(phrase.syllables)

    def answered(self, line: str, file: Path) -> bool:
        found = _WROTE.search(line)
        if found is None:
            return False
        written = Path(found[1])
        if written.parent.resolve() != file.parent.resolve():
            raise failed("piper 把文件写到别处去了", "piper wrote its file elsewhere")
        written.replace(file)
        return True


class PiperVoice(PacedVoice):
    """Voice through piper. Raises VoiceUnfit when piper or its model is not there, or is not for Mandarin."""

    def __init__(self, settings: VoiceSettings, *, home: Path, folder: Path | None = None) -> None:
        program = piper_program()
        if program is None:
            raise VoiceUnfit(PIPER_MISSING)
        model = (home / settings.model).resolve()
        config = read_config(model, settings.model)
        super().__init__(PiperEngine(program, model, config, settings.speaker), folder=folder)


def piper_program() -> Sequence[str] | None:
    """How piper is started here; None: it is not installed."""
    if importlib.util.find_spec("piper") is not None:
        return (sys.executable, "-m", "piper")
    found = shutil.which("piper-tts")
    return (found,) if found else None


def read_config(model: Path, name: str) -> dict[str, Any]:
    """The model's config, with the voice of numbered pinyin in it. Raises VoiceUnfit."""
    beside = model.with_name(f"{model.name}.json")
    try:
        config = json.loads(beside.read_text(encoding="utf-8"))
        reads, voice = config.get("phoneme_type", "espeak"), config["espeak"]["voice"]
        if not model.is_file():
            raise OSError("no file")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceUnfit(
            Sentence(
                f"读不了 piper 的模型“{name}”。要有 {model.name} 和 {beside.name} 两个文件。",
                f"the piper model {name!r} cannot be read. There must be {model.name} and {beside.name}.",
            )
        ) from error
    if reads != "espeak" or voice not in _MANDARIN:
        what = voice if reads == "espeak" else reads
        raise VoiceUnfit(
            Sentence(
                f"piper 的模型“{name}”是“{what}”的，念不了普通话拼音。请用 espeak 音素的中文模型，例如 zh_CN-huayan。",
                f"the piper model {name!r} is one of {what!r} and cannot speak pinyin. "
                "Use a Chinese model with phonemes of espeak, for example zh_CN-huayan.",
            )
        )
    return {**config, "espeak": {"voice": PINYIN_VOICE}}
