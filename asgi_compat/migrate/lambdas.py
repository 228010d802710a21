"""Outer halves that are lambdas, and names for receive and send that are free in an outer half."""

from __future__ import annotations

import ast
from typing import List, Optional, Tuple

from .analysis import Analysis
from .module import Module
from .recognition import OuterHalf
from .registry import Refusal
from .source import Edit

#: The name of what was a lambda.
LAMBDA = "asgi_application"


def names(analysis: Analysis, outer: OuterHalf) -> Tuple[str, str]:
    """Return names for receive and send that hide nothing that the function uses."""
    module = analysis.module
    for pair in (("receive", "send"), ("asgi_receive", "asgi_send")):
        if not any(_uses(module, outer.function, name) for name in pair):
            return pair
    raise Refusal(outer.function, f"{outer.name} uses the names receive and send for something else")


def _uses(module: Module, function: ast.AST, name: str) -> bool:
    if name in module.tables.get(function, {}):
        return True
    for node in module.reads.get(name, []):
        if module.inside(node, function):
            scope, _ = module.bound(name, node)
            if scope is None or not module.inside(scope, function) or scope is function:
                return True
    return False


def convert_lambda(analysis: Analysis, outer: OuterHalf) -> None:
    """Make a function of a lambda that has a name or is returned, and a longer lambda of another."""
    module, function = analysis.module, outer.function
    source = module.source
    receive, send = names(analysis, outer)
    scope_end = source.end(outer.scope)
    added = Edit(scope_end, scope_end, f", {receive}, {send}")
    statement = module.parents[function]
    target = _only_target(statement)
    last: List[Edit] = []
    if target is not None and isinstance(statement, (ast.Assign, ast.AnnAssign)):
        last = _name_lambda(analysis, outer, statement, target, added)
    elif isinstance(statement, ast.Return) and source.is_first_on_line(statement):
        taken = {name for table in module.tables.values() for name in table}
        if LAMBDA in taken:
            raise Refusal(function, "this lambda needs a name to be a single-callable")
        (cut,) = _name_lambda(analysis, outer, statement, LAMBDA, added)
        last = [cut._replace(text=f"{source.newline}{source.indent(statement)}return {LAMBDA}")]
    else:
        analysis.edits.append(added)
    for leaf in outer.leaves:
        if last:
            analysis.edits.append(Edit(source.start(leaf.node), source.start(leaf.node), "await "))
        analysis.edit(leaf.rule, *leaf.call(receive, send))
    analysis.edits.extend(last)


def _name_lambda(
    analysis: Analysis, outer: OuterHalf, statement: ast.stmt, name: str, added: Edit
) -> List[Edit]:
    """Begin a function in the place of a lambda: no server takes one for a single-callable.

    Returns the edit that ends it.
    """
    source, function = analysis.module.source, outer.function
    assert isinstance(function, ast.Lambda)
    start, body = source.start(function) + 6, source.start(function.body)
    arguments = source.text[start:body]
    opening = arguments.rstrip().rstrip("(").rstrip()
    tail = source.text[source.end(function.body) : source.end(statement)]
    if not opening.endswith(":") or "#" in arguments or tail.strip(" \t\r\n)"):
        raise Refusal(function, "a comment or bracket stands inside this lambda")
    space = len(arguments) - len(arguments.lstrip())
    indent = source.indent(statement)
    analysis.edits += [
        Edit(source.start(statement), start + space, f"async def {name}("),
        added,
        Edit(start + len(opening) - 1, body, f"):{source.newline}{indent}    "),
    ]
    return [Edit(source.end(function.body), source.end(statement), "")]


def _only_target(statement: ast.AST) -> Optional[str]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    return None
