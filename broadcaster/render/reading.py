"""A text → how it will be spoken: normalised, then in pinyin, with what a person should look at. And its phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from broadcaster.errors import TextUnusable
from broadcaster.model.texts import MAX_TEXT_CHARACTERS, Reading, Syllable
from broadcaster.model.words import Sentence
from broadcaster.render.spoken import normalize
from broadcaster.render.spoken.pinyin import syllables

MOST_READ = 200_000
LONGEST_PHRASE = 120
"""Characters that a voice is given at once."""
_ENDS = re.compile(r"[，、；：。！？,;!?\n]+")
_SENTENCE = "。！？!?；;"


class Pause(Enum):
    """What follows a phrase."""

    NONE = "none"
    COMMA = "comma"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class PhraseBreak:
    """A stretch of speech without an inner pause, and the pause after it."""

    spoken: str
    syllables: tuple[Syllable, ...]
    pause: Pause


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
    spoken, doubts = normalize(text)
    return Reading(text=text, spoken=spoken, syllables=syllables(spoken, lexicon), doubts=doubts)


def phrases(reading: Reading) -> tuple[PhraseBreak, ...]:
    """The reading cut at its pauses; each phrase has at most 120 characters, and nothing is left out."""
    left = list(reading.syllables)
    found: list[PhraseBreak] = []
    place = 0
    for match in [*_ENDS.finditer(reading.spoken), None]:
        stretch = reading.spoken[place : match.start() if match else None]
        pause = _pause(match[0]) if match else Pause.SENTENCE
        place = match.end() if match else len(reading.spoken)
        found += _cut(stretch, pause, left)
    return tuple(found)


def _cut(stretch: str, pause: Pause, left: list[Syllable]) -> list[PhraseBreak]:
    """The phrases of one stretch; takes its syllables from the front of *left*."""
    found = []
    pieces = [stretch[start : start + LONGEST_PHRASE] for start in range(0, len(stretch), LONGEST_PHRASE)]
    for number, piece in enumerate(pieces, start=1):
        own: list[Syllable] = []
        for char in piece:
            if left and left[0].char == char.upper():
                own.append(left.pop(0))
        if own:
            found.append(PhraseBreak(piece, tuple(own), pause if number == len(pieces) else Pause.NONE))
    return found


def _pause(marks: str) -> Pause:
    if "\n" in marks:
        return Pause.PARAGRAPH
    return Pause.SENTENCE if any(mark in _SENTENCE for mark in marks) else Pause.COMMA
