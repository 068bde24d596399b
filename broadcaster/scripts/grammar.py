"""The body of a script → a checked tree. Everything that a script may not do is refused here, in words.

The list says what is allowed. A new feature of the template engine stays outside until someone lets it in.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from broadcaster.errors import ScriptUnusable
from broadcaster.model.words import Sentence

FILTERS = ("names", "first", "number", "count")
ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Const),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Neg, nodes.Pos),
)
LOOPS_INSIDE_EACH_OTHER = 2
DEEPEST = 24
"""How far the tree may nest. Nobody writes deeper; the engine's own limits are far beyond."""
LARGEST_NUMBER = 10**9

_parser = ImmutableSandboxedEnvironment()


@dataclass(frozen=True, slots=True)
class Body:
    """A body that may be filled: its tree, and all names it asks for outside."""

    tree: nodes.Template
    names: frozenset[str]


def parse_body(text: str) -> Body:
    """The checked tree of *text*. Raises ScriptUnusable with the line and what is wrong there."""
    try:
        tree = _parser.parse(text)
    except TemplateSyntaxError as error:
        raise _unusable(
            error.lineno,
            f"空写得不对（{error.message}）。请看大括号成不成对，比如 {{{{ today }}}}。",
            f"a blank is written wrongly ({error.message}). See whether the braces match, as in {{{{ today }}}}.",
        ) from error
    # The engine's own parser gives up so on brackets nested a thousand deep and on numbers of thousands of digits.
    except (RecursionError, ValueError, OverflowError) as error:
        raise _too_deep(1) from error
    names: set[str] = set()
    _check(tree, _Place(), names)
    return Body(tree, frozenset(names))


@dataclass(frozen=True, slots=True)
class _Place:
    depth: int = 0
    loops: int = 0
    own: frozenset[str] = frozenset()
    """Names that a loop around this place gives."""


def _check(node: nodes.Node, place: _Place, names: set[str]) -> None:
    if place.depth > DEEPEST:
        raise _too_deep(node.lineno)
    if not isinstance(node, ALLOWED):
        raise _forbidden(node)
    match node:
        case nodes.Name():
            _check_name(node.name, node.lineno)
            if node.name not in place.own:
                names.add(node.name)
        case nodes.Getattr():
            _check_name(node.attr, node.lineno)
        case nodes.Filter():
            _check_filter(node)
        case nodes.Test() if node.name != "defined":
            raise _forbidden(node)
        case nodes.Const():
            _check_const(node)
        case nodes.Getitem():
            _check_index(node)
    if isinstance(node, nodes.For):
        _check_loop(node, place, names)
        return
    deeper = _Place(place.depth + 1, place.loops, place.own)
    for child in node.iter_child_nodes():
        _check(child, deeper, names)


def _check_loop(loop: nodes.For, place: _Place, names: set[str]) -> None:
    target = loop.target
    if loop.recursive or loop.test is not None or not isinstance(target, nodes.Name):
        raise _forbidden(loop)
    if place.loops >= LOOPS_INSIDE_EACH_OTHER:
        raise _unusable(
            loop.lineno,
            f"循环里面套循环，最多 {LOOPS_INSIDE_EACH_OTHER} 层。",
            f"loops may stand inside each other {LOOPS_INSIDE_EACH_OTHER} deep at most.",
        )
    if not isinstance(loop.iter, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter):
        raise _forbidden(loop)
    _check_name(target.name, loop.lineno)
    outside = _Place(place.depth + 1, place.loops, place.own)
    inside = _Place(place.depth + 1, place.loops + 1, place.own | {target.name, "loop"})
    _check(loop.iter, outside, names)
    for child in loop.body:
        _check(child, inside, names)
    for child in loop.else_:
        _check(child, outside, names)


def _check_name(name: str, line: int) -> None:
    if name.startswith("_"):
        raise _unusable(
            line, f"名字 '{name}' 不能以下划线开头。", f"the name '{name}' must not begin with an underscore."
        )


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise _unusable(
            node.lineno,
            f"没有叫 '{node.name}' 的写法。竖线后面能写的有：{'、'.join(FILTERS)}。",
            f"there is no filter called '{node.name}'. Known: {', '.join(FILTERS)}.",
        )
    are_plain = all(isinstance(argument, nodes.Const) for argument in node.args)
    if node.node is None or not are_plain or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise _forbidden(node)


def _check_const(node: nodes.Const) -> None:
    value = node.value
    if isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise _unusable(
            node.lineno,
            f"数太大，最多 {LARGEST_NUMBER}。",
            f"a number is too large, at most {LARGEST_NUMBER} is allowed.",
        )


def _check_index(node: nodes.Getitem) -> None:
    index = node.arg
    parts = (index.start, index.stop, index.step) if isinstance(index, nodes.Slice) else (index,)
    if not all(part is None or isinstance(part, nodes.Const | nodes.Neg) for part in parts):
        raise _forbidden(node)


def _forbidden(node: nodes.Node) -> ScriptUnusable:
    what = type(node).__name__
    return _unusable(
        node.lineno,
        f"稿件里不能这样写（{what}）。只能填空、判断（if）和把名单念一遍（for）。",
        f"a script may not do this ({what}). It may fill blanks, ask (if) and go through a list (for).",
    )


def _too_deep(line: int) -> ScriptUnusable:
    return _unusable(line, "空写得太复杂，请写简单些。", "the blanks are too complicated. Write them simpler.")


def _unusable(line: int, zh: str, en: str) -> ScriptUnusable:
    return ScriptUnusable(Sentence(f"正文第 {line} 行：{zh}", f"line {line} of the body: {en}"))
