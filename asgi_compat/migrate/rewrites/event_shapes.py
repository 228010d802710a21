"""Values of events in their shapes of 2017 and 2018, where they are written out."""

from __future__ import annotations

import ast
import re
from typing import Callable, Dict, Iterator, List, Optional

from asgi_compat import TABLE

from ..analysis import Analysis
from ..module import FUNCTIONS, dotted
from ..registry import register, step
from ..source import Edit, Source, apply_edits

ROW = register(
    "event-shapes",
    "a status becomes an int, and headers a list of pairs of bytes, where they are written out",
    """\
def app(scope):
    async def instance(receive, send):
        headers = {"Content-Type": "text/plain", "Content-Length": str(len("hello"))}
        await send({"type": "http.response.start", "status": "200", "headers": headers})
        await send({"type": "http.response.body", "body": b"hello"})
    return instance
""",
    """\
async def app(scope, receive, send):
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len("hello")).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})
""",
)
#: A text of one part, without a prefix that changes its meaning and without an escape.
_PLAIN = re.compile(r"""[uU]?(?P<quote>'{3}|"{3}|'|")(?P<text>[^\\'"]*)(?P=quote)""")


def _headers(source: Source, node: ast.expr) -> Optional[List[Edit]]:
    """Return the edits that make headers a list of pairs of bytes (A24), None where a part is not known."""
    if isinstance(node, ast.Dict):
        return _mapping(source, node)
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    edits: List[Edit] = []
    for pair in node.elts:
        if not isinstance(pair, (ast.List, ast.Tuple)) or len(pair.elts) != 2:
            return None
        for made in (_name(source, pair.elts[0]), _value(source, pair.elts[1])):
            if made is None:
                return None
            edits += made
    return edits


def _mapping(source: Source, node: ast.Dict) -> Optional[List[Edit]]:
    edits = [
        Edit(source.start(node), source.start(node) + 1, "["),
        Edit(source.end(node) - 1, source.end(node), "]"),
    ]
    for key, value in zip(node.keys, node.values):
        if key is None or not re.fullmatch(r"\s*:\s*", source.text[source.end(key) : source.start(value)]):
            return None  # another mapping, or brackets around a part
        name, made = _name(source, key), _value(source, value)
        if name is None or made is None:
            return None
        edits += [Edit(source.start(key), source.start(key), "("), *name]
        edits += [Edit(source.end(key), source.start(value), ", "), *made]
        edits.append(Edit(source.end(value), source.end(value), ")"))
    return edits


def _name(source: Source, node: ast.expr) -> Optional[List[Edit]]:
    """Return the edits that make the name of a header bytes in lower case."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return [] if _is_bytes(node) else None
    found = _PLAIN.fullmatch(source.segment(node))
    if found is None or not found["text"].isascii():
        return None
    text = f"b{found['quote']}{found['text'].lower()}{found['quote']}"
    return [Edit(source.start(node), source.end(node), text)]


def _value(source: Source, node: ast.expr) -> Optional[List[Edit]]:
    """Return the edits that make the value of a header bytes, None for text that may not be ASCII."""
    start, end = source.start(node), source.end(node)
    if _is_bytes(node):
        return []
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return [Edit(start, end, f'b"{node.value}"')]
    if _is_number_as_text(node):
        return [Edit(end, end, ".encode()")]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or not node.value.isascii():
        return None
    found = _PLAIN.fullmatch(source.segment(node))
    if found is None:
        return [Edit(end, end, ".encode()")]  # of several parts, or with an escape
    return [Edit(start, end, f"b{found['quote']}{found['text']}{found['quote']}")]


def _is_number_as_text(node: ast.expr) -> bool:
    """Return whether an expression is ``str(len(...))``, the usual value of content-length."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "str" or len(node.args) != 1:
        return False
    counted = node.args[0]
    return isinstance(counted, ast.Call) and dotted(counted.func) == "len"


