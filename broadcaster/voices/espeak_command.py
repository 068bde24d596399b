"""The command ``espeak-ng``: a second engine that shares no process and no library with the first."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.ports import Phrase
from broadcaster.voices.checked import failed, read_speech
from broadcaster.voices.pinyin_text import espeak_text
from broadcaster.voices.pyttsx3_voice import engine_rate

if TYPE_CHECKING:
    from broadcaster.ports import Samples

VOICE = "cmn-latn-pinyin"


class EspeakCommandVoice:
    """Voice through ``espeak-ng -w``, a process for each phrase."""

    name = f"espeak-ng:{VOICE}"

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        text, characters = espeak_text(phrase.syllables), len(phrase.syllables)
        if not characters:
            raise failed("没有可念的字", "nothing to say")
        with tempfile.TemporaryDirectory(prefix="voice-") as folder:
            file = Path(folder) / "speech.wav"
            line = ["espeak-ng", "-v", VOICE, "-s", str(engine_rate(rate)), "-w", str(file), "--stdin"]
            try:
                subprocess.run(
                    line, input=text, text=True, capture_output=True, timeout=5 + 0.1 * characters, check=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise failed(f"espeak-ng 命令出错（{error}）", f"the command espeak-ng failed ({error})") from error
            return read_speech(file, characters, rate)

    def close(self) -> None:
        pass
