"""Which calls make an instance of an application, and which of their arguments is the scope."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Dict, Optional, Set

from .consumers import is_consumer
from .definitions import Definitions
from .module import Module, dotted, is_method, parameters
from .scopes import is_scope
from .vocabulary import APPLICATIONS, INSIDE, is_pair

if TYPE_CHECKING:
    from .project import Project
    from .recognition import OuterHalf

#: A call whose argument is a scope and whose callee is one of these makes no instance.
_NOT_APPS = frozenset(
    [
        "dict",
        "copy",
        "deepcopy",
        "Request",
        "WebSocket",
        "HTTPConnection",
        "URL",
        "Headers",
        "print",
        "str",
        "repr",
        "len",
    ]
)


class Callees(Definitions):
    """The applications of one module, as far as they are known, and of the files around it."""

    def __init__(self, module: Module, project: Optional[Project] = None) -> None:
        super().__init__(module)
        self.project = project
        #: Classes that become functions, and the names that they have behind them.
        self.entries: Dict[ast.ClassDef, str] = {}
        self.outers: Dict[ast.AST, OuterHalf] = {}
        self._single_makers: Optional[Set[ast.AST]] = None

    def is_entry_elsewhere(self, name: str) -> Optional[bool]:
        """Return whether a class becomes an application in its own file, None if that cannot be told."""
        return self.project.is_entry(name) if self.project is not None else None

    def scope_argument(self, call: ast.Call) -> Optional[ast.expr]:
        """Return the scope among the arguments of a call of an application."""
        target = self.callee(call)
        outer = self.outers.get(target) if target is not None else None
        if outer is not None:
            return self._argument_of(call, outer)
        if len(call.args) + len(call.keywords) != 1:
            return None
        values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "scope")]
        if not values or isinstance(values[0], ast.Starred):
            return None
        is_one = is_scope(self.module, values[0]) or self._is_changed_scope(call, values[0])
        return values[0] if is_one else None

    def _is_changed_scope(self, call: ast.Call, node: ast.expr) -> bool:
        """Return whether ``self.app(change(scope))`` gives an application what is made of a scope."""
        owner, _, name = dotted(call.func).rpartition(".")
        if owner not in ("", "self") or name not in INSIDE or not isinstance(node, ast.Call):
            return False
        made_by = dotted(node.func).rpartition(".")[2]
        is_function = made_by[:1].islower() and made_by not in APPLICATIONS and made_by not in _NOT_APPS
        known = self.callee(node) in self.outers
        return is_function and not known and any(is_scope(self.module, item) for item in node.args)

    def _argument_of(self, call: ast.Call, outer: OuterHalf) -> Optional[ast.expr]:
        """Return the argument that an outer half of this module gets as its scope."""
        names = [parameter.arg for parameter in parameters(self.module, outer.function)]
        at = names.index(outer.scope.arg) + self._is_given_self(call.func, outer.function)
        if at < len(call.args) and not any(isinstance(item, ast.Starred) for item in call.args[: at + 1]):
            return call.args[at]
        return next((k.value for k in call.keywords if k.arg == outer.scope.arg), None)

    def _is_given_self(self, callee: ast.expr, function: ast.AST) -> bool:
        """Return whether a method is called by the name of its class, with the object before the scope."""
        decorators = [dotted(node) for node in getattr(function, "decorator_list", ())]
        is_plain = is_method(self.module, function) and "classmethod" not in decorators
        return is_plain and self.named_class(callee) is not None

    def application(self, call: ast.expr) -> str:
        """Return how sure it is that a call makes an instance of an application: "known", "likely", ""."""
        if not isinstance(call, ast.Call) or self.scope_argument(call) is None:
            return ""
        if is_consumer(self.module, call.func):
            return "known"
        target = self.callee(call)
        if target is not None:
            if target in self.outers or target in self.entries:
                return "known"
            return "likely" if _is_made_double(target) else ""
        name = dotted(call.func)
        if name.rpartition(".")[2] in _NOT_APPS:
            return ""
        imported = self.imported_class(call.func)
        if imported:
            return "likely" if self._is_application_elsewhere(imported) else ""
        return "likely"

    def _is_application_elsewhere(self, name: str) -> bool:
        """Return whether a class of another file is an application: it is if this is not its only use."""
        if name.endswith(("Response", "Request", "WebSocket", "Connection")):
            return False
        return self.is_entry_elsewhere(name) is True

    def makes_single(self, function: ast.AST) -> bool:
        """Return whether what a function of this module returns is called with scope, receive and send."""
        if self._single_makers is None:
            called = [n.func for n in self.module.nodes if isinstance(n, ast.Call) and len(n.args) == 3]
            made = [self.module.value(f.id, f) if isinstance(f, ast.Name) else f for f in called]
            found = [self.callee(value) for value in made if isinstance(value, ast.Call)]
            self._single_makers = {target for target in found if target is not None}
        return function in self._single_makers


def _is_made_double(function: ast.AST) -> bool:
    """Return whether a function takes three arguments, and has a decorator that may make it double."""
    if not isinstance(function, ast.AsyncFunctionDef) or not function.decorator_list:
        return False
    return is_pair([argument.arg for argument in function.args.args[-2:]])
