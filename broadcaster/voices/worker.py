"""The process in which pyttsx3 lives: ``python -m broadcaster.voices.worker [VOICE]``.

One engine, one thread, one text at a time. It says ``{"ok": true, "voice": …}`` once it has spoken a test and the
phonemes hold no English, or ``{"unfit": [zh, en]}``. Then it reads lines of JSON, ``{"text", "rate", "file"}``, and
answers ``{"ok": true}``. It may hang or crash: whoever started it has a time limit and looks at the file.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from broadcaster.voices.mandarin import PINYIN_VOICE, SELF_TEST, pick_voice, says_pinyin, wanted_voice

IS_LINUX = sys.platform.startswith("linux")


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the engine prints to standard output on its own

    def answer(**told: object) -> None:
        answers.write(json.dumps(told, ensure_ascii=False) + "\n")
        answers.flush()

    import pyttsx3

    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    engine = pyttsx3.init()
    voices = engine.getProperty("voices")
    pick = wanted_voice(voices, wanted, is_linux=IS_LINUX) if wanted else pick_voice(voices, is_linux=IS_LINUX)
    if pick is None:
        answer(unfit=_none_such(wanted, [str(voice.name) for voice in voices]))
        return 1
    engine.setProperty("voice", pick)
    if IS_LINUX and not _speaks_pinyin(engine):
        answer(unfit=_speaks_english(pick))
        return 1
    answer(ok=True, voice=pick)
    for line in sys.stdin:
        order = json.loads(line)
        _speak(engine, order["text"], order["rate"], order["file"])
        answer(ok=True)
    return 0


def _speak(engine: Any, text: str, rate: int, file: str) -> None:
    engine.setProperty("rate", rate)
    if IS_LINUX:
        _settle()
    engine.save_to_file(text, file)
    engine.runAndWait()


def _settle() -> None:
    """Wait until espeak-ng has taken the rate.

    Without it 144 of 300 sentences were spoken at the rate of an earlier one, and 5 files were empty; with it none.
    """
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


def _speaks_pinyin(engine: Any) -> bool:
    """Whether the engine, with the voice it really took, says pinyin. An unknown name speaks English, silently."""
    with tempfile.TemporaryDirectory(prefix="voice-test-") as folder:
        _speak(engine, SELF_TEST, 150, str(Path(folder) / "test.wav"))
    return says_pinyin(_phonemes(SELF_TEST))


def _phonemes(text: str) -> str:
    """What the library that pyttsx3 drives intends to say, in the voice that is set."""
    from pyttsx3.drivers import _espeak

    library = next(value for value in vars(_espeak).values() if isinstance(value, ctypes.CDLL))
    to_phonemes = library.espeak_TextToPhonemes
    to_phonemes.restype = ctypes.c_char_p
    to_phonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    said: bytes = to_phonemes(ctypes.byref(ctypes.c_char_p(text.encode())), 1, 0) or b""
    return said.decode("utf-8", errors="replace")


def _none_such(wanted: str, names: list[str]) -> tuple[str, str]:
    if wanted:
        return (
            f"这台机器的语音引擎里没有声音“{wanted}”。请看 dalaba voices，或者把 voice 删掉。",
            f"this machine's engine has no voice {wanted!r}. See dalaba voices, or leave voice out.",
        )
    if IS_LINUX:
        return (
            f"espeak-ng 里没有声音 {PINYIN_VOICE}。请安装 espeak-ng-data。",
            f"espeak-ng has no voice {PINYIN_VOICE}. Install espeak-ng-data.",
        )
    return (
        f"系统里没有普通话的声音（有：{'、'.join(names[:5]) or '无'}）。请在系统的语言设置里添加中文语音。",
        f"the system has no Mandarin voice (it has: {', '.join(names[:5]) or 'none'}). "
        "Add Chinese speech in the system's language settings.",
    )


def _speaks_english(voice: str) -> tuple[str, str]:
    return (
        f"声音“{voice}”试念拼音念成了英语，不能用。请把 voice 删掉，或者重装 espeak-ng。",
        f"the voice {voice!r} spoke English in its test and cannot be used. "
        "Leave voice out, or install espeak-ng anew.",
    )


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # espeak asserts when it is closed
