"""The process in which pyttsx3 lives: ``python -m broadcaster.voices.worker``.

One engine, one thread, one text at a time.

Reads lines of JSON, ``{"text", "rate", "file"}``, and answers ``{"ok": true}`` once the whole file is written, or
``{"error": …}``. It may hang or crash: whoever started it has a time limit and looks at the file.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

PINYIN_VOICE = "cmn-latn-pinyin"
MANDARIN = ("zh-cn", "zh_cn", "chinese", "mandarin", "huihui", "ting-ting", "tingting")


def pick_voice(voices: list[Any], is_linux: bool) -> str | None:
    """The engine's Mandarin: the pinyin voice of espeak-ng on Linux, otherwise a Chinese SAPI or NSSpeech voice."""
    for voice in voices:
        told = f"{voice.id} {voice.name} {voice.languages}".lower()
        if is_linux and PINYIN_VOICE in told:
            return PINYIN_VOICE
        if not is_linux and any(word in told for word in MANDARIN):
            return str(voice.id)
    return None


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the engine prints to standard output on its own
    import pyttsx3

    engine = pyttsx3.init()
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    voice = wanted or pick_voice(engine.getProperty("voices"), sys.platform.startswith("linux"))

    def answer(**told: object) -> None:
        answers.write(json.dumps(told) + "\n")
        answers.flush()

    if voice is None:
        answer(error="no Mandarin voice")
        return 1
    try:
        engine.setProperty("voice", voice)
    except ValueError as error:
        answer(error=str(error))
        return 1
    answer(ok=True, voice=voice)
    for line in sys.stdin:
        order = json.loads(line)
        engine.setProperty("rate", order["rate"])
        engine.save_to_file(order["text"], order["file"])
        engine.runAndWait()
        answer(ok=True)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # espeak asserts when it is closed
