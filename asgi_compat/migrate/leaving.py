"""What is left alone: code that is marked so, and code for both generations."""

from __future__ import annotations

import ast
from typing import Dict

from .module import DEFS, Module, dotted
from .vocabulary import APPLICATIONS, may_name_both_generations, names_both_generations


class Leaving:
    """Answers for one module what stays as it is."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._left: Dict[ast.AST, bool] = {}
        #: Nothing is left in most modules: their text has no mark and no such name.
        self._is_possible = bool(module.source.leave) or may_name_both_generations(module.source.text)

    def is_left(self, node: ast.AST) -> bool:
        """Return whether a node stands in code that stays as it is: marked so, or for both generations."""
        if not self._is_possible:
            return False
        chain = [node, *self.module.ancestors(node)]
        return any(self._leaves(item) for item in chain if isinstance(item, (ast.stmt, ast.Module)))

    def _leaves(self, node: ast.AST) -> bool:
        if node not in self._left:
            self._left[node] = self._is_marked(node) or (
                isinstance(self.module.parents.get(node), ast.Module)
                and isinstance(node, (*DEFS, ast.ClassDef))
                and names_both_generations(self._code_of(node))
            )
        return self._left[node]

    def _code_of(self, node: ast.AST) -> str:
        asked = " ".join(
            f"{dotted(item.func)}("
            for item in ast.walk(node)
            if isinstance(item, ast.Call) and item.args and _asks_about_application(item)
        )
        return asked + " ".join(
            name
            for item in ast.walk(node)
            for name in (getattr(item, "id", None), getattr(item, "attr", None), getattr(item, "name", None))
            if isinstance(name, str)
        )

    def _is_marked(self, node: ast.AST) -> bool:
        marks = self.module.source.leave
        if not marks:
            return False
        if isinstance(node, ast.Module):
            first = node.body[0].lineno if node.body else 1
            return any(line < first for line in marks) and min(marks) < first
        last = node.lineno if isinstance(node, (*DEFS, ast.ClassDef)) else node.end_lineno  # type: ignore[attr-defined]
        if isinstance(node, (*DEFS, ast.ClassDef)) and node.body:
            last = max(node.lineno, node.body[0].lineno - 1)
        return any(node.lineno <= line <= (last or 0) for line in marks)  # type: ignore[attr-defined]


def _asks_about_application(call: ast.Call) -> bool:
    """Return whether a call looks at what kind of callable an application is."""
    if dotted(call.func).rpartition(".")[2] not in ("iscoroutinefunction", "signature", "getfullargspec"):
        return False
    names = dotted(call.args[0]).split(".")
    return any(name in APPLICATIONS or name.endswith("app") for name in names)
