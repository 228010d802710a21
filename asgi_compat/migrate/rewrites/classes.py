"""A class that is an application: an instance for each connection, behind a function of its name."""

from __future__ import annotations

import ast
from typing import Dict, List, Optional

from ..analysis import Analysis
from ..class_checks import check_class, check_in_class, stands_in_class
from ..instance_classes import HelperClass
from ..module import DEFS, dotted
from ..registry import Refusal, register, step
from ..source import Edit

ROW = register(
    "classes",
    "a class stays, with one instance for each connection, behind a function of its name",
    """\
class App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})
""",
    """\
class _App:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})


async def App(scope, receive, send):
    await _App(scope)(receive, send)
""",
)
_TYPE_TESTS = ("isinstance", "issubclass", "type", "hasattr", "getattr", "setattr", "super")


def uses(analysis: Analysis, node: ast.ClassDef) -> Dict[str, List[ast.AST]]:
    """Return the places that name a class, by what they do with it."""
    found: Dict[str, List[ast.AST]] = {}
    for name in analysis.module.reads.get(node.name, []):
        if analysis.module.value(node.name, name) is node and not _is_own_name(analysis, name, node):
            found.setdefault(_use(analysis, name), []).append(name)
    for name in analysis.module.reads.get("cls", []):
        if analysis.definition(name) is node and _use(analysis, name) == "call":
            found.setdefault("call", []).append(name)
    return found


def _is_own_name(analysis: Analysis, name: ast.Name, node: ast.ClassDef) -> bool:
    parent = analysis.module.parents[name]
    return (
        isinstance(parent, ast.Call) and dotted(parent.func) == "super" and analysis.module.inside(name, node)
    )


def _use(analysis: Analysis, name: ast.Name) -> str:
    parents = analysis.module.parents
    parent = parents[name]
    if isinstance(parent, ast.Subscript) and parent.value is name:
        return _use_with_types(analysis, parent)
    if isinstance(parent, ast.Call):
        return _use_in_call(parent, name)
    if isinstance(parent, ast.ClassDef):
        return "base" if name in parent.bases else "value"
    if isinstance(parent, (ast.Attribute, ast.Compare, ast.ExceptHandler)):
        return "class"
    if isinstance(parent, ast.Assign) and isinstance(parents[parent], ast.ClassDef):
        return "attribute"
    if isinstance(parent, ast.Tuple) and isinstance(parents[parent], ast.Call):
        return _use_in_call(parents[parent], name)
    return "annotation" if _is_annotation(analysis, name) else "value"


def _use_with_types(analysis: Analysis, node: ast.Subscript) -> str:
    """Return what is done with a class that has types in brackets: ``Base[int]``."""
    if node in getattr(analysis.module.parents[node], "bases", ()):
        return "base"
    return "annotation" if _is_annotation(analysis, node) else "class"


def _use_in_call(call: ast.AST, name: ast.Name) -> str:
    assert isinstance(call, ast.Call)
    if call.func is name:
        return "call"
    return "class" if dotted(call.func) in _TYPE_TESTS else "value"


def _is_annotation(analysis: Analysis, node: ast.AST) -> bool:
    inner = node
    for outer in analysis.module.ancestors(node):
        if isinstance(outer, (ast.arg, ast.AnnAssign)) and outer.annotation is inner:
            return True
        if isinstance(outer, DEFS) and outer.returns is inner:
            return True
        inner = outer
    return False


def choose(analysis: Analysis) -> None:
    """Find the classes that are applications, and not only made for a connection by others."""
    for node, helper in analysis.helpers.items():
        if not helper.is_application or ROW.name not in analysis.rules or stands_in_class(analysis, node):
            continue
        used = uses(analysis, node)
        elsewhere = analysis.project.uses(analysis.module.path, node.name) if analysis.project else {}
        if _is_entry(analysis, used, elsewhere) or _is_complete_base(analysis, node, used, elsewhere):
            analysis.entries[node] = _inner_name(analysis, node)


def _is_entry(analysis: Analysis, used: Dict[str, List[ast.AST]], elsewhere: Dict[str, int]) -> bool:
    if used.get("attribute"):
        return False  # a function there would become a method
    if used.get("value") or elsewhere.get("value"):
        return True
    if any(_is_made_by_another(analysis, call) for call in used.get("call", [])) or elsewhere.get("call"):
        return False
    if used.get("base") or elsewhere.get("base"):
        return bool(used.get("class"))
    return True


def _is_complete_base(
    analysis: Analysis, node: ast.ClassDef, used: Dict[str, List[ast.AST]], elsewhere: Dict[str, int]
) -> bool:
    """Return whether a base class of this file, and nothing else, could be an application by itself."""
    if set(used) - {"base", "annotation"} or elsewhere or not used.get("base"):
        return False
    if any(_is_unfinished(item) for item in ast.walk(node)):
        return False
    stored = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    return all(name in stored or analysis.member(node, name) is not None for name in _called_of_self(node))


