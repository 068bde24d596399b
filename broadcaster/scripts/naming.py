"""Names of scripts: which can be, and a new one out of a kind and a title. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from broadcaster.errors import Refused
from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Sentence

LONGEST_PART = 80
LONGEST_STEM = 40
FORBIDDEN = frozenset('/\\:*?"<>|')
STEP = 10
_NUMBER = re.compile(r"(\d{3,6})-")


def checked(name: str) -> ScriptName:
    """*name* when it is ``FOLDER/STEM`` and can lead nowhere but into ``scripts/``. Raises Refused."""
    kind, slash, stem = name.partition("/")
    if slash and all(map(_is_part, (kind, stem))) and not stem.lower().startswith("readme"):
        return ScriptName(name)
    raise Refused(
        Sentence(
            f"“{name[:LONGEST_PART]}”不是稿件的名字。请从稿件页里点开。",
            f"{name[:LONGEST_PART]!r} is no name of a script. Open it from the page of scripts.",
        )
    )


def checked_kind(kind: str) -> str:
    """*kind* when it can be a folder below ``scripts/``. Raises Refused."""
    if _is_part(kind):
        return kind
    raise Refused(
        Sentence(
            f"没有“{kind[:LONGEST_PART]}”这一类。请选一类。", f"there is no kind {kind[:LONGEST_PART]!r}. Choose one."
        )
    )


def fresh(kind: str, syllables: Iterable[str], taken: Collection[str]) -> ScriptName:
    """A name that nobody has: the next number of its folder, and the sound of the title.

    *taken*: the stems that the folder holds or held.
    """
    numbers = [int(found[1]) for one in taken if (found := _NUMBER.match(one))]
    number = (max(numbers, default=0) // STEP + 1) * STEP
    words = "-".join(re.sub("[^a-z0-9]", "", one.lower().rstrip("12345")) or "x" for one in syllables)
    words = words[:LONGEST_STEM].strip("-") or "new"
    return ScriptName(f"{kind}/{number:03}-{words}")


def _is_part(part: str) -> bool:
    return (
        0 < len(part) <= LONGEST_PART
        and part.isprintable()
        and part == part.strip()
        and not part.startswith(".")
        and FORBIDDEN.isdisjoint(part)
    )
