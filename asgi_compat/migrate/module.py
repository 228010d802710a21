"""One module: who stands in whom, and what a name is bound to."""

from __future__ import annotations

import ast
from typing import Dict, Iterator, List, Optional, Sequence, Tuple, Union

from .source import Source

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)


class Module:
    """A syntax tree with its parents and a table of names for each scope."""

    def __init__(self, source: Source, path: str = "<source>") -> None:
        self.source = source
        self.tree: ast.Module = source.tree
        self.path = path
        self.parents: Dict[ast.AST, ast.AST] = {}
        self.nodes: List[ast.AST] = []
        #: What each scope binds: the definition, the import, the parameter, or the value that is assigned.
        self.tables: Dict[ast.AST, Dict[str, List[ast.AST]]] = {}
        #: Where each name is read.
        self.reads: Dict[str, List[ast.Name]] = {}
        self._look(self.tree)
        self._global: Dict[ast.AST, Dict[str, bool]] = {}
        for node in self.nodes:
            self._note(node)

    def _look(self, tree: ast.AST) -> None:
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            self.nodes.append(node)
            for child in ast.iter_child_nodes(node):
                if not isinstance(
                    child, (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
                ):
                    self.parents[child] = node
                    waiting.append(child)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.reads.setdefault(node.id, []).append(node)
            else:
                self._bind(node, node.id, self._value_of(node))
        elif isinstance(node, (*DEFS, ast.ClassDef)):
            self._bind(node, node.name, node)
        elif isinstance(node, ast.arg):
            self._bind(node, node.arg, node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self._bind(node, (alias.asname or alias.name).split(".")[0], alias)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._bind(node, node.name, node)

    def _bind(self, node: ast.AST, name: str, value: ast.AST) -> None:
        self.tables.setdefault(self.scope_of(node), {}).setdefault(name, []).append(value)

    def _value_of(self, name: ast.Name) -> ast.AST:
        parent = self.parents[name]
        if isinstance(parent, ast.Assign) and name in parent.targets:
            return parent.value
        if isinstance(parent, ast.AnnAssign) and parent.value is not None:
            return parent.value
        return name

    def scope_of(self, node: ast.AST) -> ast.AST:
        """Return the function, class or module in whose names a node stands."""
        parent = self.parents.get(node, self.tree)
        while not isinstance(parent, _SCOPES):
            parent = self.parents[parent]
        return parent

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, the innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Optional[Function]:
        """Return the function in which a node stands."""
        return next((a for a in self.ancestors(node) if isinstance(a, FUNCTIONS)), None)

    def class_of(self, node: ast.AST) -> Optional[ast.ClassDef]:
        """Return the class in which a node stands, also deep in a method of it."""
        return next((a for a in self.ancestors(node) if isinstance(a, ast.ClassDef)), None)

    def method_of(self, node: ast.AST) -> Optional[ast.AST]:
        """Return the method of a class in which a node stands."""
        before = node
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, ast.ClassDef):
                return before
            before = ancestor
        return None

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def bound(self, name: str, where: ast.AST) -> Tuple[Optional[ast.AST], Sequence[ast.AST]]:
        """Return the scope that binds a name as it is seen from a node, and what it is bound to."""
        scope = where if isinstance(where, _SCOPES) else self.scope_of(where)
        first = True
        while True:
            table = self.tables.get(scope, {})
            if name in table and (first or not isinstance(scope, ast.ClassDef)):
                return scope, table[name]
            if scope is self.tree:
                return None, ()
            first = False
            scope = self.scope_of(scope)

    def value(self, name: str, where: ast.AST) -> Optional[ast.AST]:
        """Return the only thing that a name is bound to."""
        _, values = self.bound(name, where)
        return values[0] if len(values) == 1 else None

    def imported(self, node: ast.AST) -> str:
        """Return the full name of what an expression refers to when it was imported, or ``""``.

        ``functools.partial`` for ``partial`` after ``from functools import partial``.
        """
        if isinstance(node, ast.Attribute):
            head = self.imported(node.value)
            return f"{head}.{node.attr}" if head else ""
        if not isinstance(node, ast.Name):
            return ""
        alias = self.value(node.id, node)
        if not isinstance(alias, ast.alias):
            return ""
        parent = self.parents[alias]
        if isinstance(parent, ast.ImportFrom):
            return "." * parent.level + f"{parent.module or ''}.{alias.name}"
        return alias.name if alias.asname else alias.name.split(".")[0]

    def inside(self, node: ast.AST, container: ast.AST) -> bool:
        """Return whether a node stands in another one."""
        line, last = getattr(node, "lineno", None), getattr(container, "end_lineno", None)
        if line is not None and last is not None and not self._first_line(container) <= line <= last:
            return False  # most questions are about functions far away
        return node is container or any(ancestor is container for ancestor in self.ancestors(node))

    def _first_line(self, node: ast.AST) -> int:
        decorators = getattr(node, "decorator_list", ())
        first: int = decorators[0].lineno if decorators else node.lineno  # type: ignore[attr-defined]
        return first

    def own(self, function: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes of a function, those of functions and classes inside it left out."""
        body = function.body if not isinstance(function, ast.Lambda) else [function.body]  # type: ignore[attr-defined]
        waiting: List[ast.AST] = list(body)
        while waiting:
            node = waiting.pop()
            yield node
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                waiting.extend(ast.iter_child_nodes(node))


def dotted(node: ast.AST) -> str:
    """Return ``self.scope`` for such an expression, and ``""`` for one that is not made of names.

    >>> dotted(ast.parse("a.b.c", mode="eval").body)
    'a.b.c'
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def positional(function: Function) -> List[ast.arg]:
    """Return the parameters that take positional arguments, ``self`` included."""
    return [*getattr(function.args, "posonlyargs", []), *function.args.args]


def required(function: Function) -> List[ast.arg]:
    """Return the positional parameters without a default."""
    parameters = positional(function)
    return parameters[: len(parameters) - len(function.args.defaults)]


def is_method(module: Module, function: ast.AST) -> bool:
    """Return whether a function is a method that takes ``self`` or ``cls``."""
    if not isinstance(module.parents.get(function), ast.ClassDef):
        return False
    decorators = getattr(function, "decorator_list", [])
    return not any(isinstance(node, ast.Name) and node.id == "staticmethod" for node in decorators)


def parameters(module: Module, function: Function) -> List[ast.arg]:
    """Return the positional parameters after ``self``."""
    return positional(function)[1:] if is_method(module, function) else positional(function)


def required_parameters(module: Module, function: Function) -> List[ast.arg]:
    """Return the positional parameters after ``self`` that have no default."""
    return required(function)[1:] if is_method(module, function) else required(function)


def returns(module: Module, function: Function) -> List[ast.Return]:
    """Return the ``return`` statements of a function."""
    return [node for node in module.own(function) if isinstance(node, ast.Return)]
