"""Of Bootstrap's stylesheet what our pages can use: its base and a handful of classes, a twentieth of the whole.

The whole is 230 kB, which a cheap phone on a thin line reads for a fifth of a second before it shows a word. What is
left out is decided by the words of our own templates and scripts, so a class that a page begins to use is there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import flask_bootstrap

SHEET = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
OURS = Path(__file__).parent
WRITTEN_IN = ("templates/**/*.html", "static/*.js", "**/*.py")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NEGATED = re.compile(r":not\([^)]*\)")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)|\[(data-bs-[\w-]+)")


@cache
def sheet() -> str:
    """For our pages. Raises OSError when the package is not there."""
    words: set[str] = set()
    for file in (file for where in WRITTEN_IN for file in OURS.glob(where)):
        words.update(_WORD.findall(file.read_text(encoding="utf-8")))
    return needed(SHEET.read_text(encoding="utf-8"), words)


@cache
def version() -> str:
    """Differs when the sheet does."""
    return hashlib.sha256(sheet().encode()).hexdigest()[:12]


def needed(css: str, words: Collection[str]) -> str:
    """The rules of *css* that may hold where every class is one of *words*, in their order."""
    return "".join(_rules(_COMMENT.sub("", css), words))


def _rules(css: str, words: Collection[str]) -> Iterator[str]:
    for head, body in _blocks(css):
        if not body:
            continue
        if head.startswith(("@media", "@supports")):
            inner = "".join(_rules(body, words))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            if head.startswith("@font-face") or head.split()[-1] in words:
                yield f"{head}{{{body}}}"
        else:
            selectors = [one for one in _selectors(head) if _may_hold(one, words)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of outermost braces, and in them; statements without braces are passed over."""
    start = depth = opened = 0
    for found in re.finditer(r"[{};]", css):
        match found[0]:
            case "{":
                depth += 1
                if depth == 1:
                    opened = found.start()
            case "}":
                depth -= 1
                if depth == 0:
                    yield css[start:opened].strip(), css[opened + 1 : found.start()]
                    start = found.end()
            case _ if depth == 0:
                start = found.end()


def _selectors(head: str) -> Iterator[str]:
    """The alternatives of a rule, split at commas outside of parentheses."""
    start = depth = 0
    for at, letter in enumerate(head):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            yield head[start:at]
            start = at + 1
    yield head[start:]


def _may_hold(selector: str, words: Collection[str]) -> bool:
    """Whether every class and every ``data-bs-`` name that *selector* asks for is used."""
    return all(one[1] in words or one[2] in words for one in _CLASS.finditer(_NEGATED.sub("", selector)))
