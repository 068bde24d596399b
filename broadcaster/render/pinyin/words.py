"""A run of hanzi → the words it is made of: as few and as well known as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from broadcaster.render.pinyin import tables

_WORD = 20
_SHIPPED_WORD = 19
_SINGLE = 21
_PARTICLE = 14
_OWN_WORD = -1_000
"""What a word costs; an own word per character. A station's own word always wins; a lone particle is likelier than
another lone character."""

_PARTICLES = frozenset(
    "的了是在和把被从就不也都有这那我你他她它们到得地着过要会能让给对向往与及或而但又再还很太最个上下里外吗吧呢啊请等某并且将由以于为"
)


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The station's own words over the shipped ones."""

    own: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, tuple[int, ...]] = field(init=False)
    """Lengths of the own words, by their first character."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", tables.lengths(self.own))


def split(run: str, lexicons: Lexicons, *, in_parts: bool = False) -> Sequence[str]:
    """The cheapest way to cut *run* into words; *in_parts*: into two at least, as if it were no word itself."""
    own, shipped, phrases, known = lexicons.own, tables.shipped(), tables.phrases(), tables.word_lengths()
    end_of_run = len(run)
    longest = end_of_run - in_parts
    best = [0] + [1 << 40] * end_of_run
    length = [0] * (end_of_run + 1)
    for start in range(end_of_run):
        so_far, char = best[start], run[start]
        cost = so_far + (_PARTICLE if char in _PARTICLES else _SINGLE)
        if cost < best[start + 1]:
            best[start + 1], length[start + 1] = cost, 1
        for size in known.get(char, ()):
            end = start + size
            if end > end_of_run or size > longest:
                break
            word = run[start:end]
            if word in shipped:
                cost = so_far + _SHIPPED_WORD
            elif word in phrases:
                cost = so_far + _WORD
            else:
                continue
            if cost < best[end]:
                best[end], length[end] = cost, size
        for size in lexicons.starts.get(char, ()):
            end = start + size
            if end <= end_of_run and run[start:end] in own and so_far + _OWN_WORD * size < best[end]:
                best[end], length[end] = so_far + _OWN_WORD * size, size
    words = []
    end = end_of_run
    while end:
        words.append(run[end - length[end] : end])
        end -= length[end]
    return words[::-1]
