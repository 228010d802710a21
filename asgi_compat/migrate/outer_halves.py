"""Make single-callables of outer halves: the signature, and a call where something was returned."""

from __future__ import annotations

import ast
from typing import List, Optional, Tuple

from .analysis import Analysis
from .endings import ends, is_last
from .lambdas import convert_lambda, names
from .module import DEFS, Module, dotted, returns
from .recognition import OuterHalf, is_none, refuse_unknown
from .registry import Leaf, Refusal, step
from .source import Edit

_KNOWN_DECORATORS = frozenset(["staticmethod", "classmethod", "wraps", "override", "abstractmethod"])
NOTHING = 'raise TypeError("no application for this scope")'


@step(2)
def convert(analysis: Analysis) -> None:
    """Convert the outer halves whose rewrites are all chosen."""
    for outer in analysis.outers.values():
        if not all(leaf.rule in analysis.rules for leaf in outer.leaves):
            continue
        refuse_unknown(outer)
        if isinstance(outer.function, ast.Lambda):
            convert_lambda(analysis, outer)
        else:
            _check(analysis, outer)
            _convert_function(analysis, outer)
        analysis.converted.add(outer.function)
        analysis.consumed.update(leaf.node for leaf in outer.leaves)


def _check(analysis: Analysis, outer: OuterHalf) -> None:
    module, function = analysis.module, outer.function
    assert isinstance(function, ast.FunctionDef)
    if function.args.vararg and not function.args.vararg.arg.strip("_").endswith("args"):
        raise Refusal(
            function, f"the parameters of {outer.name} cannot be seen: it takes *{function.args.vararg.arg}"
        )
    for decorator in function.decorator_list:
        if not _is_known_decorator(analysis, decorator):
            raise Refusal(
                decorator,
                f"what the decorator {dotted(_head(decorator))} makes of {outer.name} cannot be seen",
            )
    for node, leaves in outer.returned:
        if leaves or node is not function:
            _check_return(module, function, node)
    _check_twice(module, function)


