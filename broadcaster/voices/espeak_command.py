"""The command ``espeak-ng``: a second engine that shares no process and no library with the first."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.ports import Phrase
from broadcaster.voices.checked import failed, read_speech
from broadcaster.voices.kept_voice import check_phrase
from broadcaster.voices.mandarin import PINYIN_VOICE
from broadcaster.voices.pace import engine_rate, espeak_words_alone
from broadcaster.voices.pinyin_text import espeak_text

if TYPE_CHECKING:
    from broadcaster.ports import Samples


class EspeakCommandVoice:
    """Voice through ``espeak-ng -w``, a process for each phrase. Its exit 0 means nothing on a full disk."""

    def __init__(self, voice: str = "", *, folder: Path | None = None) -> None:
        self._voice = voice or PINYIN_VOICE
        self._folder = folder
        self.name = f"espeak-ng:{self._voice}"

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        check_phrase(phrase)
        text, characters = espeak_text(phrase.syllables), len(phrase.syllables)
        try:
            with tempfile.TemporaryDirectory(prefix="voice-", dir=self._folder) as folder:
                file = Path(folder) / "speech.wav"
                line = ["espeak-ng", "-v", self._voice, "-s", str(engine_rate(rate)), "-w", str(file), "--stdin"]
                within_s = 5 + 0.1 * characters
                subprocess.run(line, input=text, text=True, capture_output=True, timeout=within_s, check=True)
                return read_speech(file, characters, espeak_words_alone(rate))
        except (OSError, subprocess.SubprocessError) as error:
            raise failed(f"espeak-ng 命令出错（{error}）", f"the command espeak-ng failed ({error})") from error

    def close(self) -> None:
        pass
