"""The process in which sherpa-onnx lives: ``python -m broadcaster.voices.sherpa_worker FOLDER SPEAKER``.

Talks as ``broadcaster.voices.worker`` does; orders are ``{"chars", "pinyin", "speed", "file"}``.
"""

from __future__ import annotations

import json
import os
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np

from broadcaster.voices.homophones import Homophones

_WANTED = ("tokens.txt", "lexicon.txt")


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(**told: object) -> None:
        answers.write(json.dumps(told, ensure_ascii=False) + "\n")
        answers.flush()

    folder, speaker = Path(sys.argv[1]), int(sys.argv[2])
    unfit = why_unfit(folder)
    if unfit is not None:
        answer(unfit=unfit)
        return 1
    engine, words = load(folder), Homophones(_lexicon(folder))
    answer(ok=True)
    for line in sys.stdin:
        order = json.loads(line)
        text = words.spelled(zip(order["chars"], order["pinyin"], strict=True))
        unknown = words.unknown(text)
        if unknown:
            answer(error=(f"模型不认得“{unknown}”", f"the model does not know {unknown!r}"))
            continue
        sound = engine.generate(text + "。", sid=speaker, speed=order["speed"])
        _write(Path(order["file"]), np.asarray(sound.samples, dtype=np.float32), sound.sample_rate)
        answer(ok=True)
    return 0


def why_unfit(folder: Path) -> tuple[str, str] | None:
    """Why the model in *folder* cannot be used; None: it can."""
    missing = [name for name in _WANTED if not (folder / name).is_file()]
    if model_of(folder) is None:
        missing.insert(0, "*.onnx")
    if (folder / "espeak-ng-data").is_dir():
        return (
            f"模型“{folder.name}”要靠 espeak-ng 念汉字，会念错。请用 piper 引擎，它收到的是拼音。",
            f"the model {folder.name!r} reads hanzi through espeak-ng, which misreads them. "
            "Use the engine piper, which is given pinyin.",
        )
    if missing:
        return (
            f"模型文件夹“{folder.name}”里缺 {'、'.join(missing)}。要带 tokens.txt 和 lexicon.txt 的 VITS 中文模型。",
            f"the model folder {folder.name!r} lacks {', '.join(missing)}. "
            "It must be a Chinese VITS model with tokens.txt and lexicon.txt.",
        )
    return None


def model_of(folder: Path) -> Path | None:
    """``model.onnx``, or the first by name."""
    found = sorted(folder.glob("*.onnx"), key=lambda path: (path.name != "model.onnx", path.name))
    return found[0] if found else None


def load(folder: Path) -> Any:
    """The engine with its model."""
    import sherpa_onnx

    model, dictionary = model_of(folder), folder / "dict"
    vits = sherpa_onnx.OfflineTtsVitsModelConfig(
        model=str(model),
        lexicon=str(folder / "lexicon.txt"),
        tokens=str(folder / "tokens.txt"),
        dict_dir=str(dictionary) if dictionary.is_dir() else "",
    )
    config = sherpa_onnx.OfflineTtsModelConfig(vits=vits, num_threads=1, provider="cpu")
    return sherpa_onnx.OfflineTts(sherpa_onnx.OfflineTtsConfig(model=config, max_num_sentences=1))


def _lexicon(folder: Path) -> dict[str, str]:
    """Word → its phones, as the model has them."""
    found: dict[str, str] = {}
    with (folder / "lexicon.txt").open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            word, _, phones = line.strip().partition(" ")
            found.setdefault(word, " ".join(phones.split()))
    return found


def _write(file: Path, samples: np.ndarray[Any, Any], rate_hz: int) -> None:
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, rate_hz, 0, "NONE", ""))
        out.writeframes((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    sys.exit(main())