def _is_unfinished(item: ast.AST) -> bool:
    """Return whether a part of a base class leaves something to its subclasses."""
    name = dotted(item).rpartition(".")[2] if isinstance(item, (ast.Name, ast.Attribute)) else ""
    return name in ("NotImplementedError", "getattr", "abstractmethod")


def _called_of_self(node: ast.ClassDef) -> List[str]:
    functions = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return [f.attr for f in functions if isinstance(f, ast.Attribute) and dotted(f.value) == "self"]


def _is_made_by_another(analysis: Analysis, call: ast.AST) -> bool:
    """Return whether a call stands where an outer half, or a single-callable, makes an instance."""
    if isinstance(analysis.module.function_of(call), (ast.FunctionDef, ast.Lambda)):
        return True
    for function in analysis.module.ancestors(call):
        if isinstance(function, ast.AsyncFunctionDef):
            names = {argument.arg.strip("_") for argument in function.args.args}
            if {"receive", "send"} <= names:
                return True
    return False


def _inner_name(analysis: Analysis, node: ast.ClassDef) -> str:
    taken = {name for table in analysis.module.tables.values() for name in table} | set(analysis.module.reads)
    for name in (f"_{node.name.lstrip('_')}", f"__{node.name.lstrip('_')}", f"{node.name}Instance"):
        if name not in taken:
            return name
    raise Refusal(node, f"no name is free for what {node.name} makes for each connection")


@step(4)
def rewrite(analysis: Analysis) -> None:
    """Put a function in the place of each class that is an application."""
    if ROW.name in analysis.rules:
        for node in analysis.helpers:
            _refuse_base_of_other_files(analysis, node)
            check_in_class(analysis, node, uses(analysis, node))
    for node, inner in analysis.entries.items():
        helper = analysis.helpers[node]
        check_class(analysis, node, helper, uses(analysis, node))
        source = analysis.module.source
        start = source.text.index(node.name, source.start(node) + 5)
        end = source.line_end(node.end_lineno or node.lineno)
        analysis.edit(ROW.name, Edit(start, start + len(node.name), inner))
        analysis.edits.append(Edit(end, end, _function(analysis, node, helper, inner)))
        for name in _names_of_class(analysis, node):
            analysis.edits.append(Edit(source.start(name), source.end(name), inner))


def _refuse_base_of_other_files(analysis: Analysis, node: ast.ClassDef) -> None:
    """Refuse a class that takes a scope, and whose subclasses in other files are the applications."""
    if analysis.project is None or not analysis.helpers[node].is_application:
        return
    if analysis.project.uses(analysis.module.path, node.name).get("base"):
        raise Refusal(node, f"{node.name} is a base class, and another file has a subclass of it")


def _names_of_class(analysis: Analysis, node: ast.ClassDef) -> List[ast.AST]:
    """Return the places that mean the class and not the application: bases and its own ``super()``."""
    found = list(uses(analysis, node).get("base", []))
    for name in analysis.module.reads.get(node.name, []):
        if analysis.module.value(node.name, name) is node and _is_own_name(analysis, name, node):
            found.append(name)
    return found


def _function(analysis: Analysis, node: ast.ClassDef, helper: HelperClass, inner: str) -> str:
    source = analysis.module.source
    indent = source.indent(node)
    options = "**options" if _has_options(helper) else ""
    types = _types(analysis, helper)
    first = ", ".join(
        f"{name}{f': {kind}' if types else ''}"
        for name, kind in (("scope", "Scope"), ("receive", "Receive"), ("send", "Send"))
    )
    more = f", {options}" if options else ""
    lines = [
        f"{indent}async def {node.name}({first}{more}){' -> None' if types else ''}:",
        f"{indent}    await {inner}(scope{more})(receive, send)",
    ]
    blank = source.newline * (2 if indent else 3)
    following = "" if _is_followed_by_space(analysis, node) else source.newline * (1 if indent else 2)
    return blank + source.newline.join(lines) + following


def _is_followed_by_space(analysis: Analysis, node: ast.ClassDef) -> bool:
    source = analysis.module.source
    rest = source.text[source.line_end(node.end_lineno or node.lineno) :]
    return not rest.strip() or rest.startswith(source.newline * 2) or rest[len(source.newline) :][:1] in " \t"


def _has_options(helper: HelperClass) -> bool:
    constructor = helper.constructor
    if not isinstance(constructor, DEFS):
        return False
    arguments = constructor.args
    return bool(arguments.defaults or arguments.kwonlyargs or arguments.kwarg)


def _types(analysis: Analysis, helper: HelperClass) -> bool:
    constructor: Optional[object] = helper.constructor
    if not isinstance(constructor, DEFS) or not any(arg.annotation for arg in constructor.args.args):
        return False
    return all(analysis.module.bound(name, analysis.module.tree)[1] for name in ("Scope", "Receive", "Send"))
