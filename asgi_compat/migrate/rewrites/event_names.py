"""Events and fields under their names of 2017 and 2018, by the rows of the table."""

from __future__ import annotations

import ast
from typing import Dict, List, Optional, Set, Tuple

from asgi_compat import TABLE, rules

from ..analysis import Analysis
from ..module import FUNCTIONS, dotted
from ..registry import register, step
from ..source import Edit
from .event_shapes import is_sent, text_in, text_of, type_of

ROW = register(
    "event-names",
    "events and fields of 2017 and 2018 get their current names",
    """\
def app(scope):
    async def instance(receive, send):
        event = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.content", "content": event["content"]})
    return instance
""",
    """\
async def app(scope, receive, send):
    event = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": event["body"]})
""",
)
#: Earlier types, and what they are now.
RENAMED: Dict[str, str] = {rename.was: rename.type for rule in rules() for rename in rule.renames}
SPLIT: Dict[str, Tuple[str, str]] = {split.was: split.becomes for rule in rules() for split in rule.splits}
#: Earlier names of fields by type.
FIELDS: Dict[str, Dict[str, str]] = {}
for _field in TABLE.fields:
    for _was in _field.was:
        FIELDS.setdefault(_field.type, {})[_was] = _field.name
#: Names that are those of other events, too: only what an application sends is renamed.
_CURRENT = {row.type for row in TABLE.fields}
_RECEIVED: Dict[str, str] = {was: now for names in FIELDS.values() for was, now in names.items()}


@step(9)
def rewrite(analysis: Analysis) -> None:
    """Rename events and fields."""
    if ROW.name not in analysis.rules or not analysis.is_asgi:
        return
    texts = {
        node.value
        for node in analysis.module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    done: Set[ast.AST] = set()
    for node in analysis.module.nodes:
        if isinstance(node, ast.Dict) and not analysis.is_left(node):
            _rename_event(analysis, node, texts, done)
    for node in analysis.module.nodes:
        if isinstance(node, ast.Constant) and node not in done and not analysis.is_left(node):
            _rename_name(analysis, node, texts)


def _rename_event(analysis: Analysis, node: ast.Dict, texts: Set[str], done: Set[ast.AST]) -> None:
    kind = type_of(node)
    name = kind.value if kind is not None else None
    if kind is None or not isinstance(name, str):
        return
    if name in SPLIT and is_sent(analysis, node):
        _split(analysis, node, name)
        done.update(item for item in ast.walk(node))
        return
    new = RENAMED.get(name, name)
    if name in _CURRENT and not is_sent(analysis, node):
        new = name
    if new != name:
        if name.startswith("lifespan") and _is_for_both(name, texts):
            return
        _replace(analysis, kind, new)
        done.add(kind)
    _rename_fields(analysis, node, new, done)


def _rename_fields(analysis: Analysis, node: ast.Dict, kind: str, done: Set[ast.AST]) -> None:
    present = {text_in(key) for key in node.keys}
    for key in node.keys:
        field = FIELDS.get(kind, {}).get(text_in(key))
        if isinstance(key, ast.Constant) and field and field not in present:
            _replace(analysis, key, field)
            done.add(key)


def _is_for_both(name: str, texts: Set[str]) -> bool:
    """Return whether a file knows the current name of a lifespan event, too."""
    return RENAMED["lifespan.cleanup"] in texts and name in RENAMED


def _replace(analysis: Analysis, node: ast.Constant, new: str) -> None:
    source = analysis.module.source
    text = source.segment(node)
    if str(node.value) not in text:
        return  # written in parts
    if any(isinstance(outer, ast.JoinedStr) for outer in analysis.module.ancestors(node)):
        return
    analysis.edit(ROW.name, Edit(source.start(node), source.end(node), text.replace(str(node.value), new)))


def _rename_name(analysis: Analysis, node: ast.Constant, texts: Set[str]) -> None:
    """Rename a type that is compared with, and a field that is read from what was received."""
    if not isinstance(node.value, str):
        return
    new = RENAMED.get(node.value)
    if new is not None and node.value not in _CURRENT and new not in texts and _is_compared(analysis, node):
        _replace(analysis, node, new)
    elif node.value in _RECEIVED and _is_read_from_event(analysis, node):
        _replace(analysis, node, _RECEIVED[node.value])


def _is_compared(analysis: Analysis, node: ast.AST) -> bool:
    parent = analysis.module.parents[node]
    if isinstance(parent, (ast.Tuple, ast.List, ast.Set)):
        parent = analysis.module.parents[parent]
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    return isinstance(parent, (ast.Compare, ast.Assign)) or type(parent).__name__ == "MatchValue"


def _is_read_from_event(analysis: Analysis, node: ast.Constant) -> bool:
    parent = analysis.module.parents[node]
    if type(parent).__name__ == "Index":  # Python 3.8
        parent = analysis.module.parents[parent]
    read: Optional[ast.expr] = None
    if isinstance(parent, ast.Subscript):
        read = parent.value
    elif (
        isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get"
    ):
        read = parent.func.value if parent.args[:1] == [node] else None
    elif isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        read = parent.comparators[0]
    return read is not None and _is_event(analysis, read)


def _is_event(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether an expression is what `receive` gave."""
    if isinstance(node, ast.Await):
        return isinstance(node.value, ast.Call) and "receive" in dotted(node.value.func)
    if not isinstance(node, ast.Name):
        return False
    return _comes_from_receive(analysis, node)


def _comes_from_receive(analysis: Analysis, node: ast.Name) -> bool:
    _, values = analysis.module.bound(node.id, node)
    awaited = [
        value for value in values if isinstance(value, ast.Await) and isinstance(value.value, ast.Call)
    ]
    function = analysis.module.function_of(node)
    first = [argument.arg for argument in function.args.args] if isinstance(function, FUNCTIONS) else []
    for value in awaited:
        call = value.value
        assert isinstance(call, ast.Call)
        name = dotted(call.func)
        if "receive" in name or (name in first) or not call.args:
            return True
    return False


def _split(analysis: Analysis, node: ast.Dict, name: str) -> None:
    """Make two events of one that is sent in a statement of its own."""
    source, call = analysis.module.source, analysis.module.parents[node]
    statement = analysis.module.statement_of(node)
    value = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(value, ast.Await) or value.value is not call:
        return
    if None in node.keys or "#" in source.segment(node):
        return
    send = source.segment(call.func)
    lines = [f"await {send}({{{', '.join(fields)}}})" for fields in _parts(analysis, node, *SPLIT[name])]
    between = f"{source.newline}{source.indent(statement)}" if source.is_first_on_line(statement) else "; "
    analysis.edit(ROW.name, Edit(source.start(statement), source.end(statement), between.join(lines)))


def _parts(analysis: Analysis, node: ast.Dict, start: str, body: str) -> List[List[str]]:
    """Return the items of both events, as they are written."""
    parts: Dict[str, List[str]] = {kind: [f'"type": "{kind}"'] for kind in (start, body)}
    known = {*FIELDS.get(body, {}), *FIELDS.get(body, {}).values()}
    for key, value in zip(node.keys, node.values):
        field = text_in(key)
        if field and field != "type":
            kind = body if field in known else start
            new = FIELDS.get(kind, {}).get(field, field)
            parts[kind].append(f'"{new}": {text_of(analysis, kind, new, value)}')
    return list(parts.values())
