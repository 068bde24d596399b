"""A body and facts → the text to speak, in a sandbox that can neither hang nor grow without bound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from broadcaster.errors import ScriptUnusable
from broadcaster.model.texts import MAX_TEXT_CHARACTERS
from broadcaster.model.words import Sentence
from broadcaster.scripts.grammar import LARGEST_NUMBER, parse_body
from broadcaster.scripts.values import Record, plain

MOST_STEPS = 20_000
"""How often all loops of one text may turn, together."""

STEPS = "_steps"
"""Where the count of turns is kept; no script can name it, because of its underscore."""


def render(body: str, facts: Mapping[str, object]) -> str:
    """The body with its blanks filled, without empty lines. Raises ScriptUnusable."""
    text = _fill(body, facts) if "{" in body else body
    lines = (line.strip() for line in text.splitlines())
    spoken = "\n".join(line for line in lines if line)
    if not spoken:
        raise _unusable("填好以后没有一个字要念。", "nothing is left to say once it is filled.")
    return spoken


def _fill(body: str, facts: Mapping[str, object]) -> str:
    given = {name: plain(value) for name, value in facts.items()}
    pieces: list[str] = []
    length = 0
    try:
        for piece in _compiled(body).generate(given, **{STEPS: [0]}):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_TEXT_CHARACTERS:
                raise _unusable(
                    f"填好以后超过 {MAX_TEXT_CHARACTERS} 个字。", f"it grows beyond {MAX_TEXT_CHARACTERS} characters."
                )
    except UndefinedError as error:
        raise _unusable(
            f"有一个空没有内容（{error.message}）。", f"a blank has nothing in it ({error.message})."
        ) from error
    except (TemplateRuntimeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _unusable(f"有一个空算不出来（{error}）。", f"a blank cannot be worked out ({error}).") from error
    return "".join(pieces)


@lru_cache(maxsize=256)
def _compiled(body: str) -> Template:
    tree = parse_body(body).tree
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.lineno)
    tree.set_environment(_sandbox)
    return _sandbox.from_string(tree)


LOOP_PARTS = frozenset({"first", "last", "index", "index0", "length"})


class _Missing(StrictUndefined):
    """A fact that is not there: it may be asked for, never said."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override] # the strict one raises here as well
        return False


class _Sandbox(ImmutableSandboxedEnvironment):
    """Parts of records and lists can be reached, methods and attributes of anything cannot."""

    intercepted_binops = frozenset({"+", "-", "*"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, LoopContext) and argument in LOOP_PARTS:
            return getattr(obj, argument)
        is_part = (isinstance(obj, Record) and isinstance(argument, str)) or (
            isinstance(obj, tuple) and isinstance(argument, int | slice)
        )
        if is_part:
            try:
                return obj[argument]
            except (KeyError, IndexError):
                pass
        raise _unusable(f"里面没有 '{argument}' 这一项。", f"there is no part '{argument}' in it.")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not (_is_number(left) and _is_number(right)):
            raise _unusable(f"'{operator}' 只能用来算数。", f"'{operator}' works on numbers only.")
        result = super().call_binop(context, operator, left, right)
        if abs(result) > LARGEST_NUMBER:
            raise _unusable("算出来的数太大。", "a number grows too large.")
        return result


@pass_context
def _counted(context: Context, value: object) -> object:
    """Stands before every loop, so that loops inside loops cannot turn for ever."""
    if not isinstance(value, tuple):
        raise _unusable("只有名单能用 for 念一遍。", "only a list can be gone through with 'for'.")
    steps = context.get(STEPS)
    steps[0] += len(value)
    if steps[0] > MOST_STEPS:
        raise _unusable(f"循环转了超过 {MOST_STEPS} 圈。", f"its loops turn more than {MOST_STEPS} times.")
    return value


def _names(value: object) -> str:
    """People or words, joined as they are said: 单丽、解明、查红."""
    if not isinstance(value, tuple):
        raise _unusable("names 的前面要是名单。", "'names' needs a list before it.")
    return "、".join(_name(one) for one in value)


def _name(value: object) -> str:
    if isinstance(value, Record):
        value = value.get("called", value.get("name"))
    if not isinstance(value, str):
        raise _unusable("names 的前面要是人或者词的名单。", "'names' needs a list of people or words.")
    return value


def _first(value: object, number: object = None) -> object:
    if not isinstance(value, tuple) or not isinstance(number, int) or number < 0:
        raise _unusable("first 要这样写：top | first(3)。", "write 'first' like this: top | first(3).")
    return value[:number]


def _number(value: object) -> str:
    """Without thousands separators and needless decimals, as the reading rules understand it best."""
    if not _is_number(value):
        raise _unusable("number 的前面要是数。", "'number' needs a number before it.")
    return _said(value)


def _count(value: object) -> int:
    if not isinstance(value, tuple):
        raise _unusable("count 的前面要是名单。", "'count' needs a list before it.")
    return len(value)


def _said(value: object) -> str:
    """The last step before text: what is neither words nor a number must not reach the voice."""
    if isinstance(value, str):
        return value
    if isinstance(value, _Missing):
        value._fail_with_undefined_error()
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _unusable(
            "名单要写成 {{ top | names }} 才能念。", "a list can be said only like this: {{ top | names }}."
        )
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unusable(zh: str, en: str) -> ScriptUnusable:
    return ScriptUnusable(Sentence(zh, en))


def _sandbox_of_ours() -> _Sandbox:
    sandbox = _Sandbox(undefined=_Missing, finalize=_said, optimized=False, autoescape=False)
    sandbox.globals.clear()
    sandbox.filters = {"names": _names, "first": _first, "number": _number, "count": _count, "_counted": _counted}
    return sandbox


_sandbox = _sandbox_of_ours()
