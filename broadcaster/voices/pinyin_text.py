"""Syllables as espeak-ng's voice ``cmn-latn-pinyin`` is given them: numbered pinyin and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from broadcaster.model.texts import Syllable
from broadcaster.voices.checked import failed

LETTERS = {
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5", "G": "ji4", "H": "ei1 chi5", "I": "ai4",
    "J": "zhei4", "K": "kei4", "L": "ai2 lou5", "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4", "Q": "kiu1",
    "R": "a2 er5", "S": "ai2 si5", "T": "ti4", "U": "you1", "V": "wei1", "W": "da2 bu5 liu5", "X": "ai2 ke5 si5",
    "Y": "wai1", "Z": "zei4",
}  # fmt: skip
"""How people here say Latin letters."""

_SOUNDS = re.compile(r"[a-z]+[1-5](?: [a-z]+[1-5])*")
"""A syllable, or a letter that is said as several."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# espeak-ng 1.52 cannot say these rhymes and sounds (it spells the last five in English); both versions read the
# right-hand forms.
_REWRITTEN = {
    "jiong": "jong", "qiong": "qong", "xiong": "xong",
    "r": "er", "m": "mu", "n": "en", "hm": "hen", "hng": "heng",
}  # fmt: skip


def for_espeak(syllable: str) -> str:
    """``xiong2`` → ``xong2``; everything else as it is."""
    plain = syllable.replace("ê", "ei").replace("ü", "v")
    return _REWRITTEN.get(plain[:-1], plain[:-1]) + plain[-1:]


def espeak_text(syllables: Iterable[Syllable]) -> str:
    """No digit of a number, no hanzi and no control character is in it; syllables are separated by spaces.

    Raises VoiceFailed for what is no syllable: the engine would spell it, or drop it without a word.
    """
    said = [LETTERS.get(one.pinyin.upper()) or for_espeak(one.pinyin) for one in syllables]
    for text in said:
        if _SOUNDS.fullmatch(text) is None:
            raise failed(f"“{printable(text)[:20]}”不是拼音", f"{printable(text)[:20]!r} is no syllable")
    return " ".join(said)


def printable(text: str) -> str:
    """Without control characters, surrogates and what is assigned to nothing: a NUL drops the rest of a text."""
    return "".join(char if unicodedata.category(char) not in _INVISIBLE else " " for char in text)
