"""What one espeak-ng library says, as a process of its own: ``python -m tests.measure.espeak_trace LIBRARY [DATA]``.

Takes lines of numbered pinyin, gives a line of phonemes for each, as ``espeak-ng -x`` prints them. Two versions of the
library have the same name inside, so that each needs its own process.
"""

import ctypes
import os
import sys
import tempfile
from pathlib import Path

VOICE = b"cmn-latn-pinyin"
_RETRIEVAL, _UTF8, _SHOW = 1, 1, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def main(library, data=None):
    espeak, libc = ctypes.CDLL(library), ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    libc.fclose.argtypes = [ctypes.c_void_p]
    espeak.espeak_SetPhonemeTrace.argtypes = [ctypes.c_int, ctypes.c_void_p]
    if espeak.espeak_Initialize(_RETRIEVAL, 0, data and os.fsencode(data), 0) < 0:
        sys.exit("espeak-ng did not start")
    if espeak.espeak_SetVoiceByName(VOICE) != 0:
        sys.exit("espeak-ng has no voice for pinyin")
    silent = _CALLBACK(lambda samples, count, events: 0)
    espeak.espeak_SetSynthCallback(silent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phonemes"
        for line in sys.stdin:
            file = libc.fopen(os.fsencode(path), b"w")
            espeak.espeak_SetPhonemeTrace(_SHOW, file)
            text = line.strip().encode() + b"\0"
            espeak.espeak_Synth(text, len(text), 0, 1, 0, _UTF8, None, None)
            espeak.espeak_Synchronize()
            espeak.espeak_SetPhonemeTrace(0, None)
            libc.fclose(file)
            print(" ".join(path.read_text(encoding="utf-8").split()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
