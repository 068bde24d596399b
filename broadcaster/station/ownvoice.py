"""A recording that somebody uploads → a file in ``audio/recordings/``, once it was decoded and found to hold speech."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import IO

from broadcaster.decoding import KNOWN, sniffed
from broadcaster.durable import write_durably
from broadcaster.errors import Refused, SoundUnusable
from broadcaster.home import Home
from broadcaster.model.clip import MAX_RECORDING_BYTES
from broadcaster.model.words import Sentence
from broadcaster.sounds import SoundFolder

ENDINGS = {
    "wav": "wav",
    "mp3": "mp3",
    "aac": "aac",
    "mov": "m4a",
    "ogg": "ogg",
    "amr": "amr",
    "matroska": "webm",
    "flac": "flac",
}
_PIECE = 64 * 1024


def keep_recording(home: Home, file: IO[bytes], name: str) -> str:
    """The name under which the recording lies in ``audio/recordings/``: its own hash, whatever it was called.

    Raises SoundUnusable for what cannot be heard, Refused when the disk does not take it; then nothing is kept.
    """
    data = _read(file, name)
    kind = sniffed(data[:64])
    if kind is None:
        raise SoundUnusable(
            Sentence(
                f"“{name}”不是认得的录音（{KNOWN}）。请换一个文件。",
                f"{name!r} is no sound we know. Choose another file.",
            )
        )
    kept = f"{hashlib.sha256(data).hexdigest()[:16]}.{ENDINGS[kind]}"
    own = home.root / "audio" / "recordings"
    try:
        own.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="upload-") as folder:
            trial = Path(folder) / "recordings" / kept
            trial.parent.mkdir()
            trial.write_bytes(data)
            _heard(Path(folder), kept, name)
        write_durably(own / kept, data)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            Sentence(
                f"录音没有存成：{why}。请清理磁盘，再传一次。", f"the recording was not saved: {why}. Free some disk."
            )
        ) from error
    return kept


def _read(file: IO[bytes], name: str) -> bytes:
    data = bytearray()
    while piece := file.read(_PIECE):
        data += piece
        if len(data) > MAX_RECORDING_BYTES:
            most = MAX_RECORDING_BYTES // 1_000_000
            raise SoundUnusable(
                Sentence(f"“{name}”太大，最多 {most} MB。请录短一点。", f"{name!r} is too large, at most {most} MB.")
            )
    return bytes(data)


def _heard(audio: Path, kept: str, name: str) -> None:
    """Raises SoundUnusable, by the name that the person knows."""
    try:
        SoundFolder(audio).recording(kept)
    except SoundUnusable as error:
        raise SoundUnusable(
            Sentence(error.sentence.zh.replace(kept, name), error.sentence.en.replace(kept, name))
        ) from error
