"""What a person should look at: polyphones whose sources disagree, and characters that nobody can say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadcaster.model.texts import Doubt, DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.pinyin import Sounding


def doubts(spoken: str, origins: Sequence[int], sounding: Sounding) -> Iterator[Doubt]:
    """In the order of the text. *origins*: where each character of *spoken* stands in the text as written."""
    for sound in sounding.sounds:
        if sound.others:
            yield Doubt(
                kind=DoubtKind.POLYPHONE,
                start=origins[sound.at],
                written=sound.syllable.char,
                reading=sound.syllable.pinyin,
                alternatives=sound.others,
                why=_several(sound.syllable.char),
            )
    for at in dict.fromkeys(spoken.index(spoken[at]) for at in sounding.silent):
        yield Doubt(
            kind=DoubtKind.DROPPED,
            start=origins[at],
            written=spoken[at],
            reading="",
            why=_unknown(spoken[at]),
        )


def _several(char: str) -> Sentence:
    return Sentence(
        f"“{char}”有几种读法，请看这里念得对不对；不对，写进 lexicon.toml。",
        f"{char!r} has several readings. Look whether this is the right one; if not, put the word into lexicon.toml.",
    )


def _unknown(char: str) -> Sentence:
    return Sentence(
        f"“{char}”这个字不知道怎么念，没有念。请换一个字，或者把它写进 lexicon.toml。",
        f"nobody knows how to say {char!r}, so it is left out. Write it otherwise, or put it into lexicon.toml.",
    )
