"""A table of words and how they are read, [lexicon] or one of lexicon.toml → pairs of word and numbered pinyin."""

from __future__ import annotations

import unicodedata

from broadcaster.model.pinyin import as_typed, is_syllable
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown
from broadcaster.schedule.table import Table

LONGEST_WORD = 20
MOST_WORDS = 5_000


def read_lexicon(table: Table) -> tuple[tuple[str, str], ...]:
    """Words and their readings, in the order of the file."""
    if len(table.values) > MOST_WORDS:
        count = len(table.values)
        table.complain(
            "",
            Sentence(
                f"有 {count} 个词，最多 {MOST_WORDS} 个。请只留念错的词。",
                f"there are {count} words, at most {MOST_WORDS} are allowed. Keep those that are misread.",
            ),
        )
        return ()
    pairs = []
    for word, value in table.values.items():
        found = _wrong_word(word) or _reading(word, value)
        if isinstance(found, Sentence):
            table.complain(word, found)
        else:
            pairs.append((word, found))
    return tuple(pairs)


def _wrong_word(word: str) -> Sentence | None:
    if 0 < len(word) <= LONGEST_WORD and all(_is_hanzi(char) for char in word):
        return None
    return Sentence(
        f"{shown(word)} 不能放进词表。只写 1 到 {LONGEST_WORD} 个汉字，不要标点和字母。",
        f"{shown(word)} cannot be in the lexicon. Write 1 to {LONGEST_WORD} Chinese characters, "
        "no punctuation and no letters.",
    )


def _is_hanzi(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK UNIFIED") or char == "〇"


def _reading(word: str, value: object) -> str | Sentence:
    text = as_typed(value) if isinstance(value, str) else ""
    syllables = text.split()
    wrong = [syllable for syllable in syllables if not is_syllable(syllable)]
    if not syllables or wrong:
        what = wrong[0] if wrong else value
        return Sentence(
            f"{shown(what)} 不是带声调的拼音。请一字一音，声调写数字（轻声 5，ü 写 v），"
            '例如 "大营村" = "da4 ying2 cun1"，或者照拼音标调。',
            f"{shown(what)} is not pinyin with tones. Write one syllable a character, with tone numbers (5 for the "
            'neutral tone, v for ü), for example "大营村" = "da4 ying2 cun1", or with tone marks.',
        )
    if len(syllables) != len(word):
        return Sentence(
            f"'{word}' 有 {len(word)} 个字，{shown(value)} 却有 {len(syllables)} 个音。请一字一音。",
            f"'{word}' has {len(word)} characters, but {shown(value)} has {len(syllables)} syllables. "
            "Write one syllable a character.",
        )
    return " ".join(syllables)
