"""Two readings of one text → where they differ, old and new side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from broadcaster.model.texts import Syllable
from broadcaster.model.words import Sentence

CONTEXT = 2
"""Characters shown on either side, so that a person finds the place."""

PAUSES = "，、；：。！？,;!?\n"
"""Other marks are for the eye and make no difference to the ear."""

Sound = tuple[str, str]
"""A character and its syllable; empty for punctuation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One stretch that two readings say differently."""

    before: str
    """The approved way: hanzi, with pinyin behind what sounds differently."""
    after: str
    place: str
    """The stretch with its neighbours, as approved."""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            f"“{self.place}”：批准的念“{self.before}”，今天的规则念“{self.after}”",
            f"in “{self.place}”: approved “{self.before}”, today's rules say “{self.after}”",
        )


def differences(
    spoken: str, syllables: tuple[Syllable, ...], other: str, others: tuple[Syllable, ...]
) -> tuple[Difference, ...]:
    """Where *other* departs from *spoken* for the ear, in order. Pauses count."""
    before, after = list(_sounds(spoken, syllables)), list(_sounds(other, others))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    return tuple(
        Difference(
            before=_shown(before[start:end]),
            after=_shown(after[new_start:new_end]),
            place="".join(char for char, _ in before[max(0, start - CONTEXT) : end + CONTEXT]).replace("\n", " "),
        )
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    )


def _sounds(spoken: str, syllables: tuple[Syllable, ...]) -> Iterator[Sound]:
    left = iter(syllables)
    for char in spoken:
        if char.isalnum():
            yield char, next(left).pinyin
        elif char in PAUSES:
            yield char, ""


def _shown(sounds: list[Sound]) -> str:
    hanzi = "".join(char for char, _ in sounds).replace("\n", "⏎")
    pinyin = " ".join(said for _, said in sounds if said)
    return f"{hanzi} {pinyin}".strip() or "（停顿没有了 / no pause）"
