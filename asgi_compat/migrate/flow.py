"""What runs between two places of a module, and what could see that something was moved."""

from __future__ import annotations

import ast
from typing import Iterator, List, Optional

from .module import FUNCTIONS, Module, dotted

#: Methods that change a scope.
_CHANGES = ("update", "setdefault", "pop", "popitem", "clear", "__setitem__")
#: Leave a trace of the order in which they are called.
_TRACES = frozenset(["append", "appendleft", "print", "put_nowait", "add", "write", "extend", "insert"])
_QUIET = frozenset(
    [
        "dict",
        "list",
        "tuple",
        "set",
        "str",
        "int",
        "float",
        "bool",
        "len",
        "getattr",
        "isinstance",
        "partial",
        "functools.partial",
        "Request",
        "WebSocket",
        "time.time",
        "time.monotonic",
        "time.perf_counter",
        "perf_counter",
        "monotonic",
        "MutableHeaders",
        "Headers",
        "URL",
        "logging.getLogger",
        "asyncio.new_event_loop",
        "asyncio.get_event_loop",
        "asyncio.get_running_loop",
        "wraps",
        "functools.wraps",
    ]
)


def handlers_around(module: Module, node: ast.AST, top: Optional[ast.AST] = None) -> List[ast.AST]:
    """Return the ``try`` statements whose handlers see what a node raises."""
    found: List[ast.AST] = []
    inner = node
    for outer in module.ancestors(node):
        if outer is top:
            break
        if any(item is inner for item in getattr(outer, "body", ())) and _catches(outer):
            found.append(outer)
        inner = outer
    return found


def _catches(node: ast.AST) -> bool:
    """Return whether a statement sees what its body raises: a ``try``, or ``with suppress()``."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        contexts = [getattr(item.context_expr, "func", item.context_expr) for item in node.items]
        return any(dotted(context).rpartition(".")[2] == "suppress" for context in contexts)
    return isinstance(node, ast.Try) and bool(node.handlers)


def loops_around(module: Module, node: ast.AST) -> List[ast.AST]:
    """Return the loops in which a node stands, comprehensions included."""
    kinds = (ast.For, ast.AsyncFor, ast.While, ast.comprehension, ast.ListComp, ast.SetComp, ast.GeneratorExp)
    return [outer for outer in module.ancestors(node) if isinstance(outer, kinds)]


def exclude_each_other(module: Module, first: ast.AST, second: ast.AST) -> bool:
    """Return whether only one of two places can be reached in one call."""
    chain = [second, *module.ancestors(second)]
    inner = first
    for outer in module.ancestors(first):
        if outer in chain:
            if isinstance(outer, (ast.If, ast.IfExp)):
                other = chain[chain.index(outer) - 1]
                if _branch(outer, inner) != _branch(outer, other) and "test" not in (
                    _branch(outer, inner), _branch(outer, other)
                ):  # fmt: skip
                    return True
            return _leaves_before(module, outer, first, second) or _leaves_before(
                module, outer, second, first
            )
        inner = outer
    return False


def _branch(node: ast.AST, child: ast.AST) -> str:
    for name in ("body", "orelse"):
        value = getattr(node, name, None)
        if value is child or (isinstance(value, list) and any(item is child for item in value)):
            return name
    return "test"


def _leaves_before(module: Module, block: ast.AST, first: ast.AST, second: ast.AST) -> bool:
    """Return whether the branch of the first place leaves the function before the second is reached."""
    if module.function_of(first) is not module.function_of(second) or _is_before(second, first):
        return False
    statement: ast.AST = module.statement_of(first)
    for outer in [statement, *module.ancestors(statement)]:
        if outer is block or module.inside(second, outer):
            break
        parent = module.parents[outer]
        if _ends_with_exit(parent, outer) and not module.inside(second, parent):
            return True
    return isinstance(statement, ast.Return)


def _ends_with_exit(parent: ast.AST, node: ast.AST) -> bool:
    """Return whether the block in which a statement stands ends by leaving the function."""
    if not isinstance(parent, (ast.If, ast.With, ast.AsyncWith, ast.Try, ast.ExceptHandler)):
        return False
    blocks = [getattr(parent, name, None) for name in ("body", "orelse", "handlers")]
    return any(
        isinstance(block, list) and node in block and isinstance(block[-1], (ast.Return, ast.Raise))
        for block in blocks
    )


def _is_before(first: ast.AST, second: ast.AST) -> bool:
    return position(first) < position(second)


def position(node: ast.AST) -> tuple[int, int]:
    """Return the line and column of a node."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def between(module: Module, function: ast.AST, start: ast.AST, end: Optional[ast.AST]) -> Iterator[ast.stmt]:
    """Yield the statements of one function behind a place, those around it left out, up to another place."""
    for node in module.own(function):
        if isinstance(node, ast.stmt) and position(node) > position(start) and not module.inside(start, node):
            if end is None or (position(node) < position(end) and not module.inside(end, node)):
                yield node


def changes_scope(module: Module, node: ast.AST, name: str) -> bool:
    """Return whether a statement changes the scope that has a name."""
    for item in ast.walk(node):
        if (
            isinstance(item, ast.Subscript)
            and isinstance(item.ctx, (ast.Store, ast.Del))
            and dotted(item.value) == name
        ):
            return True
        if (
            isinstance(item, (ast.Name, ast.Attribute))
            and isinstance(item.ctx, ast.Store)
            and dotted(item) == name
        ):
            return True
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute):
            if item.func.attr in _CHANGES and dotted(item.func.value) == name:
                return True
    return False


def has_effects(node: ast.AST) -> bool:
    """Return whether a statement may do something that others see."""
    if isinstance(
        node, (*FUNCTIONS, ast.ClassDef, ast.Pass, ast.Import, ast.ImportFrom, ast.Return, ast.Raise)
    ):
        return False
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return False
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    for item in ast.walk(node):
        if isinstance(item, (ast.Await, ast.Yield)):
            return True
        if isinstance(item, (ast.Subscript,)) and isinstance(item.ctx, (ast.Store, ast.Del)):
            return True
        if isinstance(item, ast.AugAssign):
            return True
        if isinstance(item, ast.Call) and not _is_quiet(item):
            return True
    return False


def _is_quiet(call: ast.Call) -> bool:
    name = dotted(call.func)
    last = name.rpartition(".")[2] or getattr(call.func, "attr", "")
    return name in _QUIET or last in (
        "get",
        "decode",
        "encode",
        "lower",
        "upper",
        "items",
        "copy",
        "strip",
        "split",
    )


def shows_order(module: Module) -> bool:
    """Return whether a constructor or an outer half of this module leaves a trace of when it ran."""
    return any(
        _leaves_trace(item)
        for node in module.nodes
        if isinstance(node, ast.FunctionDef) and any(a.arg.endswith("scope") for a in node.args.args)
        for item in module.own(node)
    )


def _leaves_trace(node: ast.AST) -> bool:
    """Return whether a statement writes to something that is not its own object."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    name = getattr(function, "attr", "") or dotted(function)
    return name in _TRACES and not dotted(function).startswith("self.")
