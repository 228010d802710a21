"""Read the source of the line that raised: the statement, its conditions, and the object it called."""

from __future__ import annotations

import ast
import inspect
import linecache
from functools import lru_cache
from types import FrameType, TracebackType
from typing import Any, FrozenSet, Iterator, List, NamedTuple, Optional

_MISSING = object()
#: Longer files are not parsed: no module of an application is that long.
LONGEST = 20_000


class Statement(NamedTuple):
    """The statement at a line, and the tests of the conditions around it, as source."""

    node: ast.stmt
    text: str
    conditions: str

    @property
    def is_deliberate(self) -> bool:
        """Whether it is a ``raise`` or an ``assert``."""
        return isinstance(self.node, (ast.Raise, ast.Assert))


def last_frame(error: BaseException) -> Optional[TracebackType]:
    """Return the innermost entry of the traceback, None without one."""
    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return entry


@lru_cache(maxsize=32)
def _tree(source: str) -> Optional[ast.Module]:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _lines_of(entry: TracebackType) -> List[str]:
    frame = entry.tb_frame
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return lines if len(lines) <= LONGEST else []


def statement_of(entry: Optional[TracebackType]) -> Optional[Statement]:
    """Return the statement that an entry of a traceback is about, None where there is no source."""
    lines = _lines_of(entry) if entry is not None else []
    tree = _tree("".join(lines)) if lines else None
    if entry is None or tree is None:
        return None
    around = list(_around(tree, entry.tb_lineno))
    if not around:
        return None
    # Several statements may stand on one line.
    while len(around) > 1 and isinstance(around[-2], (ast.Raise, ast.Assert)):
        around.pop()
    inner = next((at for at in range(len(around) - 1, -1, -1) if _is_function(around[at])), 0)
    tests = [node.test for node in around[inner:] if isinstance(node, (ast.If, ast.While))]
    return Statement(around[-1], _text(lines, around[-1]), " ".join(_text(lines, test) for test in tests))


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def _around(tree: ast.AST, line: int) -> Iterator[ast.stmt]:
    """Yield the statements that a line is in, outermost first."""
    for node in ast.iter_child_nodes(tree):
        if not getattr(node, "lineno", line) <= line <= getattr(node, "end_lineno", line):
            continue
        if isinstance(node, ast.stmt):
            yield node
        yield from _around(node, line)


def _text(lines: List[str], node: ast.AST) -> str:
    return "".join(lines[node.lineno - 1 : node.end_lineno])  # type: ignore[attr-defined]


class Call(NamedTuple):
    """A call that failed: the name of what was called, the object if it can be seen, and the arguments."""

    name: str
    called: Any
    number: int
    #: The names of variables and attributes in the arguments.
    names: FrozenSet[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether the object that was called could be found."""
        return self.called is not _MISSING


def calls_of(entry: Optional[TracebackType]) -> List[Call]:
    """Return the calls in the statement of an entry of a traceback, outermost first.

    What was called is looked up in the frame without running any code: a name, or attributes of one.
    """
    statement = statement_of(entry)
    if entry is None or statement is None or isinstance(statement.node, (ast.ClassDef, ast.FunctionDef)):
        return []
    found = []
    for node in ast.walk(statement.node):
        if isinstance(node, ast.Call):
            plain = [one for one in node.args if not isinstance(one, ast.Starred)]
            name = _dotted(node.func)
            number = len(plain) + len(node.keywords)
            found.append(Call(name, _look_up(entry.tb_frame, name), number, _names_in(node)))
    return found


def _names_in(call: ast.Call) -> FrozenSet[str]:
    """Return the names of variables and attributes in the arguments of a call."""
    arguments = [*call.args, *[keyword.value for keyword in call.keywords]]
    nodes = [node for argument in arguments for node in ast.walk(argument)]
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(named | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def _dotted(node: ast.AST) -> str:
    names: List[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *names]) if isinstance(node, ast.Name) else ""


def _look_up(frame: FrameType, path: str) -> Any:
    first, *rest = path.split(".")
    value: Any = frame.f_locals.get(first, frame.f_globals.get(first, _MISSING))
    for name in rest:
        if value is _MISSING:
            break
        value = inspect.getattr_static(value, name, _MISSING)
    return value
