"""An outer half that does nothing but define its inner half: the inner half's body becomes its own.

Only the plain case: whatever could be seen, from a default to a string of several lines, keeps the inner
function. This runs on the rewritten text, in which the outer half ends with ``await inner(receive, send)``.
"""

from __future__ import annotations

import ast
from typing import Dict, Iterator, List, Optional, Tuple, Union

from ..analysis import Analysis
from ..registry import register
from ..source import Edit, Source, apply_edits
from .closures import ROW as CLOSURES

ROW = register(
    "flattening",
    "an outer half that only defines its inner half takes over its body",
    """\
def app(scope):
    async def instance(receive, send):
        # the only thing that is here
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})
    return instance
""",
    """\
async def app(scope, receive, send):
    # the only thing that is here
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})
""",
)
_Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: Where a statement holds statements. The body of a lambda is an expression, not a list.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
#: Look at the function that they are called in.
_LOOKERS = frozenset(
    ["super", "__class__", "locals", "vars", "dir", "eval", "exec", "_getframe", "currentframe", "stack"]
)


def flatten(analysis: Analysis, text: str) -> str:
    """Return a rewritten text in which the plain outer halves among those that were converted are flat."""
    candidates: List[ast.AST] = [
        outer.function
        for outer in analysis.outers.values()
        if outer.function in analysis.converted and [leaf.rule for leaf in outer.leaves] == [CLOSURES.name]
    ]
    if not candidates:
        return text
    source = Source(text.encode("utf-8", "surrogatepass"))
    edits: List[Edit] = []
    for node in _same_names(analysis.module.tree, source.tree, candidates):
        edit = _flat(source, node)
        if edit is not None and not any(_overlap(edit, other) for other in edits):
            edits.append(edit)
            analysis.used[ROW.name] = analysis.used.get(ROW.name, 0) + 1
    return apply_edits(text, edits) if edits else text


def _same_names(before: ast.Module, after: ast.Module, wanted: List[ast.AST]) -> Iterator[_Definition]:
    """Yield what has become of definitions, of those that are the only ones of their names."""
    now = _by_name(after)
    for name, found in _by_name(before).items():
        if len(found) == len(now.get(name, ())) == 1 and found[0] in wanted:
            yield now[name][0]


def _overlap(first: Edit, second: Edit) -> bool:
    return first.start < second.end and second.start < first.end


def _by_name(tree: ast.Module) -> Dict[str, List[_Definition]]:
    """Return the definitions of a module by their qualified names."""
    found: Dict[str, List[_Definition]] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for name in _BLOCKS:
            for child in getattr(node, name, None) or ():
                inside = prefix
                if isinstance(child, _DEFINITIONS):
                    inside = f"{prefix}.{child.name}"
                    found.setdefault(inside, []).append(child)
                visit(child, inside)

    visit(tree, "")
    return found


def _flat(source: Source, outer: _Definition) -> Optional[Edit]:
    """Return the edit that puts the body of an inner half in its place, None where it is not plain."""
    halves = _halves(outer)
    if halves is None:
        return None
    outer, inner, call = halves
    if not (_is_plain_definition(outer, inner, call) and _is_plain_body(outer, inner)):
        return None
    lines = _lines(source, inner, call)
    if lines is None:
        return None
    start = source.line_start(inner.lineno)
    return Edit(start, source.line_end(call.end_lineno or call.lineno), source.newline.join(lines))


_Halves = Tuple[ast.AsyncFunctionDef, ast.AsyncFunctionDef, ast.Call]


def _halves(outer: _Definition) -> Optional[_Halves]:
    """Return the two functions and the call of the inner one, when there is nothing else."""
    if not isinstance(outer, ast.AsyncFunctionDef):
        return None
    body = outer.body[1:] if ast.get_docstring(outer, clean=False) is not None else outer.body
    if len(body) != 2 or not isinstance(body[0], ast.AsyncFunctionDef) or not isinstance(body[1], ast.Expr):
        return None
    value = body[1].value
    call = value.value if isinstance(value, ast.Await) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == body[0].name:
        return outer, body[0], call
    return None


def _is_plain_definition(outer: ast.AsyncFunctionDef, inner: ast.AsyncFunctionDef, call: ast.Call) -> bool:
    """Return whether an inner half has two parameters of the outer half's names, and nothing else."""
    arguments = inner.args
    names = [argument.arg for argument in arguments.args]
    given = [argument.id for argument in call.args if isinstance(argument, ast.Name)]
    typed = {argument.arg for argument in outer.args.args if argument.annotation is not None}
    more = (arguments.vararg, arguments.kwarg, arguments.kwonlyargs, arguments.defaults, inner.decorator_list)
    return (
        not any((*more, call.keywords, getattr(arguments, "posonlyargs", ())))
        and names == given == [argument.arg for argument in outer.args.args][-2:]
        and all(argument.annotation is None or argument.arg in typed for argument in arguments.args)
        and (inner.returns is None or outer.returns is not None)
        and ast.get_docstring(inner, clean=False) is None
    )


def _is_plain_body(outer: ast.AsyncFunctionDef, inner: ast.AsyncFunctionDef) -> bool:
    """Return whether the body means the same one function further out."""
    kept = {argument.arg for argument in _parameters(outer)} - {a.arg for a in inner.args.args}
    uses = 0
    for node in ast.walk(outer):
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        if name in _LOOKERS:
            return False
        uses += name == inner.name
    return uses == 1 and not any(_is_odd(node, kept | {inner.name}) for node in _own(inner))


def _parameters(function: ast.AsyncFunctionDef) -> List[ast.arg]:
    arguments = function.args
    more = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*getattr(arguments, "posonlyargs", ()), *arguments.args, *arguments.kwonlyargs, *more]


def _own(function: ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield what a function does itself; of a definition inside it the definition alone."""
    waiting: List[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _is_odd(node: ast.AST, names: object) -> bool:
    """Return whether a node binds one of the names, declares names, yields, or returns a value."""
    if isinstance(node, ast.Return):
        return node.value is not None
    if isinstance(node, (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom)):
        return True
    bound = getattr(node, "name", None) if not isinstance(node, ast.alias) else node.asname or node.name
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        bound = node.id
    return bound in names  # type: ignore[operator]


def _lines(source: Source, inner: ast.AsyncFunctionDef, call: ast.Call) -> Optional[List[str]]:
    """Return the lines of an inner half's body as they are further out, None where that is not sure."""
    header = source.text[source.line_start(inner.lineno) : source.line_end(inner.lineno)]
    last = source.text[source.line_start(call.lineno) : source.line_end(call.end_lineno or call.lineno)]
    first = inner.body[0]
    deep, flat = source.indent(first), source.indent(inner)
    if not header.endswith(":") or first.lineno == inner.lineno or not deep.startswith(flat):
        return None
    if last.strip() != f"await {source.segment(call)}" or _has_string_of_lines(inner):
        return None
    text = source.text[source.line_start(inner.lineno + 1) : source.line_start(call.lineno)]
    lines = text.rstrip().split(source.newline)
    if any(line.strip() and not line.startswith(deep) for line in lines):
        return None
    return [flat + line[len(deep) :] if line.strip() else line for line in lines]


def _has_string_of_lines(node: ast.AST) -> bool:
    kinds = (ast.Constant, ast.JoinedStr)
    return any(
        isinstance(item, kinds) and (item.end_lineno or item.lineno) > item.lineno for item in ast.walk(node)
    )
