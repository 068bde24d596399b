"""The child process that renders: ``python -m broadcaster.render_worker``. Orders come as lines of JSON.

Numpy, pypinyin and the voices live only here, so that an idle station stays small; it ends when its parent does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from broadcaster.clips import ClipStore
from broadcaster.errors import DalabaError
from broadcaster.model.clip import ClipOrder
from broadcaster.model.texts import Reading, Syllable
from broadcaster.model.timetable import SoundSettings, VoiceSettings

if TYPE_CHECKING:
    from broadcaster.render.pipeline import Sounds, Voices

NICENESS = 10


def order_to_json(order: ClipOrder) -> dict[str, Any]:
    """Lengths of time travel in seconds; approved readings without their doubts, which shape no sound."""
    told: dict[str, Any] = _plain(replace(order, readings=()))
    return told | {"readings": [_reading_told(reading) for reading in order.readings]}


def order_from_json(told: dict[str, Any]) -> ClipOrder:
    sound: dict[str, Any] = {
        name: timedelta(seconds=value) if isinstance(getattr(SoundSettings(), name), timedelta) else value
        for name, value in told["sound"].items()
    }
    voices = tuple(VoiceSettings(**(one | {"fallback": tuple(one["fallback"])})) for one in told["voices"])
    lexicon = tuple((word, pinyin) for word, pinyin in told["lexicon"])
    rest = {"texts": tuple(told["texts"]), "voices": voices, "sound": SoundSettings(**sound), "lexicon": lexicon}
    readings = {"readings": tuple(_reading(one) for one in told["readings"])}
    return ClipOrder(**(told | rest | readings))


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    clips, audio, is_urgent = ClipStore(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3] == "urgent"
    if not is_urgent:
        os.nice(NICENESS)
    from broadcaster.sounds import SoundFolder
    from broadcaster.voices.choose import OpenVoices
    from broadcaster.voices.remembered import RememberedVoice

    opened = OpenVoices(Path(sys.argv[1]).parents[1])  # the clips are in var/clips of the home folder
    remembered: dict[int, RememberedVoice] = {}
    orders: SimpleQueue[str | None] = SimpleQueue()
    at_work = threading.Event()
    threading.Thread(target=_listen, args=(orders, at_work), daemon=True).start()
    while (line := orders.get()) is not None:
        told = json.loads(line)
        order, key = order_from_json(told["order"]), told["key"]
        at_work.set()
        try:
            voices = [
                (settings, remembered.setdefault(id(voice), RememberedVoice(voice)))
                for settings, voice in (opened.of(order.voices) if order.texts else ())
            ]
            _render(key, order, voices, SoundFolder(audio), clips)
            answer: dict[str, Any] = {"key": key, "ok": True}
        except DalabaError as error:
            kind, words = type(error).__name__, error.sentence
            answer = {"key": key, "kind": kind, "zh": words.zh, "en": words.en}
        at_work.clear()
        with suppress(BrokenPipeError):
            answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
            answers.flush()
    opened.close()
    return 0


def _listen(orders: SimpleQueue[str | None], at_work: threading.Event) -> None:
    """Orders, until the parent is gone. In the middle of a clip nobody waits for it: then at once."""
    for line in sys.stdin:
        orders.put(line)
    if at_work.is_set():
        os._exit(0)
    orders.put(None)


def _render(key: str, order: ClipOrder, voices: Voices, sounds: Sounds, clips: ClipStore) -> None:
    from broadcaster.render.pipeline import render

    done = render(order, voices=voices, sounds=sounds)
    known = ("sentence_starts", "loudness_lufs", "true_peak_dbtp", "voice", "characters", "remark")
    clips.put(key, done.samples, {name: getattr(done, name) for name in known})


def _reading_told(reading: Reading) -> dict[str, Any]:
    syllables = [[one.char, one.pinyin] for one in reading.syllables]
    return {"text": reading.text, "spoken": reading.spoken, "syllables": syllables}


def _reading(told: dict[str, Any]) -> Reading:
    syllables = tuple(Syllable(char, pinyin) for char, pinyin in told["syllables"])
    return Reading(text=told["text"], spoken=told["spoken"], syllables=syllables)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.total_seconds() if isinstance(value, timedelta) else value


if __name__ == "__main__":
    sys.exit(main())
