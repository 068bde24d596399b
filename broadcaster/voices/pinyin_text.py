"""Syllables as espeak-ng's voice ``cmn-latn-pinyin`` is given them: numbered pinyin and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from broadcaster.model.texts import Syllable

LETTERS = {
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5", "G": "ji4", "H": "ei1 chi5", "I": "ai4",
    "J": "zhei4", "K": "kei4", "L": "ai2 lou5", "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4", "Q": "kiu1",
    "R": "a2 er5", "S": "ai2 si5", "T": "ti4", "U": "you1", "V": "wei1", "W": "da2 bu5 liu5", "X": "ai2 ke5 si5",
    "Y": "wai1", "Z": "zei4",
}  # fmt: skip
"""How people here say Latin letters."""

# espeak-ng 1.52 cannot say these three rhymes; both versions read the right-hand forms.
_REWRITTEN = {"jiong": "jong", "qiong": "qong", "xiong": "xong"}


def for_espeak(syllable: str) -> str:
    """``xiong2`` → ``xong2``; everything else as it is."""
    return _REWRITTEN.get(syllable[:-1], syllable[:-1]) + syllable[-1:]


def espeak_text(syllables: Iterable[Syllable]) -> str:
    """No digit of a number and no hanzi is in it; syllables are separated by spaces."""
    return " ".join(LETTERS.get(one.pinyin.upper()) or for_espeak(one.pinyin) for one in syllables)
