"""live: a sound file, or what comes on standard input, straight onto the air through the station's local door."""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from broadcaster.commands.words import complain, say
from broadcaster.decoding import decoder, sniffed
from broadcaster.door import Door, LiveLine
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Sentence

BLOCK_BYTES = 2 * CLIP_RATE_HZ // 50
HEAD_BYTES = 64
LONGEST_S = 4 * 3600.0
"""No station lets a live broadcast last longer."""


@dataclass(slots=True)
class Speaker:
    """Gives the sound on a thread of its own, from the moment it is heard."""

    line: LiveLine
    source: IO[bytes]
    may_begin: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        self.may_begin.wait()
        with suppress(OSError):  # it is over; the answers say why
            for block in blocks(self.source):
                self.line.send(block)
            self.line.end()


def live(args: argparse.Namespace) -> int:
    """0: heard to its end."""
    opened = sys.stdin.buffer if args.file == "-" else _open(args.file)
    line = Door(Home(args.home)).speak(who=args.who, reason=args.reason, zones=tuple(args.zone))
    try:
        with Source(opened, args.file, is_raw=args.raw) as source:
            return _speak(line, source)
    finally:
        line.close()


def _speak(line: LiveLine, source: IO[bytes]) -> int:
    speaker = Speaker(line, source)
    threading.Thread(target=speaker.run, name="speaker", daemon=True).start()
    last: dict[str, Any] = {}
    while True:
        try:
            for told in line.answers():
                _show(told, last)
                last = told
                if told["stage"] == "on air":
                    speaker.may_begin.set()
            return _over(last)
        except KeyboardInterrupt:  # who speaks has done so to the end
            line.end()


def blocks(source: IO[bytes]) -> Iterator[bytes]:
    """Whole samples, as soon as some are there, 20 ms at most."""
    rest = b""
    read = getattr(source, "read1", source.read)
    while data := read(BLOCK_BYTES):
        data = rest + data
        whole = len(data) // 2 * 2
        rest = data[whole:]
        if whole:
            yield data[:whole]


class Source:
    """A sound file or a pipe, as samples; what has a head is decoded as it comes."""

    def __init__(self, file: IO[bytes], name: str, *, is_raw: bool) -> None:
        self._file, self._name, self._is_raw = file, name, is_raw
        self._decoder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> IO[bytes]:
        """Raises Refused for what is no sound."""
        if self._is_raw:
            return self._file
        head = self._file.read(HEAD_BYTES)
        kind = sniffed(head)
        if kind is None:
            raise Refused(
                Sentence(
                    f"“{self._name}”不是认得的声音。没有文件头的，加 --raw。",
                    f"{self._name!r} is no sound we know. If it has no head, add --raw.",
                )
            )
        if self._file.seekable():
            self._file.seek(0)
            self._decoder = decoder(kind, CLIP_RATE_HZ, self._file, LONGEST_S)
        else:
            self._decoder = decoder(kind, CLIP_RATE_HZ, subprocess.PIPE, LONGEST_S)
            threading.Thread(target=self._pump, args=(head, self._decoder.stdin), name="pump", daemon=True).start()
        assert self._decoder.stdout is not None
        return self._decoder.stdout

    def __exit__(self, *_: object) -> None:
        if self._decoder is not None:
            self._decoder.kill()
            self._decoder.wait()
            if self._decoder.stdout is not None:
                self._decoder.stdout.close()
        if self._file is not sys.stdin.buffer:
            self._file.close()

    def _pump(self, head: bytes, into: IO[bytes]) -> None:
        with suppress(OSError, ValueError), into:
            into.write(head)
            into.flush()
            while data := getattr(self._file, "read1", self._file.read)(BLOCK_BYTES):
                into.write(data)
                into.flush()


def _open(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(Sentence(f"打不开“{name}”：{why}。", f"{name!r} cannot be opened: {why}.")) from error


def _show(told: dict[str, Any], before: dict[str, Any]) -> None:
    if "airing" in told:
        say(
            Sentence(
                f"就要播了：{told['airing']}。讲完按 Ctrl-C；停：dalaba stop",
                f"on the air in a moment: {told['airing']}. Ctrl-C when you are done; to stop it: dalaba stop",
            )
        )
    elif told["stage"] == "on air" and before.get("stage") != "on air":
        say(Sentence("喇叭开了，请讲。", "the horns are on: speak."))
    if told["stage"] == "on air" and sys.stderr.isatty():
        shown = [one for one in told.get("outputs", {}).values() if one is not None]
        holes = sum(one["holes"] for one in shown)
        print(f"\r{told.get('seconds', 0):.0f} s  断 / holes: {holes}  ", end="", file=sys.stderr, flush=True)


def _over(told: dict[str, Any]) -> int:
    if "fate" not in told:
        complain(Sentence("站没有回答就断了。", "the station broke off without an answer."))
        return 1
    seconds = told["seconds"]
    if told["fate"] == "aired":
        why = f"（{told['reason']}）" if told["reason"] else ""
        why_en = f" ({told['reason_en']})" if told["reason_en"] else ""
        say(Sentence(f"讲完了，{seconds:g} 秒{why}。", f"done, {seconds:g} s{why_en}."))
        return 0
    complain(
        Sentence(
            f"没有讲完，讲了 {seconds:g} 秒：{told['reason']}。",
            f"not to its end, after {seconds:g} s: {told['reason_en']}.",
        )
    )
    return 1
