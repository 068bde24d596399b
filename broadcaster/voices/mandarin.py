"""Which of an engine's voices speaks Mandarin, and why another must not be used. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from broadcaster.model.words import Sentence

PINYIN_VOICE = "cmn-latn-pinyin"
_PINYIN = re.compile(r"(sit/)?cmn-latn-pinyin(\+\w{1,20})?", re.IGNORECASE)
_MBROLA = re.compile(r"mb[-/].*|.*mbrola.*|zh|.*-mb-.*", re.IGNORECASE)
_HANZI = re.compile(r"(sit/)?(cmn|zh-cmn)(\+.*)?", re.IGNORECASE)
_SWITCH = re.compile(r"\([a-z-]+\)")
_TONE = re.compile(r"\d\d")
SELF_TEST = "ni3 hao3 xiang1 qin1 men5"

# Best first. Cantonese voices call themselves Chinese, too, so that the bare word is asked for last.
_GOOD = (
    re.compile(r"zh[-_](hans[-_])?cn|mandarin|huihui|kangkang|yaoyao|ting-?ting|\b0804\b|\bsimplified\b"),
    re.compile(r"zh[-_](hant[-_])?tw|hanhan|yating|zhiwei|mei-?jia|\btaiwan\b"),
    re.compile(r"chinese|\bzh\b"),
)
_OTHER = re.compile(
    r"zh[-_](hant[-_])?hk|zh[-_]mo|cantonese|yue|hong kong|macao|tracy|danny|sin-?ji|hakka|shanghainese"
)


class Listed(Protocol):
    """A voice as pyttsx3 lists it."""

    id: str
    name: str
    languages: Sequence[str | bytes]


def pick_voice(voices: Sequence[Listed], *, is_linux: bool) -> str | None:
    """The id of the Mandarin voice: espeak-ng's pinyin on Linux, else a SAPI or NSSpeech voice, mainland first."""
    if is_linux:
        return next((PINYIN_VOICE for voice in voices if _PINYIN.fullmatch(str(voice.id))), None)
    told = [(str(voice.id), _told(voice)) for voice in voices]
    mandarin = [(found, words) for found, words in told if not _OTHER.search(words)]
    for good in _GOOD:
        for found, words in mandarin:
            if good.search(words):
                return found
    return None


def wanted_voice(voices: Sequence[Listed], wanted: str, *, is_linux: bool) -> str | None:
    """The id of the voice that the owner named, by id or by name; None: the engine has none of that name."""
    if is_linux:
        return wanted if _PINYIN.fullmatch(wanted) else None
    plain = wanted.casefold()
    exact = next(
        (str(voice.id) for voice in voices if plain in (str(voice.id).casefold(), str(voice.name).casefold())), ""
    )
    return exact or next((str(voice.id) for voice in voices if plain in _told(voice)), None)


def why_not_espeak(voice: str) -> Sentence | None:
    """Why espeak-ng's *voice* must not read Mandarin; None: it may."""
    if not voice or _PINYIN.fullmatch(voice):
        return None
    if _MBROLA.fullmatch(voice):
        return Sentence(
            f"声音“{voice}”要用 mbrola cn1，Debian 里的这一份是坏的，不能用。请把 voice 删掉，就用 {PINYIN_VOICE}。",
            f"the voice {voice!r} needs mbrola cn1, which is broken as packaged. "
            f"Leave voice out, to use {PINYIN_VOICE}.",
        )
    if _HANZI.fullmatch(voice):
        return Sentence(
            f"声音“{voice}”念汉字，espeak-ng 1.51 四个字会念错三个，不能用。请把 voice 删掉，就用 {PINYIN_VOICE}。",
            f"the voice {voice!r} reads hanzi, and espeak-ng 1.51 says three of four wrong. "
            f"Leave voice out, to use {PINYIN_VOICE}.",
        )
    return Sentence(
        f"声音“{voice}”不认拼音，会念成英语，不能用。"
        f"请把 voice 删掉，就用 {PINYIN_VOICE}，或写 {PINYIN_VOICE}+f3 换成女声。",
        f"the voice {voice!r} does not read pinyin and would speak English. "
        f"Leave voice out, to use {PINYIN_VOICE}, or write {PINYIN_VOICE}+f3 for a woman's voice.",
    )


def says_pinyin(phonemes: str) -> bool:
    """Whether espeak-ng's phonemes of SELF_TEST are five syllables with tones, without a switch to English."""
    pieces = phonemes.split()
    return (
        _SWITCH.search(phonemes) is None
        and len(pieces) == len(SELF_TEST.split())
        and all(_TONE.search(piece) for piece in pieces)
    )


def _told(voice: Listed) -> str:
    languages = (one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in (voice.languages or ()))
    return f"{voice.id} {voice.name} {' '.join(languages)}".casefold()
