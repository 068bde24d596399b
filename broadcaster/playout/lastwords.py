"""What a deck writes down when its station is gone, and what the station that comes after reads."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from broadcaster.durable import write_durably
from broadcaster.model.airing import AiringId
from broadcaster.playout.cue import LastWords

log = logging.getLogger(__name__)


def write_last_words(var: Path, output: str, words: LastWords) -> None:
    """On the disk before this returns; a disk that takes nothing is logged."""
    heard = {airing: at.isoformat() for airing, at in words.heard.items()}
    told = {"airing": words.airing, "position": words.position, "heard": heard}
    path = _path(var, output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(told).encode())
    except OSError as error:
        log.error("last words cannot be written: %s", error)


def read_last_words(var: Path, output: str) -> LastWords | None:
    """What the deck of the last station wrote; it is forgotten with reading."""
    path = _path(var, output)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        airing = told["airing"]
        return LastWords(
            airing=None if airing is None else AiringId(str(airing)),
            position=int(told["position"]),
            heard={AiringId(id_): _instant(at) for id_, at in told["heard"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment


def _path(var: Path, output: str) -> Path:
    return var / "decks" / f"{output}.last.json"
