"""A text as people write it → hanzi and Latin letters that can be spoken, with the few marks that a voice pauses at.

Every rule is small, has a name, and stands in one fixed order: what was pasted along is taken out, then what names
something (telephones, plates, codes) is read before what tells a time, and that before what counts.
Normalising what came out changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadcaster.model.texts import Doubt
from broadcaster.render.normalize import amounts, codes, counts, dates, marks, markup, relations, times
from broadcaster.render.normalize.clean import plain
from broadcaster.render.normalize.draft import Draft, Rule

RULES: tuple[Rule, ...] = (
    *markup.RULES,
    *codes.RULES,
    *dates.RULES,
    *times.RULES,
    *amounts.RULES,
    *relations.RULES,
    *amounts.UNIT_RULES,
    *counts.RULES,
    *marks.RULES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A text made speakable."""

    text: str
    """Hanzi, Latin letters, 《》“” for the eye and ，、；：。！？ and line ends for pauses. No digit is left in it."""
    origins: tuple[int, ...]
    """For each character of *text* the place in the written text that it comes from, never falling."""
    doubts: tuple[Doubt, ...]
    """What a person should look at, in the order of the written text."""


def normalize(written: str) -> Spoken:
    """How *written* is spoken. Any text is taken; what nobody can say is left out with a doubt."""
    pieces = [plain(char) for char in written]
    origins = [at for at, piece in enumerate(pieces) for _ in piece]
    draft = Draft(written, "".join(pieces), origins)
    for rule in RULES:
        draft.apply(rule)
    doubts = sorted(draft.doubts, key=lambda doubt: doubt.start)
    return Spoken(text=draft.text, origins=tuple(draft.origins), doubts=tuple(doubts))