def _is_bytes(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "encode"
    return isinstance(node, ast.Constant) and isinstance(node.value, bytes)


def _status(source: Source, node: ast.expr) -> Optional[List[Edit]]:
    """Return the edit that makes a status an int (A23)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isdecimal():
        return [Edit(source.start(node), source.end(node), str(int(node.value)))]
    return None


def _holds_text(node: ast.expr) -> bool:
    """Return whether text is written out in a value, where ASGI takes bytes or a number."""
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in _parts(node))


def _parts(node: ast.expr) -> Iterator[Optional[ast.expr]]:
    """Yield the values that a literal is made of."""
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _parts(item)
    elif isinstance(node, ast.Dict):
        yield from (*node.keys, *node.values)
    else:
        yield node


_LEFT = "an ASGI3 server takes bytes here, and a number for a status: change the text that is left"
#: What makes the current shape of a field of an event.
_MAKERS: Dict[str, Callable[[Source, ast.expr], Optional[List[Edit]]]] = {
    "headers": _headers,
    "status": _status,
}
SHAPES = {(row.type, row.name) for row in TABLE.fields if row.sender == "application" and row.name in _MAKERS}


@step(13)
def rewrite(analysis: Analysis) -> None:
    """Change the values of events that are sent."""
    if not analysis.is_asgi:
        return
    for node in analysis.module.nodes:
        if isinstance(node, ast.Dict) and is_sent(analysis, node):
            kind = text_in(type_of(node))
            for key, value in zip(node.keys, node.values):
                field = text_in(key)
                edits = edits_of(analysis, kind, field, value)
                if edits:
                    analysis.edit(ROW.name, *edits)
                elif analysis.used and (kind, field) in SHAPES and _holds_text(value):
                    analysis.warn(value, _LEFT)


def edits_of(analysis: Analysis, kind: str, field: str, value: ast.expr) -> List[Edit]:
    """Return the edits that give a field of an event its current shape, none where that is not sure."""
    if (kind, field) not in SHAPES or ROW.name not in analysis.rules:
        return []
    written = _assigned(analysis, value) if isinstance(value, ast.Name) else value
    module = analysis.module
    if written is None or analysis.is_left(written):
        return []
    if any(isinstance(outer, ast.JoinedStr) for outer in module.ancestors(written)):
        return []  # positions in it are wrong before Python 3.12
    return _MAKERS[field](module.source, written) or []


def text_of(analysis: Analysis, kind: str, field: str, value: ast.expr) -> str:
    """Return the text of a field in its current shape. What stands elsewhere is edited there."""
    source = analysis.module.source
    start, end = source.start(value), source.end(value)
    edits = edits_of(analysis, kind, field, value)
    inside = [edit for edit in edits if start <= edit.start and edit.end <= end]
    if edits:
        analysis.edit(ROW.name, *(edit for edit in edits if edit not in inside))
    moved = (Edit(edit.start - start, edit.end - start, edit.text) for edit in inside)
    return apply_edits(source.segment(value), moved)


def _assigned(analysis: Analysis, name: ast.Name) -> Optional[ast.expr]:
    """Return what a name stands for: assigned once in a function, and used nowhere else."""
    module = analysis.module
    scope, values = module.bound(name.id, name)
    if len(values) != 1 or not isinstance(scope, FUNCTIONS) or not isinstance(values[0], ast.expr):
        return None
    statement = module.parents[values[0]]
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    uses = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == name.id]
    return values[0] if len(uses) == len([name, *statement.targets]) else None


def text_in(node: Optional[ast.AST]) -> str:
    """Return the text that is written as a literal, ``""`` for anything else."""
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else ""


def type_of(node: ast.Dict) -> Optional[ast.Constant]:
    """Return the type that an event is written with."""
    for key, value in zip(node.keys, node.values):
        if text_in(key) == "type" and isinstance(value, ast.Constant):
            return value
    return None


def is_sent(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether an event is given to an application's own ``send``: a client has other methods."""
    parent = analysis.module.parents[node]
    if not isinstance(parent, ast.Call) or not isinstance(parent.func, ast.Name):
        return isinstance(parent, ast.Call) and dotted(parent.func) == "self.send"
    return parent.func.id.strip("_").endswith("send") or parent.func.id == "put"
