"""A text while it is being made speakable: rules rewrite it, and each character still knows where it was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from broadcaster.model.texts import Doubt, DoubtKind
from broadcaster.model.words import Sentence

DIGITS = "0123456789"
_CLAUSE_ENDS = "。！？；!?;\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A reading that a person should look at."""

    reading: str
    alternatives: tuple[str, ...] = ()
    why: Sentence
    kind: DoubtKind = DoubtKind.NUMBER


Said = str | Unsure | None
"""What a rule makes of a match; None leaves it as it is, for a later rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One small thing known about how texts are read aloud."""

    name: str
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], Said]
    needs: frozenset[str] = frozenset(DIGITS)
    """A text with none of these characters has no match; empty: always look."""


def rule(name: str, pattern: str, say: Callable[[re.Match[str]], Said] | str, needs: str = DIGITS) -> Rule:
    """A rule from a pattern as text; *say* may be the fixed words for every match."""
    speak: Callable[[re.Match[str]], Said] = (lambda match: say) if isinstance(say, str) else say
    return Rule(name, re.compile(pattern, re.MULTILINE), speak, frozenset(needs))


def before(match: re.Match[str], length: int = 14) -> str:
    """The end of what stands before the match, within its sentence."""
    near = match.string[max(0, match.start() - length) : match.start()]
    return near[max(near.rfind(end) for end in _CLAUSE_ENDS) + 1 :]


def after(match: re.Match[str], length: int = 14) -> str:
    """The beginning of what follows the match."""
    return match.string[match.end() : match.end() + length]


@dataclass(slots=True)
class Draft:
    """The text so far, the place in the written text that each of its characters comes from, and the doubts."""

    written: str
    text: str
    origins: list[int]
    doubts: list[Doubt] = field(default_factory=list)
    _chars: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._chars = set(self.text)

    def apply(self, rule: Rule) -> None:
        """Rewrite every match of the rule's pattern, left to right."""
        if rule.needs and rule.needs.isdisjoint(self._chars):
            return
        pieces: list[str] = []
        origins: list[int] = []
        done = 0
        for match in rule.pattern.finditer(self.text):
            said = rule.say(match)
            if said is None:
                continue
            start, end = match.span()
            if isinstance(said, Unsure):
                self.doubt(start, end, said)
                said = said.reading
            pieces += (self.text[done:start], said)
            origins += self.origins[done:start]
            origins += self._origins_of(start, end, len(said))
            done = end
        if pieces:
            self.text = "".join(pieces) + self.text[done:]
            self.origins = origins + self.origins[done:]
            self._chars = set(self.text)

    def doubt(self, start: int, end: int, unsure: Unsure) -> None:
        """Note a doubt about the characters from *start* to *end* of the text so far."""
        first, last = self.origins[start], self.origins[end - 1] + 1
        self.doubts.append(
            Doubt(
                kind=unsure.kind,
                start=first,
                written=self.written[first:last],
                reading=unsure.reading,
                alternatives=unsure.alternatives,
                why=unsure.why,
            )
        )

    def _origins_of(self, start: int, end: int, length: int) -> list[int]:
        """Where the *length* new characters come from that stand for those from *start* to *end*."""
        if length <= end - start:
            return self.origins[start : start + length]
        return self.origins[start:end] + [self.origins[end - 1]] * (length - (end - start))