def _head(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _is_known_decorator(analysis: Analysis, decorator: ast.expr) -> bool:
    head = _head(decorator)
    if dotted(head).rpartition(".")[2] in _KNOWN_DECORATORS:
        return True
    target = analysis.definition(head)
    if not isinstance(target, ast.FunctionDef):
        return False
    if not isinstance(decorator, ast.Call):
        return _gives_application(analysis, target)
    made = _returned_by_name(analysis, target)  # a decorator that takes arguments: look at what it returns
    return bool(made) and all(
        isinstance(found, ast.FunctionDef) and _gives_application(analysis, found) for found in made
    )


def _returned_by_name(analysis: Analysis, function: ast.FunctionDef) -> List[Optional[ast.AST]]:
    """Return what each ``return`` of a function names, None for one that names nothing."""
    values = [node.value for node in returns(analysis.module, function)]
    return [analysis.module.value(v.id, v) if isinstance(v, ast.Name) else None for v in values]


def _gives_application(analysis: Analysis, decorator: ast.FunctionDef) -> bool:
    """Return whether a decorator returns what it is given, or an outer half of this module."""
    given = decorator.args.args[0] if decorator.args.args else None
    made = _returned_by_name(analysis, decorator)
    return bool(made) and all(
        found is not None and (found is given or found in analysis.outers) for found in made
    )


def _check_return(module: Module, function: ast.AST, node: ast.AST) -> None:
    """Refuse a return where an exception or the end of the call is looked at around it."""
    inner: ast.AST = node
    for outer in module.ancestors(node):
        if outer is function:
            return
        if isinstance(outer, ast.Try) or type(outer).__name__ == "TryStar":
            tried = any(item is inner for item in outer.body)  # type: ignore[attr-defined]
            if outer.finalbody or (tried and outer.handlers):  # type: ignore[attr-defined]
                raise Refusal(
                    node,
                    "it is returned inside a try: what the connection raises later would be caught here, too"
                    " (is it asked whether this application wants the scope?)",
                )
        elif isinstance(outer, (ast.With, ast.AsyncWith)):
            raise Refusal(
                node, "it is returned inside a with, which would then last as long as the connection"
            )
        inner = outer


def _check_twice(module: Module, function: ast.FunctionDef) -> None:
    """Refuse a function of which another one, by a condition, has the same name."""
    if isinstance(module.parents[function], ast.Module):
        return
    parent = module.parents[function]
    others = module.tables.get(module.scope_of(function), {}).get(function.name, [])
    different = [
        d for d in others if isinstance(d, DEFS) and d is not function and module.parents[d] is not parent
    ]
    same = [d for d in others if isinstance(d, DEFS) and d is not function and module.parents[d] is parent]
    if isinstance(parent, (ast.If, ast.Try)) and (different or same):
        raise Refusal(function, f"how {function.name} is called depends on a condition")


def _convert_function(analysis: Analysis, outer: OuterHalf) -> None:
    module, function = analysis.module, outer.function
    assert isinstance(function, ast.FunctionDef)
    source = module.source
    receive, send = names(analysis, outer)
    for rule in {leaf.rule for leaf in outer.leaves}:
        analysis.used.setdefault(rule, 0)
    start = source.start(function)
    analysis.edits.append(Edit(start, start, "async "))
    analysis.edits.append(_parameters(analysis, outer, receive, send))
    if function.returns is not None and not is_none(function.returns):
        analysis.edits.append(Edit(source.start(function.returns), source.end(function.returns), "None"))
    _warn_about_database(analysis, function)
    known = {node for node, _ in outer.returned}
    for node in returns(module, function):
        if node in known:
            leaves = next(found for at, found in outer.returned if at is node)
            _convert_return(analysis, function, node, leaves, (receive, send))
    if not ends(function.body):
        _raise_at_the_end(analysis, function)


def _warn_about_database(analysis: Analysis, function: ast.FunctionDef) -> None:
    if any(
        isinstance(node, ast.Attribute) and node.attr == "objects" for node in analysis.module.own(function)
    ):
        analysis.warn(function, "Django refuses database work in a coroutine: use database_sync_to_async")


def _parameters(analysis: Analysis, outer: OuterHalf, receive: str, send: str) -> Edit:
    source = analysis.module.source
    at = source.end(outer.scope)
    annotation = outer.scope.annotation
    if annotation is None:
        return Edit(at, at, f", {receive}, {send}")
    first, second = _annotations(analysis, outer)
    if not first:
        return Edit(at, at, f", {receive}, {send}")
    return Edit(at, at, f", {receive}: {first}, {send}: {second}")


def _annotations(analysis: Analysis, outer: OuterHalf) -> Tuple[str, str]:
    """Return the annotations of receive and send: those of the module, or of an inner half."""
    module = analysis.module
    if all(module.bound(name, module.tree)[1] for name in ("Receive", "Send")):
        return "Receive", "Send"
    for leaf in outer.leaves:
        inner = module.value(leaf.node.id, leaf.node) if isinstance(leaf.node, ast.Name) else None
        arguments = inner.args.args if isinstance(inner, DEFS) else []
        found = {a.arg: module.source.segment(a.annotation) for a in arguments if a.annotation is not None}
        if set(found) == {"receive", "send"} and len(arguments) == 2:
            return found["receive"], found["send"]
    return "", ""


def _convert_return(
    analysis: Analysis, function: ast.FunctionDef, node: ast.Return, leaves: List[Leaf], pair: Tuple[str, str]
) -> None:
    source = analysis.module.source
    start = source.start(node)
    if node.value is None or not leaves:
        analysis.edits.append(Edit(start, source.end(node), NOTHING))
        return
    tail = is_last(analysis.module, function, node) and ends(function.body)
    if isinstance(node.value, ast.IfExp):
        for leaf in leaves:
            at = source.start(leaf.node)
            analysis.edits.append(Edit(at, at, "await "))
        if tail and source.text[start + 6 : start + 7] == " ":
            analysis.edits.append(Edit(start, start + 7, ""))
    elif tail:
        analysis.edits.append(Edit(start, start + 6, "await"))
    else:
        analysis.edits.append(Edit(start + 6, start + 6, " await"))
    for leaf in leaves:
        analysis.edit(leaf.rule, *leaf.call(*pair))


def _raise_at_the_end(analysis: Analysis, function: ast.FunctionDef) -> None:
    """None was returned, which cannot be called. The connection fails as it did."""
    source = analysis.module.source
    last = function.body[-1]
    first = (
        next(node for node in function.body if source.is_first_on_line(node))
        if any(source.is_first_on_line(node) for node in function.body)
        else None
    )
    if first is None:
        raise Refusal(function, f"{function.name} may end without returning anything")
    at = source.line_end(last.end_lineno or last.lineno)
    analysis.edits.append(Edit(at, at, f"{source.newline}{source.indent(first)}{NOTHING}"))
