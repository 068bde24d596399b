"""``script:NAME``, ``next:FOLDER`` … → what a slot plays."""

from __future__ import annotations

import re
from collections.abc import Callable

from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayRecording, PlayScript, Source
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import closest, shown
from broadcaster.schedule.values import words

KINDS: dict[str, Callable[[str], Source]] = {
    "script": PlayScript,
    "next": PlayNext,
    "latest": PlayLatest,
    "leaderboard": PlayLeaderboard,
    "recording": PlayRecording,
}
_PART = r"[^\s./\\:][^/\\:]*"
_SHAPES = {
    "script": re.compile(rf"(?:{_PART}/)?{_PART}"),
    "next": re.compile(_PART),
    "latest": re.compile(_PART),
    "leaderboard": re.compile(_PART),
    "recording": re.compile(_PART),
}
_ENDINGS = (".txt", ".md")


def source(value: object) -> Source | Sentence:
    """One thing to play."""
    text = words(200)(value)
    if isinstance(text, Sentence):
        return text
    kind, colon, given = text.replace("：", ":", 1).partition(":")
    kind, given = kind.strip().lower(), given.strip()
    if not colon or kind not in KINDS:
        return _no_source(text, kind if colon else "")
    if kind == "script":
        given = given.removeprefix("scripts/")
    if kind in ("script", "leaderboard"):
        for ending in _ENDINGS:
            given = given.removesuffix(ending)
    if _SHAPES[kind].fullmatch(given) is None:
        return _no_name(text, kind)
    return KINDS[kind](given)


def _no_source(text: str, kind: str) -> Sentence:
    close = closest(kind, KINDS)
    meant = f"{close}:{text.partition(':')[2].strip()}" if close else f"script:{text}" if "/" in text else ""
    return Sentence(
        f"{shown(text)} 看不懂要播什么。"
        + (f"是不是 '{meant}'？" if meant else "")
        + "请写 'script:稿件'、'next:文件夹'、'latest:文件夹'、'leaderboard:榜名' 或 'recording:文件'。",
        f"{shown(text)} does not say what to play."
        + (f" Did you mean '{meant}'?" if meant else "")
        + " Write 'script:NAME', 'next:FOLDER', 'latest:FOLDER', 'leaderboard:NAME' or 'recording:FILE'.",
    )


_EXAMPLES = {
    "script": "script:study/010-points-how",
    "next": "next:study",
    "latest": "latest:notice",
    "leaderboard": "leaderboard:top10",
    "recording": "recording:old-songs.mp3",
}


def _no_name(text: str, kind: str) -> Sentence:
    return Sentence(
        f"{shown(text)} 里的名字不对。只写名字，不写路径，例如 '{_EXAMPLES[kind]}'。",
        f"{shown(text)} holds no usable name. Write a plain name, no path, for example '{_EXAMPLES[kind]}'.",
    )
