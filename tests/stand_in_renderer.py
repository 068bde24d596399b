"""A child that renders like the real one, in no time, or fails in the way that the text of its order asks for.

``python -m tests.stand_in_renderer CLIPS AUDIO LANE``; what it was asked is in the file ``asked`` beside the clips.
"""

import json
import os
import sys
import threading
from pathlib import Path

from broadcaster.clips import ClipStore

FRAMES = bytes(range(1, 101)) * 48
ABOUT = {"sentence_starts": (0,), "loudness_lufs": -16.0, "true_peak_dbtp": -2.0, "voice": "tone", "characters": 1}
ODD_ANSWERS = {
    "乱": "]{",
    "空": "",
    "表": "[1]",
    "旁": '{"key": "another", "ok": true}',
    "缺": '{"key": "KEY", "kind": "TextUnusable"}',
    "虚": '{"key": "KEY", "ok": true}',
    "怪": '{"key": "KEY", "kind": "SystemExit", "zh": "怪", "en": "odd"}',
    "声": '{"key": "KEY", "kind": "VoiceFailed", "zh": "没有声音", "en": "no voice"}',
    "文": '{"key": "KEY", "kind": "TextUnusable", "zh": "没有字", "en": "no words"}',
    "音": '{"key": "KEY", "kind": "SoundUnusable", "zh": "没有文件", "en": "no file"}',
}


def main():
    clips = Path(sys.argv[1])
    clips.mkdir(parents=True, exist_ok=True)
    asked = clips.parent / "asked"
    if (clips.parent / "deaf").exists():
        threading.Event().wait()
    for line in sys.stdin:
        told = json.loads(line)
        (text,) = told["order"]["texts"]
        seen = asked.read_text().splitlines() if asked.exists() else []
        with asked.open("a") as file:
            file.write(f"{sys.argv[3]} {text[:20]}\n")
        if text.startswith("死") or (text.startswith("一死") and not any(text in one for one in seen)):
            os._exit(1)
        if text.startswith("呆") or (text.startswith("一呆") and not any(text in one for one in seen)):
            threading.Event().wait()
        if text.startswith("等"):
            gate = os.open(clips.parent / "gate", os.O_RDONLY)  # a pipe: opens when somebody writes to it
            os.close(gate)
        answer = ODD_ANSWERS.get(text[0])
        if answer is None:
            ClipStore(clips).put(told["key"], FRAMES, ABOUT)
            answer = '{"key": "KEY", "ok": true}'
        print(answer.replace("KEY", told["key"]), flush=True)


if __name__ == "__main__":
    main()
