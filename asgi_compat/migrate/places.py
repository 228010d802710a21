"""Where in the text of a call something can be put."""

from __future__ import annotations

import ast
import re
from typing import List, Optional

from .module import Module
from .source import Edit, Source

_COMMENT_OR_BRACKET = re.compile(r"#[^\r\n]*|\)")


def end_in_brackets(source: Source, node: ast.expr, limit: int) -> int:
    """Return where an argument ends with the brackets around it, before ``limit``."""
    end = source.end(node)
    brackets = [
        match.end() for match in _COMMENT_OR_BRACKET.finditer(source.text, end, limit) if match.group() == ")"
    ]
    return brackets[-1] if brackets else end


def add_after(source: Source, call: ast.Call, argument: ast.expr, receive: str, send: str) -> List[Edit]:
    """Return the edits that give a call the two arguments behind the one that is the scope."""
    followers = [node for node in _arguments(call) if source.start(node) > source.start(argument)]
    limit = min([source.start(node) for node in followers], default=source.end(call) - 1)
    keyword = next((k for k in call.keywords if k.value is argument), None)
    if followers and (keyword is not None or not isinstance(followers[0], ast.expr)):
        limit = source.end(argument)
    at = end_in_brackets(source, argument, limit) if not followers else _end_before(source, argument, limit)
    text = f", receive={receive}, send={send}" if keyword is not None else f", {receive}, {send}"
    return [Edit(at, at, text)]


def _arguments(call: ast.Call) -> List[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _end_before(source: Source, node: ast.expr, limit: int) -> int:
    """Return where an argument ends with its brackets, before the comma that separates it from the next."""
    end = at = source.end(node)
    for match in re.finditer(r"#[^\r\n]*|\)|,", source.text[end:limit]):
        if match.group() == ",":
            break
        if match.group() == ")":
            at = end + match.end()
    return at


def call_of(source: Source, node: ast.expr, receive: str, send: str) -> List[Edit]:
    """Return the edits that call an expression with two arguments."""
    start, end = source.start(node), source.end(node)
    if isinstance(node, (ast.Lambda, ast.BoolOp, ast.IfExp, ast.BinOp, ast.Await)):
        return [Edit(start, start, "("), Edit(end, end, f")({receive}, {send})")]
    return [Edit(end, end, f"({receive}, {send})")]


def remove_statement(module: Module, node: ast.stmt) -> Edit:
    """Return the edit that removes a statement with its line, or leaves ``pass`` where it must."""
    source = module.source
    start, end = source.start(node), source.end(node)
    parent = module.parents[node]
    block = next((b for b in _blocks(parent) if any(item is node for item in b)), [node])
    last = source.line_end(node.end_lineno or node.lineno)
    rest = source.text[end:last].strip()
    if not source.is_first_on_line(node) or rest.startswith(";") or (rest and not rest.startswith("#")):
        return Edit(start, end, "pass")
    if len(block) == 1:
        return Edit(start, end, "pass")
    if rest.startswith("#"):  # a comment stays, on its line
        return Edit(start, end + len(source.text[end:last]) - len(source.text[end:last].lstrip()), "")
    begin = source.line_start(node.lineno)
    after = last + len(source.newline) if source.text.startswith(source.newline, last) else last
    return Edit(begin, after, "")


def _blocks(node: ast.AST) -> List[List[ast.stmt]]:
    found: List[List[ast.stmt]] = []
    for name in ("body", "orelse", "finalbody"):
        value: Optional[List[ast.stmt]] = getattr(node, name, None)
        if isinstance(value, list):
            found.append(value)
    return found
