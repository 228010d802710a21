"""One module while it is rewritten: what it defines, and the edits so far."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Dict, FrozenSet, List, Optional, Set, Tuple

from .callees import Callees
from .instance_classes import HelperClass, read_class
from .leaving import Leaving
from .module import Module
from .recognition import outer_half
from .source import Edit
from .vocabulary import speaks_asgi

if TYPE_CHECKING:
    from .project import Project


class Analysis(Callees):
    """One module while it is rewritten."""

    def __init__(self, module: Module, rules: FrozenSet[str], project: Optional[Project] = None) -> None:
        super().__init__(module, project)
        self.rules = rules
        self.edits: List[Edit] = []
        self.used: Dict[str, int] = {}
        self.warnings: List[Tuple[int, str]] = []
        #: Calls that some rewrite has taken care of.
        self.consumed: Set[ast.AST] = set()
        self.imports: Dict[str, str] = {}
        self.is_asgi: bool = speaks_asgi(module.source.text)
        self.helpers: Dict[ast.ClassDef, HelperClass] = {}
        #: Adapters, which stay: functions that take a scope and call a single-callable.
        self.adapters: Set[ast.AST] = set()
        #: Calls in adapters of the other direction: a double-callable that they are given, with the scope.
        self.adapted: Set[ast.AST] = set()
        self._leaving = Leaving(module)
        #: Outer halves that are single-callables now.
        self.converted: Set[Optional[ast.AST]] = set()

    def is_left(self, node: ast.AST) -> bool:
        """Return whether a node stands in code that stays as it is: marked so, or for both generations."""
        return self._leaving.is_left(node)

    def edit(self, rule: str, *edits: Edit) -> None:
        """Add edits of one rewrite."""
        self.edits.extend(edits)
        self.used[rule] = self.used.get(rule, 0) + 1

    def warn(self, node: ast.AST, text: str) -> None:
        """Note what a person should look at."""
        self.warnings.append((getattr(node, "lineno", 1), text))

    def find_classes(self) -> None:
        """Find the classes whose instances take receive and send."""
        for node in self.module.nodes:
            if isinstance(node, ast.ClassDef) and self.is_asgi:
                found = read_class(self, node)
                if found is not None and not self.is_left(node):
                    self.helpers[node] = found

    def find_outer_halves(self) -> None:
        """Find outer halves, until nothing more is found."""
        candidates = [node for node in self.module.nodes if isinstance(node, (ast.FunctionDef, ast.Lambda))]
        size = -1
        while size != len(self.outers):
            size = len(self.outers)
            for function in candidates:
                if function not in self.outers:
                    outer = outer_half(self, function)
                    if outer is not None:
                        self.outers[function] = outer
        for outer in list(self.outers.values()):  # what was found later may explain what is returned
            again = outer_half(self, outer.function)
            if again is not None:
                self.outers[outer.function] = again
