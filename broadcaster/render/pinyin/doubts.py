"""What a person should look at: polyphones whose sources disagree, and characters that nobody can say."""

from __future__ import annotations

from collections.abc import Iterator

from broadcaster.model.texts import Doubt, DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.pinyin import Sounding


def doubts(written: str, spoken: str, sounding: Sounding) -> Iterator[Doubt]:
    """In the order of the text, each with its place in the text as written."""
    for sound in sounding.sounds:
        if sound.others:
            yield Doubt(
                kind=DoubtKind.POLYPHONE,
                start=place_in(written, spoken, sound.at),
                written=sound.syllable.char,
                reading=sound.syllable.pinyin,
                alternatives=sound.others,
                why=_several(sound.syllable.char),
            )
    for at in dict.fromkeys(spoken.index(spoken[at]) for at in sounding.silent):
        yield Doubt(
            kind=DoubtKind.DROPPED,
            start=place_in(written, spoken, at),
            written=spoken[at],
            reading="",
            why=_unknown(spoken[at]),
        )


def place_in(written: str, spoken: str, at: int) -> int:
    """Where the character at *at* of the spoken text stands in the written one; 0 where it does not stand there.

    Numbers become words in between, so the places are matched by what surrounds them: the longest stretch of the spoken
    text round the character that is in the written text too, and there the same occurrence.
    """
    for around in (6, 4, 3, 2, 1, 0):
        start, end = max(0, at - around), at + around + 1
        stretch = spoken[start:end]
        if stretch in written:
            occurrence = spoken.count(stretch, 0, start)
            return _nth(written, stretch, occurrence) + at - start
    return 0


def _nth(text: str, part: str, number: int) -> int:
    """The place of the *number*-th occurrence of *part*, or of the last one before it."""
    place = text.find(part)
    for _ in range(number):
        further = text.find(part, place + len(part))
        if further < 0:
            break
        place = further
    return place


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
