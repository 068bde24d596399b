"""Raw sound → an encoded stream: ffmpeg in a process of its own, fed through a short pipe."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import threading
import time
from contextlib import suppress
from typing import IO

from broadcaster.errors import OutputLost
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.outputs import Codec
from broadcaster.model.words import Sentence
from broadcaster.playout.precedence import let_others_go_first

PIPE_BYTES = 8192
"""85 ms: the default of 64 kB would hide for most of a second that nobody reads."""
ENDS_WITHIN_S = 1.0

ENCODINGS: dict[Codec, list[str]] = {
    Codec.PCMU: ["-af", "aresample=8000,asetnsamples=n=160:p=0", "-ar", "8000", "-c:a", "pcm_mulaw"],
    Codec.G722: ["-ar", "16000", "-c:a", "g722", "-frame_size", "320"],
    Codec.L16: ["-af", "asetnsamples=n=480:p=0", "-c:a", "pcm_s16be"],
    Codec.OPUS: ["-c:a", "libopus", "-b:a", "64k", "-frame_duration", "20", "-application", "audio"],
    Codec.MP3: ["-c:a", "libmp3lame", "-b:a", "96k"],
}
"""20 ms a packet (10 ms of raw sound), as horns expect."""


class Encoder:
    """ffmpeg with *target* as its output: a list of words, never a line of text."""

    def __init__(self, codec: Codec, target: list[str], *, has_output: bool, patience_s: float) -> None:
        """*has_output*: what is encoded comes out at ``output``. Raises OutputLost where ffmpeg is not installed."""
        line = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-probesize", "32", "-analyzeduration", "0"]
        line += ["-fflags", "nobuffer", "-f", "s16le", "-ar", str(CLIP_RATE_HZ), "-ac", "1", "-i", "pipe:0"]
        line += [*ENCODINGS[codec], "-flush_packets", "1", "-max_delay", "0", *target]
        self._patience_s = patience_s
        self._last_words = ""
        try:
            self._process = subprocess.Popen(
                line,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if has_output else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise OutputLost(
                Sentence("没有装 ffmpeg。请运行安装程序。", "ffmpeg is missing: run the setup.")
            ) from error
        let_others_go_first(self._process.pid)
        self._listener = threading.Thread(target=self._listen, name="ffmpeg words", daemon=True)
        self._listener.start()
        fd = self._stdin.fileno()
        os.set_blocking(fd, False)
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def held_back(self) -> int:
        """Its pipe is short, and behind it nobody answers."""
        return 0

    @property
    def output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def send(self, pcm: bytes) -> None:
        """Waits at most the patience; raises OutputLost when ffmpeg has ended or does not read."""
        left = memoryview(pcm)
        until = time.monotonic() + self._patience_s
        while left:
            try:
                left = left[os.write(self._stdin.fileno(), left) :]
            except BlockingIOError:
                wait = until - time.monotonic()
                if wait <= 0 or not select.select([], [self._stdin], [], wait)[1]:
                    raise OutputLost(takes_nothing(self._patience_s)) from None
            except (OSError, ValueError) as error:
                raise OutputLost(self.why_ended()) from error

    def why_ended(self) -> Sentence:
        """What ffmpeg said last."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDS_WITHIN_S)
        self._listener.join(ENDS_WITHIN_S)
        words = self._last_words or f"code {self._process.returncode}"
        return Sentence(f"ffmpeg 停了：{words}", f"ffmpeg ended: {words}")

    def end(self) -> None:
        """Nothing more comes; what is in it comes out, encoded."""
        with suppress(OSError, ValueError):
            self._stdin.close()

    def close(self) -> None:
        self.end()
        try:
            self._process.wait(ENDS_WITHIN_S / 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(ENDS_WITHIN_S)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError, ValueError):
                    pipe.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with suppress(OSError, ValueError):
            for line in self._process.stderr:
                words = line.decode(errors="replace").strip()
                if words:
                    self._last_words = words[:200]


def takes_nothing(patience_s: float) -> Sentence:
    return Sentence(
        f"对方 {patience_s:g} 秒没有收声音，重新连接",
        f"the other end took no sound for {patience_s:g} s and is called again",
    )
