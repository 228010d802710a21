"""Make single-callables of outer halves: the signature, and a call where something was returned."""

from __future__ import annotations

import ast
from typing import List, Optional, Sequence, Tuple

from .analysis import Analysis
from .module import DEFS, Module, dotted, returns
from .recognition import OuterHalf, is_none, refuse_unknown
from .registry import Leaf, Refusal, step
from .source import Edit

_KNOWN_DECORATORS = frozenset(["staticmethod", "classmethod", "wraps", "override", "abstractmethod"])
#: The name of what was a lambda.
LAMBDA = "asgi_application"
NOTHING = 'raise TypeError("no application for this scope")'


@step(2)
def convert(analysis: Analysis) -> None:
    """Convert the outer halves whose rewrites are all chosen."""
    for outer in analysis.outers.values():
        if not all(leaf.rule in analysis.rules for leaf in outer.leaves):
            continue
        refuse_unknown(outer)
        if isinstance(outer.function, ast.Lambda):
            _convert_lambda(analysis, outer)
        else:
            _check(analysis, outer)
            _convert_function(analysis, outer)
        analysis.converted.add(outer.function)
        analysis.consumed.update(leaf.node for leaf in outer.leaves)


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
    bound = [module.bound(name, module.tree)[1] for name in ("Receive", "Send")]
    if all(bound):
        return "Receive", "Send"
    for leaf in outer.leaves:
        inner = module.value(leaf.node.id, leaf.node) if isinstance(leaf.node, ast.Name) else None
        if isinstance(inner, DEFS) and len(inner.args.args) == 2:
            first, second = [p.annotation for p in inner.args.args]
            if (
                first is not None
                and second is not None
                and {a.arg for a in inner.args.args} == {"receive", "send"}
            ):
                pair = [module.source.segment(first), module.source.segment(second)]
                return (pair[0], pair[1]) if inner.args.args[0].arg == "receive" else (pair[1], pair[0])
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


def is_last(module: Module, function: ast.AST, node: ast.stmt) -> bool:
    """Return whether nothing of a function can run after a statement.

    >>> from .source import Source
    >>> module = Module(Source(b"def f(x):\\n    if x:\\n        return 1\\n    return 2\\n"))
    >>> function = module.tree.body[0]
    >>> sorted(is_last(module, function, node) for node in returns(module, function))
    [False, True]
    """
    inner: ast.AST = node
    for outer in module.ancestors(node):
        body: Sequence[ast.stmt]
        if isinstance(outer, (ast.For, ast.AsyncFor, ast.While)):
            return False
        if isinstance(outer, ast.Try):
            return False
        blocks = [getattr(outer, name, None) for name in ("body", "orelse")]
        body = next((b for b in blocks if isinstance(b, list) and any(item is inner for item in b)), [])
        if body and body[-1] is not inner:
            return False
        if outer is function:
            return True
        inner = outer
    return False


def ends(body: Sequence[ast.stmt]) -> bool:
    """Return whether the end of a block is never reached.

    >>> ends(ast.parse("raise ValueError").body), ends(ast.parse("if x: raise ValueError").body)
    (True, False)
    """
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and ends(last.body) and ends(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return ends(last.body)
    if isinstance(last, ast.Try):
        tried = ends(last.orelse or last.body) and all(ends(handler.body) for handler in last.handlers)
        return tried or (bool(last.finalbody) and ends(last.finalbody))
    if isinstance(last, (ast.For, ast.While)) and last.orelse:
        return ends(last.orelse)
    return isinstance(last, ast.While) and isinstance(last.test, ast.Constant) and bool(last.test.value)


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


def _convert_lambda(analysis: Analysis, outer: OuterHalf) -> None:
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
