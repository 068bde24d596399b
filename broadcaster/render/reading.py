"""A text → how it will be spoken: normalised, then in pinyin, with what a person should look at."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from broadcaster.errors import TextUnusable
from broadcaster.model.texts import MAX_TEXT_CHARACTERS, Reading
from broadcaster.model.words import Sentence
from broadcaster.render.normalize import Spoken, normalize
from broadcaster.render.pinyin import Sounding, sound
from broadcaster.render.pinyin.doubts import doubts as doubts_of_sound

MOST_READ = 200_000
KEPT = 16
"""Texts whose sound is remembered: a page that is looked at is looked at again."""


def read_text(text: str, lexicon: Iterable[tuple[str, str]] = ()) -> Reading:
    """How *text* is spoken. *lexicon*: words with numbered pinyin, wins over the shipped one. Raises TextUnusable."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise TextUnusable(
            Sentence(
                f"这段话有 {len(text)} 个字，最多 {MAX_TEXT_CHARACTERS} 个。请分成几段。",
                f"the text has {len(text)} characters, at most {MAX_TEXT_CHARACTERS} are allowed. Split it.",
            )
        )
    reading = read_any(text, lexicon)
    if not reading.syllables:
        raise TextUnusable(Sentence("这段话里没有可念的字。", "there is nothing to say in this text."))
    return reading


def read_any(text: str, lexicon: Iterable[tuple[str, str]] = ()) -> Reading:
    """Like ``read_text``, for looking: empty texts have no syllables, and what is beyond 200,000 characters is cut."""
    text = text[:MOST_READ]
    return put_together(text, *steps(text, tuple(lexicon)))


def steps(text: str, lexicon: tuple[tuple[str, str], ...]) -> tuple[Spoken, Sounding]:
    """*text* normalised, and how that sounds."""
    return _remembered(text, lexicon) if len(text) <= MAX_TEXT_CHARACTERS else _taken(text, lexicon)


def _taken(text: str, lexicon: tuple[tuple[str, str], ...]) -> tuple[Spoken, Sounding]:
    normal = normalize(text)
    return normal, sound(normal.text, lexicon)


_remembered = lru_cache(KEPT)(_taken)


def put_together(text: str, normal: Spoken, sounding: Sounding) -> Reading:
    """The reading of *text* from its two steps."""
    return Reading(
        text=text,
        spoken=without(normal.text, sounding.silent),
        syllables=tuple(one.syllable for one in sounding.sounds),
        doubts=(*normal.doubts, *doubts_of_sound(normal.text, normal.origins, sounding)),
    )


def without(spoken: str, silent: Iterable[int]) -> str:
    """*spoken* without the characters at these places."""
    places = frozenset(silent)
    return "".join(char for at, char in enumerate(spoken) if at not in places) if places else spoken
