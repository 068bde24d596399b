"""A worker as ``broadcaster.voices.worker`` is one, that goes wrong as it is told and then speaks through espeak-ng.

``python -m tests.voices.stand_in_worker FOLDER WRONG TIMES``: the first TIMES sentences go WRONG; FOLDER counts them
over all workers.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import wave
from pathlib import Path


def main():
    folder, wrong, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if wrong == "unfit":
        print(json.dumps({"unfit": ["没有这个声音。", "there is no such voice."]}), flush=True)
        return
    if wrong != "mute" or not counted(folder, times):
        print(json.dumps({"ok": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        with (folder / "orders").open("a", encoding="utf-8") as book:
            book.write(line)
        if wrong != "mute" and counted(folder, times):
            go_wrong(wrong, order["file"])
            continue
        speak(order)
        print(json.dumps({"ok": True}), flush=True)


def counted(folder, times):
    """Whether this is among the first *times*."""
    with (folder / "count").open("a", encoding="utf-8") as count:
        count.write(".")
        return count.tell() <= times


def speak(order):
    line = ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", str(order["rate"]), "-w", order["file"], "--stdin"]
    subprocess.run(line, input=order["text"], text=True, check=True)


def go_wrong(wrong, file):
    match wrong:
        case "hangs":
            signal.pause()
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stops":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "talks nonsense":
            print("Audio saved", flush=True)
            return
        case "complains":
            print(json.dumps({"error": ["引擎糊涂了", "the engine is confused"]}), flush=True)
            return
        case "writes nothing":
            Path(file).unlink(missing_ok=True)
        case "writes an empty file":
            Path(file).write_bytes(b"")
        case "writes only a header":
            write(file, b"")
        case "writes a short file":
            write(file, tone(3000))
        case "writes half a file":
            write(file, tone(60_000))
            whole = Path(file).read_bytes()
            Path(file).write_bytes(whole[: len(whole) // 2])
        case "writes silence":
            write(file, bytes(2 * 60_000))
        case "writes a word and silence":
            write(file, tone(6_000) + bytes(2 * 60_000))
        case "writes a minute":
            write(file, tone(60 * 22_050))
        case "writes two channels":
            write(file, tone(60_000), channels=2)
    print(json.dumps({"ok": True}), flush=True)


def tone(frames):
    wave_of_80 = [9000] * 40 + [-9000] * 40
    return struct.pack("<80h", *wave_of_80) * (frames // 80)


def write(file, samples, channels=1):
    with wave.open(file, "wb") as out:
        out.setparams((channels, 2, 22_050, 0, "NONE", ""))
        out.writeframes(samples)


if __name__ == "__main__":
    main()
