"""Hanzi with our pinyin → hanzi that a model with a lexicon of its own reads that way. Pure.

A model reads 重庆 as its lexicon has it, or as zhòng qìng. Where its reading of a character is not ours, a character
whose first reading is ours stands in: 虫庆 sounds right. What a lexicon lacks, engines leave out without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


class Homophones:
    """*lexicon*: word → phones, of the model."""

    def __init__(self, lexicon: Mapping[str, str]) -> None:
        self._phones = {word: phones for word, phones in lexicon.items() if len(word) == 1}
        self._sure = _sure(self._phones)

    def spelled(self, syllables: Iterable[tuple[str, str]]) -> str:
        """The text for the model, of (character, numbered pinyin)."""
        return "".join(self._char(char, pinyin) for char, pinyin in syllables)

    def unknown(self, text: str) -> str:
        """The characters of *text* that the model would leave out."""
        return "".join(dict.fromkeys(char for char in text if char not in self._phones))

    def _char(self, char: str, pinyin: str) -> str:
        sure = self._sure.get(pinyin)
        if sure is None or self._phones.get(char) == self._phones[sure]:
            return char
        return sure


def _sure(phones: Mapping[str, str]) -> dict[str, str]:
    """For each syllable, a character of the lexicon that sounds so: of those read so first, as most of them sound."""
    from pypinyin import Style, pinyin

    read_so: dict[str, list[str]] = {}
    for char in phones:
        if "㐀" <= char <= "鿿":
            (readings,) = pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
            read_so.setdefault(readings[0], []).append(char)
    found: dict[str, str] = {}
    for syllable, chars in read_so.items():
        usual, _ = Counter(phones[char] for char in chars).most_common(1)[0]
        found[syllable] = next(char for char in chars if phones[char] == usual)
    return found
