"""A checked body → the names that must be there before it can be filled, told apart from optional ones."""

from __future__ import annotations

from jinja2 import nodes

from broadcaster.scripts.grammar import Body


def needed_names(body: Body) -> frozenset[str]:
    """The names used somewhere without an ``{% if %}`` that makes sure of them."""
    needed: set[str] = set()
    _collect(body.tree, frozenset(), needed)
    return frozenset(needed)


def _collect(node: nodes.Node, sure: frozenset[str], needed: set[str]) -> None:
    """Add to *needed* what *node* uses beyond the names that are *sure* at this place."""
    match node:
        case nodes.Name():
            if node.name not in sure:
                needed.add(node.name)
        case nodes.If():
            _collect_question(node.test, sure, needed)
            then, otherwise = _made_sure(node.test)
            _collect_all(node.body, sure | then, needed)
            _collect_all([*node.elif_, *node.else_], sure | otherwise, needed)
        case nodes.For():
            _collect(node.iter, sure, needed)
            assert isinstance(node.target, nodes.Name)
            _collect_all(node.body, sure | {node.target.name, "loop"}, needed)
            _collect_all(node.else_, sure, needed)
        case _:
            _collect_all(list(node.iter_child_nodes()), sure, needed)


def _collect_all(parts: list[nodes.Node], sure: frozenset[str], needed: set[str]) -> None:
    for part in parts:
        _collect(part, sure, needed)


def _collect_question(test: nodes.Node, sure: frozenset[str], needed: set[str]) -> None:
    """A bare name in a question may be missing: that is what is asked."""
    match test:
        case nodes.Name():
            pass
        case nodes.Test(node=nodes.Name(), name="defined"):
            pass
        case nodes.Not():
            _collect_question(test.node, sure, needed)
        case nodes.And() | nodes.Or():
            _collect_question(test.left, sure, needed)
            then, otherwise = _made_sure(test.left)
            _collect_question(test.right, sure | (then if isinstance(test, nodes.And) else otherwise), needed)
        case _:
            _collect(test, sure, needed)


def _made_sure(test: nodes.Node) -> tuple[frozenset[str], frozenset[str]]:
    """The names that are there when *test* holds, and those that are there when it does not."""
    match test:
        case nodes.Name():
            return frozenset({test.name}), frozenset()
        case nodes.Test(node=nodes.Name(name=str(name)), name="defined"):
            return frozenset({name}), frozenset()
        case nodes.Not():
            then, otherwise = _made_sure(test.node)
            return otherwise, then
        case nodes.And():
            return _made_sure(test.left)[0] | _made_sure(test.right)[0], frozenset()
        case nodes.Or():
            return frozenset(), _made_sure(test.left)[1] | _made_sure(test.right)[1]
        case _:
            return frozenset(), frozenset()
